//! The statements of one block, and the scopes of its variables: a scope that ends before the block
//! gets braces.

use std::rc::Rc;

use proc_macro2::TokenStream;

use crate::hir::LocalId;

/// The statements of a block so far, and which of its variables are in scope.
#[derive(Default)]
pub(super) struct Emitted {
    parts: Vec<TokenStream>,
    declared: Vec<Declared>,
    /// The variables whose scopes end where the next statement will be, and whether they must be dropped here:
    /// those that end together need one pair of braces, and no variable has to leave it.
    ending: Vec<(LocalId, bool)>,
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
        self.end_scopes();
        self.parts.push(tokens);
    }

    /// All statements.
    pub(super) fn finish(mut self) -> TokenStream {
        self.end_scopes();
        self.parts.into_iter().collect()
    }

    /// A variable without a value.
    pub(super) fn push_declaration(&mut self, local: LocalId, [name, ty]: [TokenStream; 2]) {
        let declaration = emit!(let mut #name #ty;);
        let split = Some((declaration.clone(), TokenStream::new()));
        self.end_scopes();
        self.declared.push(Declared { split, ..self.next(local) });
        self.push(declaration);
    }

    /// A variable that the pattern before the block declares.
    pub(super) fn declare_before(&mut self, local: LocalId, name: &TokenStream) {
        let enter = Some(emit!(let mut #name = #name;));
        self.end_scopes();
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
        self.end_scopes();
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
        self.end_scopes();
        self.declared.push(Declared { split, ..self.next(local) });
        self.push(emit!(let mut #name #ty = #value;));
    }

    /// Ends the scope of a variable: with braces around everything from its declaration on, if it
    /// must be dropped here.
    pub(super) fn close(&mut self, local: LocalId, needs_braces: bool) {
        let Some(index) = self.index_of(local) else { return };
        let last = self.ending.last().and_then(|(last, _)| self.index_of(*last));
        if last.is_some_and(|last| last < index) {
            // It must live longer than one that was declared before it.
            self.end_scopes();
        }
        self.ending.push((local, needs_braces));
    }

    /// The statement that declares a variable.
    fn index_of(&self, local: LocalId) -> Option<usize> {
        self.declared.iter().find(|entry| entry.local == local).map(|entry| entry.index)
    }

    /// Ends the scopes that end here. Variables of outer scopes that are declared within the braces are
    /// declared before them.
    fn end_scopes(&mut self) {
        let ending = std::mem::take(&mut self.ending);
        let needs_braces = ending.iter().filter(|(_, needs_braces)| *needs_braces);
        let Some(start) = needs_braces.filter_map(|(local, _)| self.index_of(*local)).min() else {
            self.declared.retain(|entry| ending.iter().all(|(local, _)| *local != entry.local));
            return;
        };
        let is_ending =
            |entry: &mut Declared| ending.iter().any(|(local, _)| *local == entry.local);
        let ended: Vec<Declared> = self.declared.extract_if(.., is_ending).collect();
        let is_inside = |entry: &&Declared| entry.index >= start;
        let entered: TokenStream =
            ended.into_iter().filter(|entry| is_inside(&entry)).filter_map(|e| e.enter).collect();
        let open: Vec<LocalId> = self.declared.iter().filter(is_inside).map(|e| e.local).collect();
        let mut before = Vec::new();
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
        let inner: TokenStream = self.parts.drain(start..).collect();
        self.parts.extend(before);
        self.parts.push(emit!({ #entered #inner }));
    }
}
