//! How often each number of a descriptor was given to a new owner.
//!
//! The number of a closed descriptor is soon that of another one. Who remembers something about a
//! number, as that epoll watches it, remembers the epoch with it, and forgets both when the epoch
//! has changed. That works whichever thread closed the one and opened the other.

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::os::fd::RawFd;

use super::Short;
use crate::primitive::Lock;

/// One ownership of a number. The lowest bit says whether a short call means [`Short::MeansBlocked`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Epoch(u32);

/// The numbers whose epochs are read without a lock. Pages that are never touched cost nothing.
const NEAR: usize = 1 << 20;

static EPOCHS: [AtomicU32; NEAR] = [const { AtomicU32::new(0) }; NEAR];
/// The epochs of the other numbers.
static FAR: Lock<Vec<u32>> = Lock::new(Vec::new());

impl Epoch {
    /// The bits that count, for words that keep other things beside them.
    pub(crate) const BITS: u32 = 29;
    /// The bit that says that a short call means [`Short::MeansBlocked`].
    pub(crate) const SHORT_TELLS: u32 = 1;

    /// The epoch as a number of [`Self::BITS`] bits.
    #[inline]
    pub(crate) const fn bits(self) -> u32 {
        self.0
    }

    /// What a short call means.
    pub(crate) const fn short(self) -> Short {
        if self.0 & Epoch::SHORT_TELLS == 0 { Short::TellsNothing } else { Short::MeansBlocked }
    }

    /// The epoch after one with these bits. Zero is nobody's.
    const fn after(bits: u32, short: Short) -> u32 {
        let next = ((bits | 1) + 1) & ((1 << Self::BITS) - 1);
        let next = if next == 0 { 2 } else { next };
        match short {
            Short::TellsNothing => next,
            Short::MeansBlocked => next | Epoch::SHORT_TELLS,
        }
    }
}

/// The number has a new owner.
pub(super) fn begin(descriptor: RawFd, short: Short) {
    let number = descriptor as usize;
    if let Some(epoch) = EPOCHS.get(number) {
        // A number has one owner at a time, and whoever uses it got it from the owner: what orders
        // that orders this.
        epoch.store(Epoch::after(epoch.load(Relaxed), short), Relaxed);
        return;
    }
    let mut far = FAR.lock();
    if far.len() <= number - NEAR {
        far.resize((number - NEAR + 1).next_power_of_two(), 0);
    }
    let epoch = &mut far[number - NEAR];
    *epoch = Epoch::after(*epoch, short);
}

/// The epoch of a number that its owner uses, if it is read without a lock.
#[inline]
pub(crate) fn near_epoch_of(descriptor: RawFd) -> Option<Epoch> {
    Some(Epoch(EPOCHS.get(descriptor as usize)?.load(Relaxed)))
}

/// The epoch of a number that its owner uses.
#[inline]
pub(crate) fn epoch_of(descriptor: RawFd) -> Epoch {
    match EPOCHS.get(descriptor as usize) {
        Some(epoch) => Epoch(epoch.load(Relaxed)),
        None => far_epoch_of(descriptor as usize),
    }
}

#[cold]
fn far_epoch_of(number: usize) -> Epoch {
    Epoch(FAR.lock().get(number.wrapping_sub(NEAR)).copied().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::{Epoch, NEAR, Short, begin, epoch_of};

    #[test]
    fn a_new_owner_is_told_from_the_last() {
        for number in [NEAR as i32 - 1, NEAR as i32 + 5] {
            begin(number, Short::TellsNothing);
            let first = epoch_of(number);
            begin(number, Short::MeansBlocked);
            let second = epoch_of(number);
            begin(number, Short::TellsNothing);
            assert_ne!(first, second);
            assert_ne!(second, epoch_of(number));
            assert_ne!(first, epoch_of(number));
            assert_eq!((first.short(), second.short()), (Short::TellsNothing, Short::MeansBlocked));
        }
    }

    #[test]
    fn epochs_begin_again_without_being_zero() {
        let last = (1 << Epoch::BITS) - 1;
        assert_eq!(Epoch::after(last, Short::TellsNothing), 2);
        assert_eq!(Epoch::after(last - 1, Short::MeansBlocked), 3);
    }
}
