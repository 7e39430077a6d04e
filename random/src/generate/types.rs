//! Random types.

use super::Generator;
use crate::construct::Construct;
use crate::program::Type;

impl Generator {
    /// A type whose values can be made, moved and dropped.
    pub(super) fn some_type(&mut self) -> Type {
        self.nested_type(2)
    }

    fn nested_type(&mut self, depth: usize) -> Type {
        if self.is_generic && self.chance(15) {
            return Type::Parameter;
        }
        if depth == 0 || self.chance(60) {
            return self.plain_type();
        }
        let inner = Box::new(self.nested_type(depth - 1));
        match self.rng.u32(0..12) {
            0..3 => Type::Tuple(vec![*inner, self.nested_type(depth - 1)]),
            3..7 => Type::Option(inner),
            7 => Type::Result(inner, Box::new(self.plain_type())),
            8 => Type::Vec(inner),
            9 | 10 => Type::Boxed(inner),
            _ => Type::Array(inner),
        }
    }

    fn plain_type(&mut self) -> Type {
        match self.rng.u32(0..40) {
            0..20 => Type::D,
            20..25 => Type::Int,
            25..30 => Type::Pair,
            30..33 => Type::Noisy,
            33..37 => Type::Shape,
            37 => Type::Text,
            38 => Type::Bool,
            _ => Type::Unit,
        }
    }

    /// A type of a value that can be matched in more than one way.
    pub(super) fn matched_type(&mut self) -> Type {
        match self.rng.u32(0..14) {
            0..4 => Type::option(self.some_type()),
            4..8 => Type::Shape,
            8 => Type::Result(Box::new(self.some_type()), Box::new(Type::D)),
            9 => Type::Int,
            10 => Type::Pair,
            _ => Type::Tuple(vec![Type::option(self.plain_type()), self.some_type()]),
        }
    }

    /// A type of a variable.
    pub(super) fn variable_type(&mut self) -> Type {
        match self.rng.u32(0..40) {
            0..3 if self.has(Construct::StoredReference) && self.has(Construct::Reference) => {
                Type::reference(self.plain_type())
            }
            3 if self.has(Construct::StoredReference) && self.has(Construct::MutableReference) => {
                Type::reference_mut(self.plain_type())
            }
            4 if self.has(Construct::LockGuard) => Type::Lock,
            5 if self.has(Construct::StoredFuture) => Type::Leaf(Box::new(self.plain_type())),
            _ => self.some_type(),
        }
    }
}
