//! What a formatting macro does with an argument.

use core::fmt;

/// An argument of a formatting macro.
#[derive(Debug)]
pub struct Formatted<'a, T: ?Sized>(pub &'a T);

impl<'a, T: fmt::Display + ?Sized> Formatted<'a, T> {
    /// What `{}` shows.
    #[inline(always)]
    pub const fn display(self) -> &'a T {
        self.0
    }
}

impl<'a, T: fmt::Debug + ?Sized> Formatted<'a, T> {
    /// What `{:?}` shows.
    #[inline(always)]
    pub const fn debug(self) -> &'a T {
        self.0
    }
}

/// Formats what cannot be formatted: the witness has the mistake. See [`super::NotTry`].
pub trait NotFormatted: Sized {
    /// Never runs.
    fn display(self) -> &'static bool {
        unreachable!("it has no `Display`")
    }

    /// Never runs.
    fn debug(self) -> &'static bool {
        unreachable!("it has no `Debug`")
    }
}

impl<T: ?Sized> NotFormatted for Formatted<'_, T> {}
