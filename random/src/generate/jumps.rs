//! `return`, `?`, `break` and `continue`.

use super::Generator;
use super::scope::{Access, State};
use crate::construct::Construct;
use crate::program::{Node, Piece, Type, pieces};

impl Generator {
    /// `value?`.
    pub(super) fn question(&mut self, ty: &Type) -> Option<Node> {
        if !self.is_inline || ty.is_borrowing() {
            return None;
        }
        let whole = match &self.returns {
            Type::Option(_) => Type::option(ty.clone()),
            Type::Result(_, error) => Type::Result(Box::new(ty.clone()), error.clone()),
            _ => return None,
        };
        let value = self.expression(&whole);
        Some(Node::expression(ty, pieces![self.operand(value), "?"]))
    }

    /// A value, or the end of the function.
    pub(super) fn value_or_return(&mut self, ty: &Type) -> Option<Node> {
        if !self.is_inline || ty.is_borrowing() {
            return None;
        }
        let value = self.expression(&Type::option(ty.clone()));
        let result = self.maybe(Self::leave_function);
        let name = self.fresh_name("v");
        let pieces =
            pieces!["match ", value, " { Some(", &name, ") => ", &name, ", None => ", result, " }"];
        Some(Node::expression(ty, pieces))
    }

    /// `return value`, after which nothing runs.
    pub(super) fn leave_function(&mut self) -> Node {
        let ty = self.returns.clone();
        let mark = self.scope.locks();
        let value = self.expression(&ty);
        self.scope.unlock(mark);
        self.has_left = true;
        Node::group(pieces!["return ", value])
    }

    /// A conditional jump out of something around this.
    pub(super) fn jump(&mut self) -> Option<Node> {
        if !self.is_inline {
            return None;
        }
        let mut targets: Vec<usize> =
            (0..self.around.len()).filter(|index| self.around[*index].label.is_some()).collect();
        // A jump without a label goes to the innermost loop, but not out of a labelled block.
        let innermost = self
            .around
            .len()
            .checked_sub(1)
            .filter(|last| self.around[*last].is_loop && !self.is_condition);
        targets.extend(innermost);
        if targets.is_empty() || !self.has(Construct::Jump) {
            return None;
        }
        let target = self.one_of(&targets);
        let condition = self.condition();
        let jump = self.maybe(|generator| generator.jump_to(target, Some(target) == innermost));
        Some(Node::statement(pieces!["if ", condition, " { ", jump, " }\n"]))
    }

    fn jump_to(&mut self, target: usize, is_innermost: bool) -> Node {
        let around = &self.around[target];
        let (label, value) = (around.label.clone(), around.value.clone());
        let label = match label {
            Some(label) if !is_innermost || self.chance(30) => format!(" {label}"),
            _ => String::new(),
        };
        let is_continue = self.around[target].is_loop && self.chance(40);
        let pieces = match (is_continue, value) {
            (true, _) => {
                let again = self.assign_again(target);
                pieces![again, "continue", label, ";"]
            }
            (false, Some(ty)) => {
                let value = self.expression(&ty);
                pieces!["break", label, " ", self.operand(value), ";"]
            }
            (false, None) => pieces!["break", label, ";"],
        };
        if !is_continue {
            let states = self.scope.states();
            self.around[target].breaks.push(states);
        }
        self.has_left = true;
        Node::group(pieces)
    }

    /// Assigns what a loop moved and will want again.
    pub(super) fn assign_again(&mut self, target: usize) -> Node {
        let around = &self.around[target];
        let moved: Vec<usize> = around.entry[..around.base]
            .iter()
            .enumerate()
            .filter(|(index, entry)| {
                let state = &self.scope.get(*index).state;
                matches!(entry, State::Live | State::Partial(_)) && *state != **entry
            })
            .map(|(index, _)| index)
            .collect();
        let bare = std::mem::replace(&mut self.is_bare, true);
        let mut pieces = Vec::new();
        for index in moved {
            let (name, ty) = (self.scope.get(index).name.clone(), self.scope.get(index).ty.clone());
            if !ty.has_name() || !self.scope.is_visible(index) {
                continue;
            }
            let value = self.fresh(&ty);
            self.scope.perform(index, "", Access::Assign);
            pieces.push(Piece::Node(Node::statement(pieces![name, " = ", value, ";\n"])));
        }
        self.is_bare = bare;
        Node::group(pieces)
    }
}
