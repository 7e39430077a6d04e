//! Bindings.

use syn::Pat;

use super::super::{Arm, BlockId, DropKind, Statement, Terminator, kept_by};
use super::{Builder, Dest};
use crate::hir::{self, Expr, ExprKind, Let, LocalId, Split, bindings, destructure};

impl Builder {
    pub(super) fn binding(&mut self, binding: &Let) {
        let Let { attributes, pat, ty, init, otherwise } = binding;
        let Some(init) = init else {
            bindings(pat).into_iter().for_each(|local| self.declare(local));
            return;
        };
        if let (Some(local), false) = (single_binding(pat), matches!(init.kind, ExprKind::Code(_)))
        {
            self.declare(local);
            return self.expr(init, Dest::Local(local));
        }
        if let Some(otherwise) = otherwise {
            return self.let_else(pat, ty.as_ref(), init, otherwise);
        }
        if let ExprKind::Operands { temporaries, value } = &init.kind {
            bindings(pat).into_iter().for_each(|local| self.enter_scope(local));
            self.open_scope();
            self.temporaries(temporaries);
            let value = self.operand(value);
            let (attributes, pat, ty) = (attributes.clone(), pat.clone(), ty.clone());
            self.push(Statement::Let { attributes, pat, ty, value });
            return self.close_scope();
        }
        let value = self.operand(init);
        let (attributes, pat, ty) = (attributes.clone(), pat.clone(), ty.clone());
        let bound = bindings(&pat);
        self.push(Statement::Let { attributes, pat, ty, value });
        bound.into_iter().for_each(|local| self.enter_scope(local));
    }

    /// `let` with `else`: the value that does not match, and its temporaries, end before the block
    /// after `else` begins.
    fn let_else(&mut self, pat: &Pat, ty: Option<&syn::Type>, init: &Expr, otherwise: &hir::Block) {
        let bound = bindings(pat);
        let around = self.scopes.len();
        bound.iter().for_each(|local| self.enter_scope(*local));
        self.open_scope();
        let value = match &init.kind {
            ExprKind::Operands { temporaries, value } => {
                self.temporaries(temporaries);
                self.operand(value)
            }
            _ => self.operand(init),
        };
        let (then, other) = (self.new_block(false), self.new_block(false));
        let taken = destructure::taken_by(Some(&self.body.locals), &value, std::iter::once(pat));
        if self.current.is_none() {
            self.scopes.truncate(around);
            return;
        }
        self.terminate(let_else(pat, ty, value, taken, [then, other]));
        self.start(other);
        let ended = self.scopes.pop().expect("a scope is open");
        self.drop_all(&ended);
        self.block(otherwise, Dest::Nowhere);
        self.terminate(Terminator::Unreachable);
        self.scopes.push(ended);
        self.start(then);
        if let Some(local) = taken {
            self.push(Statement::Taken(local));
        }
        bound.into_iter().for_each(|local| self.push(Statement::Bound(local)));
        self.close_scope();
    }

    /// Binds parts of a local, and leaves the rest in a holder.
    pub(super) fn let_split(&mut self, split: &Split) {
        let Split { pat, init, place, holder, otherwise } = split;
        self.declare(*holder);
        let bound = bindings(pat);
        let around = self.scopes.len();
        bound.iter().for_each(|local| self.enter_scope(*local));
        self.open_scope();
        init.iter().for_each(|(local, init)| self.operands_of(*local, init));
        let then = self.new_block(false);
        let mut arms = vec![Arm { pat: pat.clone(), guard: None, target: then }];
        let other = otherwise.as_ref().map(|_| self.new_block(false));
        let wild = |target| Arm { pat: syn::parse_quote!(_), guard: None, target };
        arms.extend(other.map(wild));
        if self.current.is_none() {
            self.scopes.truncate(around);
            return;
        }
        let kept = kept_by(place, *holder, &arms);
        self.terminate(Terminator::Split { place: place.clone(), holder: *holder, arms });
        if let (Some(other), Some(otherwise)) = (other, otherwise) {
            self.start(other);
            self.push(Statement::Bound(kept[1]));
            let ended = self.scopes.pop().expect("a scope is open");
            self.drop_all(&ended);
            self.push(Statement::Drop { local: *holder, kind: DropKind::Unknown });
            self.block(otherwise, Dest::Nowhere);
            self.terminate(Terminator::Unreachable);
            self.scopes.push(ended);
        }
        self.start(then);
        self.push(Statement::Bound(*holder));
        bound.into_iter().for_each(|local| self.push(Statement::Bound(local)));
        self.close_scope();
    }

    /// Evaluates a value into a local, whose temporaries live on in the open scope.
    fn operands_of(&mut self, local: LocalId, init: &Expr) {
        match &init.kind {
            ExprKind::Operands { temporaries, value } => {
                self.temporaries(temporaries);
                self.expr(value, Dest::Local(local));
            }
            _ => self.expr(init, Dest::Local(local)),
        }
    }
}

/// The end of a block that goes on in the first of two blocks if the pattern matches, and in the
/// second if not.
fn let_else(
    pat: &Pat,
    ty: Option<&syn::Type>,
    value: syn::Expr,
    taken: Option<LocalId>,
    [then, otherwise]: [BlockId; 2],
) -> Terminator {
    let pat = pat.clone();
    match taken {
        Some(_) => {
            let arm = |pat: Pat, target| Arm { pat, guard: None, target };
            let arms = vec![arm(pat, then), arm(syn::parse_quote!(_), otherwise)];
            Terminator::Match { scrutinee: value, arms, taken }
        }
        None => Terminator::LetElse { pat, ty: ty.cloned(), value, then, otherwise },
    }
}

/// The local that a pattern binds by value, if it does nothing else.
fn single_binding(pat: &Pat) -> Option<LocalId> {
    match pat {
        Pat::Ident(ident) if ident.by_ref.is_none() && ident.subpat.is_none() => {
            LocalId::from_unique(&ident.ident)
        }
        _ => None,
    }
}
