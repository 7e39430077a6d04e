//! Typed ids and the vectors and sets that they index.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A number that names one element of an [`IndexVec`].
pub trait Id: Copy + Eq + Ord + fmt::Debug {
    /// The id with this number.
    fn new(index: usize) -> Self;
    /// The number of this id.
    fn index(self) -> usize;
}

/// Declares an [`Id`] type.
macro_rules! define_id {
    ($(#[$meta:meta])* $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $crate::index::Id for $name {
            fn new(index: usize) -> Self {
                $name(u32::try_from(index).expect("fewer than 2^32 of them"))
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    };
}
pub(crate) use define_id;

/// A vector that is indexed by ids of one kind.
#[derive(Clone)]
pub struct IndexVec<I, T> {
    items: Vec<T>,
    _ids: PhantomData<fn(I)>,
}

impl<I: Id, T> IndexVec<I, T> {
    /// An empty vector.
    pub fn new() -> Self {
        IndexVec { items: Vec::new(), _ids: PhantomData }
    }

    /// A vector of `len` values.
    pub fn filled(len: usize, value: T) -> Self
    where
        T: Clone,
    {
        IndexVec { items: vec![value; len], _ids: PhantomData }
    }

    /// Appends a value; its id is the result.
    pub fn push(&mut self, value: T) -> I {
        self.items.push(value);
        I::new(self.items.len() - 1)
    }

    /// A vector of what `each` makes of the values, with the same ids.
    pub fn map<U>(&self, each: impl FnMut(&T) -> U) -> IndexVec<I, U> {
        IndexVec { items: self.items.iter().map(each).collect(), _ids: PhantomData }
    }

    /// How many values there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All values.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.items.iter()
    }

    /// All values, to change them.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut T> {
        self.items.iter_mut()
    }

    /// All ids with their values.
    pub fn iter_enumerated(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(index, value)| (I::new(index), value))
    }

    /// All ids.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + use<I, T> {
        (0..self.items.len()).map(I::new)
    }
}

impl<I: Id, T> Default for IndexVec<I, T> {
    fn default() -> Self {
        IndexVec::new()
    }
}

impl<I: Id, T> Index<I> for IndexVec<I, T> {
    type Output = T;
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for IndexVec<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}

impl<I: Id, T: fmt::Debug> fmt::Debug for IndexVec<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter_enumerated()).finish()
    }
}

/// A set of ids, as bits.
#[derive(Clone, PartialEq, Eq)]
pub struct IdSet<I> {
    words: Vec<u64>,
    _ids: PhantomData<fn(I)>,
}

impl<I: Id> IdSet<I> {
    /// An empty set of ids below `len`.
    pub fn new(len: usize) -> Self {
        IdSet { words: vec![0; len.div_ceil(64)], _ids: PhantomData }
    }

    /// Adds an id; tells whether it was missing.
    pub fn insert(&mut self, id: I) -> bool {
        let (word, bit) = (id.index() / 64, 1 << (id.index() % 64));
        let is_new = self.words[word] & bit == 0;
        self.words[word] |= bit;
        is_new
    }

    /// Takes an id out.
    pub fn remove(&mut self, id: I) {
        self.words[id.index() / 64] &= !(1 << (id.index() % 64));
    }

    /// Whether the id is in the set.
    pub fn contains(&self, id: I) -> bool {
        self.words[id.index() / 64] & (1 << (id.index() % 64)) != 0
    }

    /// Adds all of `other`; tells whether that changed anything.
    pub fn union(&mut self, other: &Self) -> bool {
        let mut is_changed = false;
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            is_changed |= *word | other != *word;
            *word |= other;
        }
        is_changed
    }

    /// Whether some id is in both sets.
    pub fn intersects(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(word, other)| word & other != 0)
    }

    /// The ids in the set, in order.
    pub fn iter(&self) -> impl Iterator<Item = I> + '_ {
        let (mut index, mut rest) = (0, self.words.first().copied().unwrap_or(0));
        std::iter::from_fn(move || {
            while rest == 0 {
                index += 1;
                rest = *self.words.get(index)?;
            }
            let bit = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            Some(I::new(index * 64 + bit))
        })
    }

    /// Whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }
}

impl<I: Id> fmt::Debug for IdSet<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
