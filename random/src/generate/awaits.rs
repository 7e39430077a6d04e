//! Expressions that suspend.

use super::scope::Access;
use super::{Generator, Signature};
use crate::construct::Construct;
use crate::program::{Node, Type, pieces};

impl Generator {
    /// Takes one from the suspensions that are left.
    pub(super) fn may_await(&mut self) -> bool {
        let may = self.is_inline && self.awaits > 0 && self.may_nest();
        if may {
            self.awaits -= 1;
        }
        may
    }

    fn may_nest(&self) -> bool {
        let is_whole = self.depth <= self.whole || self.has(Construct::OperandAwait);
        is_whole && (!self.is_awaited || self.has(Construct::NestedAwait))
    }

    /// Some expression that is awaited.
    pub(super) fn awaited(&mut self, ty: &Type) -> Option<Node> {
        if !self.may_await() {
            return None;
        }
        let is_awaited = std::mem::replace(&mut self.is_awaited, true);
        let node = self.awaited_something(ty);
        self.is_awaited = is_awaited;
        Some(node)
    }

    fn awaited_something(&mut self, ty: &Type) -> Node {
        if *ty == Type::Int && self.chance(35) {
            return self.awaited_int();
        }
        if *ty == Type::Unit && self.chance(50) {
            return Node::expression(ty, pieces!["pause().await"]);
        }
        match self.rng.u32(0..16) {
            0 => self.wrapped_await(ty, &format!("Later({}, ", "\"later\"")),
            1 => self.wrapped_await(ty, "echo("),
            2 => self.wrapped_await(ty, "Box::pin(echo("),
            3 if !ty.is_borrowing() => self.beside(ty),
            _ => self.give(ty),
        }
    }

    fn wrapped_await(&mut self, ty: &Type, call: &str) -> Node {
        let value = self.expression(ty);
        let end = ")".repeat(call.matches('(').count());
        Node::expression(ty, pieces![call, value, end, ".await"])
    }

    fn give(&mut self, ty: &Type) -> Node {
        let (tag, times) = (self.tag("g"), self.one_of(&["0", "1", "1", "1", "2"]));
        let value = self.expression(ty);
        Node::expression(ty, pieces!["give(", tag, ", ", times, ", ", value, ").await"])
    }

    fn beside(&mut self, ty: &Type) -> Node {
        let (reference, value) = (self.reference(&Type::D, false), self.expression(ty));
        Node::expression(ty, pieces!["beside(", reference, ", ", value, ").await"])
    }

    fn awaited_int(&mut self) -> Node {
        let pieces = match self.rng.u32(0..4) {
            0 if self.has(Construct::MutableReference) => {
                pieces!["bump(", self.reference(&Type::D, true), ").await"]
            }
            1 => match self.place(&Type::Pair, Access::Read) {
                Some(place) => {
                    self.access(&place, Access::Read);
                    pieces![place.receiver(), ".visit().await"]
                }
                None => pieces![self.fresh(&Type::Pair), ".visit().await"],
            },
            2 if self.has(Construct::ConsumingMethod) => {
                let pair = self.expression(&Type::Pair);
                pieces![self.operand(pair), ".drain().await"]
            }
            _ => pieces!["look(", self.reference(&Type::D, false), ").await"],
        };
        Node::expression(&Type::Int, pieces)
    }

    /// A future in a variable that is awaited.
    pub(super) fn awaited_variable(&mut self, ty: &Type) -> Option<Node> {
        let wanted = Type::Leaf(Box::new(ty.clone()));
        let is_block = |found: &Type| *ty == Type::Int && *found == Type::Future;
        if !self.is_inline || self.awaits <= 0 || !self.may_nest() {
            return None;
        }
        let mut found = self.places(|found| *found == wanted, Access::Move);
        for root in 0..self.scope.len() {
            let is_inside = root >= self.scope.loop_base;
            if is_block(&self.scope.get(root).ty)
                && is_inside
                && self.scope.allows(root, "", Access::Move)
            {
                let name = self.scope.get(root).name.clone();
                self.scope.perform(root, "", Access::Move);
                self.awaits -= 1;
                return Some(Node::expression(ty, pieces![name, ".await"]));
            }
        }
        let place = found.pop()?;
        self.access(&place, Access::Move);
        self.awaits -= 1;
        Some(Node::expression(ty, pieces![place.text, ".await"]))
    }

    /// A call of another generated function.
    pub(super) fn helper(&mut self, ty: &Type) -> Option<Node> {
        let fits = |helper: &&Signature| helper.returns == *ty;
        let helpers: Vec<Signature> = self.helpers.iter().filter(fits).cloned().collect();
        if helpers.is_empty() || !self.may_await() {
            return None;
        }
        let helper = self.one_of(&helpers);
        let mut pieces = pieces![&helper.name];
        let parameter = self.one_of(&[Type::D, Type::Pair, Type::Int]);
        if helper.is_generic {
            pieces.extend(pieces!["::<", parameter.to_string(), ">"]);
        }
        pieces.extend(pieces!["("]);
        let is_awaited = std::mem::replace(&mut self.is_awaited, true);
        for argument in &helper.arguments {
            let value = self.expression(&argument.instantiated(&parameter));
            pieces.extend(pieces![value, ", "]);
        }
        self.is_awaited = is_awaited;
        pieces.extend(pieces![").await"]);
        Some(Node::expression(ty, pieces))
    }
}
