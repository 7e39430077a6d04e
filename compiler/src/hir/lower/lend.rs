//! Receivers of calls whose arguments suspend: `sender.send(f().await)`, `once(f().await)`.
//!
//! The receiver waits for the arguments as an operand, if the call takes it by value.

use syn::Expr as Syntax;
use syn::spanned::Spanned;

use super::super::{Expr, ExprKind, LocalId, LocalKind, as_local};
use super::operands::{Operand, Reason, Scope, Temporaries};
use super::{Lowering, place};
use crate::ast::macros::Passing;
use crate::hir::uses::borrows_receiver;

/// A receiver that waits for the arguments of its call.
pub(super) struct Lent {
    from: LocalId,
    /// The operand that it is while it waits.
    to: LocalId,
    /// As the user wrote it.
    receiver: Syntax,
}

impl Lowering {
    /// The receiver of a call that waits for its arguments, or the closure that is called, if it is a
    /// variable that the call may take by value: as an operand.
    pub(super) fn lend(
        &mut self,
        call: &Syntax,
        scope: Scope,
        into: &mut Temporaries,
    ) -> Option<Lent> {
        let receiver = match call {
            Syntax::MethodCall(call) if borrows_receiver(&call.method.to_string()) => return None,
            Syntax::MethodCall(call) => &call.receiver,
            Syntax::Call(call) => &call.func,
            _ => return None,
        };
        let from = as_local(receiver)?;
        if !matches!(self.body.locals[from].kind, LocalKind::Argument | LocalKind::Binding) {
            return None;
        }
        let span = receiver.span();
        let to = self.temporary("receiver", LocalKind::Temporary, span);
        self.body.locals[to].is_waiting = scope == Scope::Own;
        into.push((to, Expr { span, kind: ExprKind::Lend { from } }));
        Some(Lent { from, to, receiver: (**receiver).clone() })
    }

    /// The call comes next, and the receiver is the variable again. The arguments must be such as can be
    /// repeated in the closure that tells whether the call takes its receiver; others get names.
    pub(super) fn restore(
        &mut self,
        call: &mut Syntax,
        lent: Lent,
        scope: Scope,
        into: &mut Temporaries,
    ) {
        let Lent { from, to, receiver } = lent;
        let (place, args) = match &mut *call {
            Syntax::MethodCall(call) => (&mut call.receiver, &mut call.args),
            Syntax::Call(call) => (&mut call.func, &mut call.args),
            _ => return,
        };
        let is_named = |argument: &Syntax| !place::can_be_repeated(argument);
        let count = args.iter().rposition(is_named).map_or(0, |last| last + 1);
        if args.iter().take(count).any(place::leaves_temporaries) {
            into.retain(|(local, _)| *local != to);
            return;
        }
        for argument in args.iter_mut().take(count) {
            let is_waiting = scope == Scope::Own;
            let operand = Operand {
                passing: Passing::Value,
                applies: false,
                is_last: false,
                is_waiting,
                is_beside_jump: false,
            };
            self.child(argument, operand, Reason::Outlived, into);
        }
        **place = receiver;
        crate::hir::mark_lent(call, to);
        let kind = ExprKind::Restore { from, call: call.clone() };
        into.push((to, Expr { span: call.span(), kind }));
    }
}
