//! The arguments, which are in the frame when the coroutine is resumed for the first time.

use super::super::{BlockId, Statement};
use super::Builder;
use crate::hir::{self, LocalId};

impl Builder {
    /// Begins the scopes of the arguments, moves them to their variables, if they have any, and takes those
    /// apart that are patterns.
    pub(super) fn arguments(&mut self, hir: &hir::Body) {
        for argument in &hir.arguments {
            self.push(Statement::Declare(*argument));
            self.push(Statement::Bound(*argument));
        }
        for (index, argument) in hir.arguments.iter().enumerate() {
            self.enter_scope(*argument);
            if let Some(variables) = &hir.variables {
                self.move_argument(*argument, variables[index]);
            }
            hir.taken_apart[index].iter().for_each(|stmt| self.stmt(stmt));
        }
        let count = |block: BlockId| self.body.blocks[block].statements.len();
        self.body.prologue = hir.variables.as_ref().and(self.current.map(count));
    }

    fn move_argument(&mut self, argument: LocalId, variable: LocalId) {
        let (old, new) = (self.body.unique(argument), self.body.unique(variable));
        // A pattern may borrow from an argument without a name.
        let declared = &self.body.locals[argument];
        let is_mutable = declared.is_mutable || declared.is_generated();
        let mutability = is_mutable.then(|| syn::Token![mut](new.span()));
        let (pat, value) = (syn::parse_quote!(#mutability #new), syn::parse_quote!(#old));
        self.push(Statement::Let { attributes: Vec::new(), pat, ty: None, value });
        self.enter_scope(variable);
    }
}
