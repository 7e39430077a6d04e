//! Which side of a compound assignment is evaluated first: told by the types of both.

use core::marker::PhantomData;

/// The types of the two sides of a compound assignment, of which the order of evaluation depends:
/// for built-in numbers the right side comes first.
#[derive(Debug)]
pub struct Operands<L, R>(PhantomData<fn(L, R)>);

impl<L, R> Clone for Operands<L, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<L, R> Copy for Operands<L, R> {}

impl<L, R> Operands<L, R> {
    /// Types that are still to be inferred.
    #[inline(always)]
    #[allow(clippy::new_without_default, reason = "generated code is its only user")]
    pub const fn new() -> Self {
        Operands(PhantomData)
    }

    /// Makes the compiler infer the types. Never runs.
    #[inline(always)]
    pub fn are(self, _left: *const L, _right: R) {}
}

/// A number, `bool` or `char` of the language.
pub trait BuiltIn {}

macro_rules! built_in {
    ($($ty:ty)*) => {
        $(impl BuiltIn for $ty {})*
    };
}

built_in!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64 bool char);

/// The right side is evaluated first.
#[derive(Clone, Copy, Debug)]
pub struct ValueFirst;

/// The place on the left side is evaluated first.
#[derive(Clone, Copy, Debug)]
pub struct PlaceFirst;

impl ValueFirst {
    /// Whether the right side is evaluated first.
    #[inline(always)]
    pub const fn is_value_first(self) -> bool {
        true
    }
}

impl PlaceFirst {
    /// Whether the right side is evaluated first.
    #[inline(always)]
    pub const fn is_value_first(self) -> bool {
        false
    }
}

/// Found first, for built-in types.
pub trait OfNumbers {
    /// What is evaluated first.
    #[inline(always)]
    fn order(&self) -> ValueFirst {
        ValueFirst
    }
}

impl<L: BuiltIn, R: BuiltIn> OfNumbers for &Operands<L, R> {}

/// Found otherwise.
pub trait OfAnything {
    /// What is evaluated first.
    #[inline(always)]
    fn order(&self) -> PlaceFirst {
        PlaceFirst
    }
}

impl<L, R> OfAnything for Operands<L, R> {}
