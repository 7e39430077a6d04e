//! Which expressions there are, and how often each is tried.

use super::Generator;
use super::scope::Access;
use crate::construct::Construct::{self, *};
use crate::program::{Node, Type, pieces};

/// Makes an expression of a type, or nothing.
type Production = fn(&mut Generator, &Type) -> Option<Node>;

/// All productions with their weights, and whether they are control flow.
pub(super) const PRODUCTIONS: &[(Construct, u32, (bool, Production))] = &[
    (Basic, 30, (false, |generator, ty| Some(generator.simple(ty)))),
    (Await, 30, (false, Generator::awaited)),
    (StoredFuture, 6, (false, Generator::awaited_variable)),
    (Helper, 12, (false, Generator::helper)),
    (Basic, 8, (false, Generator::arithmetic)),
    (Basic, 14, (false, Generator::consumed)),
    (Basic, 10, (false, Generator::comparison)),
    (Lazy, 10, (false, Generator::lazy)),
    (Method, 16, (false, Generator::method)),
    (MisnamedMethod, 3, (false, Generator::misnamed)),
    (ConsumingMethod, 14, (false, Generator::consuming_method)),
    (Closure, 12, (false, Generator::closure_call)),
    (Macro, 8, (false, Generator::macro_call)),
    (Block, 5, (true, Generator::block_value)),
    (LabelledBlock, 3, (true, Generator::labelled_block)),
    (If, 8, (true, Generator::if_value)),
    (IfLet, 6, (true, Generator::if_let_value)),
    (Match, 9, (true, Generator::match_value)),
    (Loop, 4, (true, Generator::loop_value)),
    (Question, 8, (false, Generator::question)),
    (Return, 3, (true, Generator::value_or_return)),
    (Replace, 3, (false, Generator::replaced)),
    (FieldOfValue, 3, (false, Generator::field_of_value)),
    (Unbox, 3, (false, Generator::unboxed)),
    (StructBase, 3, (false, Generator::struct_with_base)),
    (Index, 4, (false, Generator::indexed)),
    (LockGuard, 4, (false, Generator::locked)),
];

impl Generator {
    /// The old value of a variable, which gets a new one.
    pub(super) fn replaced(&mut self, ty: &Type) -> Option<Node> {
        if !self.has(Construct::MutableReference) {
            return None;
        }
        let place = self.place(ty, Access::Write)?;
        self.access(&place, Access::Write);
        self.hold(&place, true);
        let value = self.expression(ty);
        Some(Node::expression(ty, pieces!["std::mem::replace(&mut ", place.text, ", ", value, ")"]))
    }

    /// A field of something that is not a variable.
    pub(super) fn field_of_value(&mut self, ty: &Type) -> Option<Node> {
        let (whole, field) = match ty {
            Type::D if self.chance(50) => {
                (Type::Pair, if self.chance(50) { ".left" } else { ".right" })
            }
            Type::D | Type::Int | Type::Pair => {
                let field = if self.chance(50) { ".0" } else { ".1" };
                (Type::Tuple(vec![ty.clone(), ty.clone()]), field)
            }
            _ => return None,
        };
        let value = self.expression(&whole);
        Some(Node::expression(ty, pieces![self.operand(value), field]))
    }

    /// The value in a box.
    pub(super) fn unboxed(&mut self, ty: &Type) -> Option<Node> {
        if ty.is_borrowing() {
            return None;
        }
        let value = self.expression(&Type::Boxed(Box::new(ty.clone())));
        Some(Node::expression(ty, pieces!["(*", self.operand(value), ")"]))
    }

    /// A struct literal that takes fields from another.
    pub(super) fn struct_with_base(&mut self, ty: &Type) -> Option<Node> {
        if *ty != Type::Pair {
            return None;
        }
        let (value, base) = (self.expression(&Type::D), self.expression(ty));
        let field = self.one_of(&["left", "right"]);
        let pieces = pieces!["(Pair { ", field, ": ", value, ", ..", self.operand(base), " })"];
        Some(Node::expression(ty, pieces))
    }

    /// An element that is copied or used where it is.
    pub(super) fn indexed(&mut self, ty: &Type) -> Option<Node> {
        if *ty != Type::Int {
            return None;
        }
        let (element, method) = match self.chance(50) {
            true => (Type::D, ".touch()"),
            false => (Type::Int, ""),
        };
        let whole = match self.chance(50) {
            true => Type::vec(element),
            false => Type::Array(Box::new(element)),
        };
        let place = self.place(&whole, Access::Read)?;
        self.access(&place, Access::Read);
        self.hold(&place, true);
        let index = self.expression(&Type::Int);
        let pieces = pieces![place.receiver(), "[(", index, ") as usize % 2]", method];
        Some(Node::expression(ty, pieces))
    }

    /// A use of what a lock holds.
    pub(super) fn locked(&mut self, ty: &Type) -> Option<Node> {
        if *ty != Type::Int {
            return None;
        }
        let place = self.place(&Type::Lock, Access::Read)?;
        self.access(&place, Access::Read);
        let pieces = match self.rng.u32(0..3) {
            0 => pieces![place.receiver(), ".lock().poke().touch()"],
            1 => pieces!["mix(&", place.text, ".lock(), ", self.expression(ty), ")"],
            _ => pieces![place.receiver(), ".lock().touch()"],
        };
        Some(Node::expression(ty, pieces))
    }
}
