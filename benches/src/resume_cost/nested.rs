//! By hand: a struct for each level inside that of the level above, and a `match` on a byte in each.

use core::task::Poll;

use super::step::next;

/// What is resumed until it is done.
pub(super) trait Resume {
    fn resume(&mut self) -> Poll<u64>;
}

/// What is made of the number of suspensions.
pub(super) trait New {
    fn new(n: u64) -> Self;
}

/// The loop that suspends.
pub(super) struct Leaf {
    n: u64,
    i: u64,
    sum: u64,
    state: u8,
}

impl New for Leaf {
    fn new(n: u64) -> Self {
        Leaf { n, i: 0, sum: 0, state: 0 }
    }
}

impl Resume for Leaf {
    #[inline]
    fn resume(&mut self) -> Poll<u64> {
        match self.state {
            0 => {
                self.sum = 0;
                self.i = 0;
            }
            1 => self.i += 1,
            _ => panic!("resumed after completion"),
        }
        if self.i < self.n {
            self.sum = self.sum.wrapping_add(next());
            self.state = 1;
            return Poll::Pending;
        }
        self.state = 2;
        Poll::Ready(self.sum)
    }
}

/// A function that awaits another and adds.
pub(super) struct Level<C> {
    callee: C,
    state: u8,
}

impl<C: New> New for Level<C> {
    fn new(n: u64) -> Self {
        Level { callee: C::new(n), state: 0 }
    }
}

impl<C: Resume> Resume for Level<C> {
    #[inline]
    fn resume(&mut self) -> Poll<u64> {
        match self.state {
            0 | 1 => {}
            _ => panic!("resumed after completion"),
        }
        match self.callee.resume() {
            Poll::Pending => {
                self.state = 1;
                Poll::Pending
            }
            Poll::Ready(value) => {
                self.state = 2;
                Poll::Ready(value.wrapping_add(next()))
            }
        }
    }
}

/// Four levels.
pub(super) type Level4 = Level<Level<Level<Leaf>>>;
/// Sixteen.
pub(super) type Level16 =
    Level<Level<Level<Level<Level<Level<Level<Level<Level<Level<Level<Level<Level4>>>>>>>>>>>>;

/// Two suspensions, to be made and run often.
pub(super) struct Two {
    value: u64,
    state: u8,
}

impl Two {
    pub(super) fn new() -> Self {
        Two { value: 0, state: 0 }
    }
}

impl Resume for Two {
    #[inline]
    fn resume(&mut self) -> Poll<u64> {
        match self.state {
            0 => {
                self.value = next();
                self.state = 1;
                Poll::Pending
            }
            1 => {
                self.value = self.value.wrapping_add(next());
                self.state = 2;
                Poll::Pending
            }
            2 => {
                self.state = 3;
                Poll::Ready(self.value.wrapping_add(next()))
            }
            _ => panic!("resumed after completion"),
        }
    }
}
