//! What `for` makes of its value.

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

/// Iterates over what is no iterator: the witness has the mistake. See [`super::NotTry`].
pub trait NotIntoIterator<I>: Sized {
    /// Never runs.
    fn iterator(self) -> I {
        unreachable!("it cannot be iterated over")
    }
}

impl<V, I> NotIntoIterator<I> for Iterated<V> {}
