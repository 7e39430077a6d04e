//! An iterator made of a coroutine, without unsafe code.

use std::iter::FusedIterator;
use std::ops::DerefMut;
use std::pin::{Pin, pin};

use coframe::{Coroutine, CoroutineState};

/// The values that a coroutine suspends with, as an iterator.
///
/// `P` is what the coroutine is pinned behind: `Generator::new(pin!(f()))` keeps the frame in the
/// caller, `Generator::new(Box::pin(f()))` can be returned and stored.
#[derive(Debug)]
struct Generator<P> {
    /// The coroutine, until it has completed.
    coroutine: Option<Pin<P>>,
}

impl<P> Generator<P> {
    /// An iterator over what the coroutine suspends with from now on.
    const fn new(coroutine: Pin<P>) -> Self {
        Generator { coroutine: Some(coroutine) }
    }
}

impl<P, C> Iterator for Generator<P>
where
    P: DerefMut<Target = C>,
    C: Coroutine<(), Return = ()> + ?Sized,
{
    type Item = C::Yield;

    fn next(&mut self) -> Option<C::Yield> {
        match self.coroutine.as_mut()?.as_mut().resume(()) {
            CoroutineState::Yielded(value) => Some(value),
            CoroutineState::Complete(()) => {
                self.coroutine = None;
                None
            }
        }
    }
}

impl<P> FusedIterator for Generator<P> where Self: Iterator {}

/// The Fibonacci numbers that fit.
#[coframe::coroutine(yield = u64)]
fn fibonacci() {
    let (mut a, mut b) = (0_u64, 1_u64);
    loop {
        suspend!(a);
        let Some(next) = a.checked_add(b) else { return };
        (a, b) = (b, next);
    }
}

/// The words of a text, each with the number of its line.
#[coframe::coroutine(yield = (usize, &'text str))]
fn words<'text>(text: &'text str) {
    for (number, line) in text.lines().enumerate() {
        for word in line.split_whitespace() {
            suspend!((number + 1, word));
        }
    }
}

/// An iterator that owns its frame.
fn words_boxed(text: &str) -> impl Iterator<Item = (usize, &str)> {
    Generator::new(Box::pin(words(text)))
}

fn main() {
    let numbers: Vec<u64> = Generator::new(pin!(fibonacci())).take(10).collect();
    println!("{numbers:?}");
    for (line, word) in words_boxed("to be\nor not to be") {
        println!("{line}: {word}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_can_be_in_the_caller() {
        let start: Vec<u64> = Generator::new(pin!(fibonacci())).take(8).collect();
        assert_eq!(start, [0, 1, 1, 2, 3, 5, 8, 13]);
        assert_eq!(Generator::new(pin!(fibonacci())).last(), Some(7_540_113_804_746_346_429));
    }

    #[test]
    fn the_frame_can_be_boxed_and_ends_for_good() {
        let mut words = words_boxed("one two\nthree");
        let all: Vec<_> = words.by_ref().collect();
        assert_eq!(all, [(1, "one"), (1, "two"), (2, "three")]);
        assert_eq!(words.next(), None);
    }
}
