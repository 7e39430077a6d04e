//! What `for` makes of its value.

use core::mem::replace;
use core::ops::Range;

/// The value that a `for` iterates over.
#[derive(Debug)]
pub struct Iterated<V>(pub V);

impl<V: IntoIterator> Iterated<V> {
    /// The iterator.
    #[inline(always)]
    pub fn iterator(self) -> V::IntoIter {
        self.0.into_iter()
    }
}

impl<T> Iterated<Range<T>>
where
    Range<T>: Iterator<Item = T>,
{
    /// The iterator of a range whose end is a constant, which `end` gives.
    #[inline(always)]
    pub fn counted<E: Fn() -> T>(self, end: E) -> Counted<T, E> {
        Counted { next: self.0.start, end }
    }
}

/// What a range yields whose end is a constant: a closure, which has no size.
#[derive(Debug)]
pub struct Counted<T, E> {
    next: T,
    end: E,
}

impl<T, E: Fn() -> T> Iterator for Counted<T, E>
where
    Range<T>: Iterator<Item = T>,
{
    type Item = T;

    #[inline(always)]
    fn next(&mut self) -> Option<T> {
        let mut range = replace(&mut self.next, (self.end)())..(self.end)();
        let item = range.next();
        self.next = range.start;
        item
    }
}

/// Iterates over what is no iterator: the witness has the mistake. See [`super::NotTry`].
pub trait NotIntoIterator<I>: Sized {
    /// Never runs.
    fn iterator(self) -> I {
        unreachable!("it cannot be iterated over")
    }

    /// Never runs.
    fn counted<E>(self, _end: E) -> I {
        unreachable!("it cannot be iterated over")
    }
}

impl<V, I> NotIntoIterator<I> for Iterated<V> {}
