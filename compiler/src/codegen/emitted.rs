//! The statements of one block, and the scopes of its variables: a scope that ends before the block
//! gets braces.

use std::rc::Rc;

use proc_macro2::TokenStream;

use crate::hir::LocalId;

/// The statements of a block so far, and which of its variables are in scope.
#[derive(Default)]
pub(super) struct Emitted {
    pub(super) parts: Vec<TokenStream>,
    declared: Vec<Declared>,
}

/// A variable of the block.
struct Declared {
    local: LocalId,
    /// The statement that declares it.
    index: usize,
    /// The declaration without a value, and the assignment of its value, if it can be split so.
    split: Option<(TokenStream, TokenStream)>,
    /// The variables of the pattern that declares it.
    pattern: Option<Rc<Pattern>>,
    /// If it was declared before the block: a statement that moves its value into the block.
    enter: Option<TokenStream>,
}

/// The declarations of all variables of a pattern, and the assignment of all values.
type Pattern = (Vec<(LocalId, TokenStream)>, TokenStream);

/// The declaration of one of the variables, and the assignment of all values, with the declarations
/// of those that are not open any more.
fn split_pattern(
    (bound, all): &Pattern,
    local: LocalId,
    open: &[LocalId],
) -> (TokenStream, TokenStream) {
    let declaration = |(_, declaration): &(LocalId, TokenStream)| declaration.clone();
    let own = bound.iter().filter(|(id, _)| *id == local).map(declaration).collect();
    let closed = bound.iter().filter(|(id, _)| !open.contains(id)).map(declaration);
    (own, closed.chain([all.clone()]).collect())
}

impl Emitted {
    pub(super) fn push(&mut self, tokens: TokenStream) {
        self.parts.push(tokens);
    }

    /// A variable without a value.
    pub(super) fn push_declaration(&mut self, local: LocalId, [name, ty]: [TokenStream; 2]) {
        let declaration = emit!(let mut #name #ty;);
        let split = Some((declaration.clone(), TokenStream::new()));
        self.declared.push(Declared { split, ..self.next(local) });
        self.push(declaration);
    }

    /// A variable that the pattern before the block declares.
    pub(super) fn declare_before(&mut self, local: LocalId, name: &TokenStream) {
        let enter = Some(emit!(let mut #name = #name;));
        self.declared.push(Declared { enter, ..self.next(local) });
    }

    /// A variable of the next statement.
    fn next(&self, local: LocalId) -> Declared {
        Declared { local, index: self.parts.len(), split: None, pattern: None, enter: None }
    }

    /// Variables that the next statement declares together: each with its declaration, and the
    /// assignment of all values.
    pub(super) fn declare_in_pattern(
        &mut self,
        bound: Vec<(LocalId, TokenStream)>,
        all: TokenStream,
    ) {
        let pattern = Rc::new((bound, all));
        for (local, _) in &pattern.0 {
            let pattern = Some(Rc::clone(&pattern));
            self.declared.push(Declared { pattern, ..self.next(*local) });
        }
    }

    /// A variable, whose type may be written after its name, with its value.
    pub(super) fn push_variable(
        &mut self,
        local: LocalId,
        variable: [TokenStream; 2],
        value: &TokenStream,
    ) {
        let [name, ty] = variable;
        let split = Some((emit!(let mut #name #ty;), emit!(#name = #value;)));
        self.declared.push(Declared { split, ..self.next(local) });
        self.push(emit!(let mut #name #ty = #value;));
    }

    /// Ends the scope of a variable: with braces around everything from its declaration on, if it
    /// must be dropped here. Variables of outer scopes that are declared in between are declared
    /// before the braces.
    pub(super) fn close(&mut self, local: LocalId, needs_braces: bool) {
        let Some(position) = self.declared.iter().position(|entry| entry.local == local) else {
            return;
        };
        let Declared { index: start, enter, .. } = self.declared.remove(position);
        if !needs_braces {
            return;
        }
        let mut before = Vec::new();
        let is_open = |entry: &&Declared| entry.index >= start;
        let open: Vec<LocalId> = self.declared.iter().filter(is_open).map(|e| e.local).collect();
        for entry in self.declared.iter_mut().filter(|entry| entry.index >= start) {
            if let Some(pattern) = entry.pattern.take() {
                entry.split = Some(split_pattern(&pattern, entry.local, &open));
            }
            let Some((declaration, assignment)) = entry.split.take() else {
                entry.index = start;
                continue;
            };
            self.parts[entry.index] = assignment;
            entry.index = start + before.len();
            before.push(declaration.clone());
            entry.split = Some((declaration, TokenStream::new()));
        }
        let inner: TokenStream = enter.into_iter().chain(self.parts.drain(start..)).collect();
        self.parts.extend(before);
        self.parts.push(emit!({ #inner }));
    }
}
