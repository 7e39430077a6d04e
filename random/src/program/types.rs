//! The types of generated programs.

use std::fmt;

/// How a closure can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// Any number of times, through a shared reference.
    Shared,
    /// Any number of times, through a mutable reference.
    Mutable,
    /// Once.
    Once,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `()`.
    Unit,
    /// `bool`.
    Bool,
    /// `u32`.
    Int,
    /// `String`.
    Text,
    /// The value that logs what is done to it.
    D,
    /// A struct of two [`Type::D`].
    Pair,
    /// A struct with a destructor, of a [`Type::D`] and a number.
    Noisy,
    /// An enum.
    Shape,
    /// Something with a guard.
    Lock,
    /// An iterator.
    Steps,
    /// A type parameter of the function.
    Parameter,
    /// A tuple.
    Tuple(Vec<Type>),
    /// An array of two.
    Array(Box<Type>),
    /// `Option`.
    Option(Box<Type>),
    /// `Result`.
    Result(Box<Type>, Box<Type>),
    /// `Vec`.
    Vec(Box<Type>),
    /// `Box`.
    Boxed(Box<Type>),
    /// A future that suspends.
    Leaf(Box<Type>),
    /// A reference.
    Ref(Box<Type>),
    /// A mutable reference.
    RefMut(Box<Type>),
    /// The guard of a lock, which has no name in programs.
    Guard,
    /// A closure from a number to a number, which has no name in programs.
    Closure(Call),
    /// An `async` block with a number, which has no name in programs.
    Future,
}

impl Type {
    /// `Option` of a type.
    pub fn option(inner: Type) -> Type {
        Type::Option(Box::new(inner))
    }

    /// `Vec` of a type.
    pub fn vec(inner: Type) -> Type {
        Type::Vec(Box::new(inner))
    }

    /// A reference to a type.
    pub fn reference(inner: Type) -> Type {
        Type::Ref(Box::new(inner))
    }

    /// A mutable reference to a type.
    pub fn reference_mut(inner: Type) -> Type {
        Type::RefMut(Box::new(inner))
    }

    /// Whether a use leaves the value where it is.
    pub fn is_copy(&self) -> bool {
        match self {
            Type::Unit | Type::Bool | Type::Int | Type::Ref(_) => true,
            Type::Closure(_) => false,
            Type::Tuple(parts) => parts.iter().all(Type::is_copy),
            Type::Array(inner) | Type::Option(inner) => inner.is_copy(),
            Type::Result(value, error) => value.is_copy() && error.is_copy(),
            _ => false,
        }
    }

    /// Whether values of the type may hold references.
    pub fn is_borrowing(&self) -> bool {
        match self {
            Type::Ref(_) | Type::RefMut(_) | Type::Guard | Type::Closure(_) | Type::Future => true,
            Type::Tuple(parts) => parts.iter().any(Type::is_borrowing),
            Type::Array(inner)
            | Type::Option(inner)
            | Type::Vec(inner)
            | Type::Leaf(inner)
            | Type::Boxed(inner) => inner.is_borrowing(),
            Type::Result(value, error) => value.is_borrowing() || error.is_borrowing(),
            _ => false,
        }
    }

    /// The type with another in place of the type parameter.
    #[must_use]
    pub fn instantiated(&self, with: &Type) -> Type {
        let inside = |inner: &Type| Box::new(inner.instantiated(with));
        match self {
            Type::Parameter => with.clone(),
            Type::Tuple(parts) => {
                Type::Tuple(parts.iter().map(|part| part.instantiated(with)).collect())
            }
            Type::Array(inner) => Type::Array(inside(inner)),
            Type::Option(inner) => Type::Option(inside(inner)),
            Type::Result(value, error) => Type::Result(inside(value), inside(error)),
            Type::Vec(inner) => Type::Vec(inside(inner)),
            Type::Boxed(inner) => Type::Boxed(inside(inner)),
            Type::Leaf(inner) => Type::Leaf(inside(inner)),
            Type::Ref(inner) => Type::Ref(inside(inner)),
            Type::RefMut(inner) => Type::RefMut(inside(inner)),
            _ => self.clone(),
        }
    }

    /// Whether the type can be written in a program.
    pub fn has_name(&self) -> bool {
        !matches!(self, Type::Guard | Type::Closure(_) | Type::Future)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Unit => f.write_str("()"),
            Type::Bool => f.write_str("bool"),
            Type::Int => f.write_str("u32"),
            Type::Text => f.write_str("String"),
            Type::D => f.write_str("D"),
            Type::Pair => f.write_str("Pair"),
            Type::Noisy => f.write_str("Noisy"),
            Type::Shape => f.write_str("Shape"),
            Type::Lock => f.write_str("Lock"),
            Type::Steps => f.write_str("Steps"),
            Type::Parameter => f.write_str("T"),
            Type::Tuple(parts) => {
                f.write_str("(")?;
                parts.iter().try_for_each(|part| write!(f, "{part}, "))?;
                f.write_str(")")
            }
            Type::Array(inner) => write!(f, "[{inner}; 2]"),
            Type::Option(inner) => write!(f, "Option<{inner}>"),
            Type::Result(value, error) => write!(f, "Result<{value}, {error}>"),
            Type::Vec(inner) => write!(f, "Vec<{inner}>"),
            Type::Boxed(inner) => write!(f, "Box<{inner}>"),
            Type::Leaf(inner) => write!(f, "Leaf<{inner}>"),
            Type::Ref(inner) => write!(f, "&{inner}"),
            Type::RefMut(inner) => write!(f, "&mut {inner}"),
            Type::Guard => f.write_str("Guard<'_>"),
            Type::Closure(_) | Type::Future => f.write_str("_"),
        }
    }
}
