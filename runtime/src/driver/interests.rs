//! Who waits for which descriptor to be ready, and what is known of it.

use std::os::fd::{AsRawFd, BorrowedFd, RawFd};

use super::Interest;
use super::completion::{Completions, Index, NONE};
use crate::descriptor::{Epoch, Short, epoch_of};
use crate::op::Key;
use crate::task::Slot;

/// For each descriptor a ring of waiting records, linked through the records from each to the one that
/// came after it and from the last to the first, and whether the driver watches it.
///
/// The oldest is woken first: or one who finds no room in a descriptor that others use as well would
/// never have his turn.
#[derive(Debug)]
pub(crate) struct Interests {
    descriptors: Vec<Known>,
    /// Whether there is never room for more descriptors.
    is_fixed: bool,
    /// How many operations are parked or have records here.
    waiting: usize,
    /// Whether one of them was since the driver was asked last. It may have gone and come back, and
    /// what is known to block does so until an event is taken.
    was_awaited: bool,
}

/// What is known of one descriptor. Numbers, so that an array of zeros is one that knows nothing,
/// and takes no memory before it is used.
type Known = [u64; 4];

/// The epoch in which the driver began to watch the descriptor, and the flags below.
const WORD: usize = 0;
/// The last record that waits for it, plus one.
const LAST: usize = 1;
/// The keys of the operations that are parked: one that reads and one that writes.
const KEYS: [usize; 2] = [2, 3];

/// An attempt to read would block, until an event says otherwise.
const READ_BLOCKED: u64 = 1;
/// An attempt to write would block, until an event says otherwise.
const WRITE_BLOCKED: u64 = 1 << 1;
/// The stream has ended, or has urgent bytes: a short call tells nothing any more.
const PECULIAR: u64 = 1 << 2;
const FLAGS: u32 = 3;

/// The number of descriptors for which there is room from the start.
const ROOM: usize = 1 << 16;

/// How many descriptors this process may ever have, as far as that is known and not too many.
fn descriptors_max() -> usize {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum;
    let limit = limit.and_then(|limit| usize::try_from(limit).ok());
    limit.map_or(FIXED_MAX, |limit| limit.clamp(1024, FIXED_MAX))
}

/// The most descriptors for which there is room if there is never more.
const FIXED_MAX: usize = 1 << 20;

const fn blocked(interest: Interest) -> u64 {
    match interest {
        Interest::Read => READ_BLOCKED,
        Interest::Write => WRITE_BLOCKED,
    }
}

const fn key_of(interest: Interest) -> usize {
    match interest {
        Interest::Read => KEYS[0],
        Interest::Write => KEYS[1],
    }
}

impl Interests {
    /// Nobody waits.
    pub(crate) fn new(is_fixed: bool) -> Self {
        let room = if is_fixed { descriptors_max() } else { ROOM };
        // Zeroed pages cost nothing until they are touched.
        Interests { descriptors: vec![[0; 4]; room], is_fixed, waiting: 0, was_awaited: false }
    }

    /// Whether there is room for the descriptor, or may be.
    pub(crate) fn has_room(&self, fd: BorrowedFd<'_>) -> bool {
        !self.is_fixed || (fd.as_raw_fd() as usize) < self.descriptors.len()
    }

    /// Whether somebody waits for an event, or did since this was called last.
    pub(crate) const fn take_awaited(&mut self) -> bool {
        core::mem::replace(&mut self.was_awaited, false) || self.waiting > 0
    }

    #[inline]
    fn at(&mut self, fd: RawFd) -> &mut Known {
        let position = fd as usize;
        if position >= self.descriptors.len() {
            self.grow(position);
        }
        &mut self.descriptors[position]
    }

    #[cold]
    fn grow(&mut self, position: usize) {
        self.descriptors.resize((position + 1).next_power_of_two(), [0; 4]);
    }

    /// What is known of a descriptor that the driver watches for its present owner.
    #[inline]
    fn watched(&self, fd: RawFd) -> Option<u64> {
        let word = self.descriptors.get(fd as usize)?[WORD];
        (word >> FLAGS == u64::from(epoch_of(fd).bits()) && word != 0).then_some(word)
    }

    /// Whether the driver watches the descriptor for its present owner.
    pub(crate) fn is_watched(&self, fd: BorrowedFd<'_>) -> bool {
        self.watched(fd.as_raw_fd()).is_some()
    }

    /// The driver watches the descriptor from now on.
    pub(crate) fn watch(&mut self, fd: BorrowedFd<'_>, epoch: Epoch) {
        self.at(fd.as_raw_fd())[WORD] = u64::from(epoch.bits()) << FLAGS;
    }

    /// An attempt has blocked, and the driver will tell of the next event.
    pub(crate) fn block(&mut self, fd: BorrowedFd<'_>, interest: Interest) {
        self.at(fd.as_raw_fd())[WORD] |= blocked(interest);
    }

    /// A call moved fewer bytes than it was asked to.
    #[inline]
    pub(crate) fn ran_short(&mut self, fd: BorrowedFd<'_>, interest: Interest) {
        let fd = fd.as_raw_fd();
        let Some(word) = self.watched(fd) else { return };
        if word & PECULIAR == 0 && epoch_of(fd).short() == Short::MeansBlocked {
            self.descriptors[fd as usize][WORD] = word | blocked(interest);
        }
    }

    /// There was an event: gives the slot of the only operation that waits for it, whose task is to
    /// be resumed at once. `None`: nothing was done, as there are others, or the task does not wait.
    #[inline(always)] // for one caller
    pub(crate) fn unblock_at_once(&mut self, fd: RawFd, epoch: u32, ready: Ready) -> Option<Slot> {
        let known = self.descriptors.get_mut(fd as usize)?;
        let word = known[WORD];
        let reader = if ready.readable { known[KEYS[0]] } else { 0 };
        let writer = if ready.writable { known[KEYS[1]] } else { 0 };
        if word >> FLAGS != u64::from(epoch) || known[LAST] != 0 || (reader != 0 && writer != 0) {
            return None;
        }
        let key = Key::from_bits(reader | writer)?;
        // SAFETY: the operation is parked, on the thread of its runtime.
        let slot = unsafe { key.go_on_at_once() }?;
        self.waiting -= 1;
        let mut flags = 0;
        if ready.readable {
            (known[KEYS[0]], flags) = (0, READ_BLOCKED);
        }
        if ready.writable {
            known[KEYS[1]] = 0;
            flags |= WRITE_BLOCKED;
        }
        known[WORD] = word & !flags | if ready.is_peculiar { PECULIAR } else { 0 };
        Some(slot)
    }

    /// There was an event: gives those to wake, and `None` if it is about a descriptor that is
    /// watched no more.
    #[inline]
    pub(crate) fn unblock(&mut self, fd: RawFd, epoch: u32, ready: Ready) -> Option<Parked> {
        let known = self.descriptors.get_mut(fd as usize)?;
        let mut word = known[WORD];
        if word >> FLAGS != u64::from(epoch) {
            return None;
        }
        let mut keys = [None; 2];
        if ready.readable {
            word &= !READ_BLOCKED;
            keys[0] = Key::from_bits(core::mem::take(&mut known[KEYS[0]]));
        }
        if ready.writable {
            word &= !WRITE_BLOCKED;
            keys[1] = Key::from_bits(core::mem::take(&mut known[KEYS[1]]));
        }
        known[WORD] = if ready.is_peculiar { word | PECULIAR } else { word };
        let parked = Parked { keys, has_records: known[LAST] != 0 };
        self.waiting -= keys.iter().flatten().count();
        Some(parked)
    }

    /// Lets the operation of `key` wait for the descriptor, if an attempt would block, as far as is
    /// known, and no other one waits.
    #[inline]
    pub(crate) fn park_blocked(&mut self, fd: RawFd, interest: Interest, key: Key) -> bool {
        let Some(word) = self.watched(fd) else { return false };
        let parked = &mut self.descriptors[fd as usize][key_of(interest)];
        let is_parked = word & blocked(interest) != 0 && *parked == 0;
        if is_parked {
            *parked = key.bits();
            self.waiting += 1;
        }
        is_parked
    }

    /// Ends the wait of the operation that is parked.
    pub(crate) fn unpark(&mut self, fd: RawFd, interest: Interest) {
        if core::mem::take(&mut self.at(fd)[key_of(interest)]) != 0 {
            self.waiting -= 1;
            self.was_awaited = true;
        }
    }

    /// Adds a record behind those that wait for its descriptor.
    pub(crate) fn link(&mut self, completions: &mut Completions, index: Index) {
        let fd = completions.get(index).fd;
        let last = self.last(fd);
        let first = if last == NONE {
            index
        } else {
            core::mem::replace(&mut completions.get(last).next, index)
        };
        completions.get(index).next = first;
        self.at(fd)[LAST] = u64::from(index.wrapping_add(1));
        self.waiting += 1;
    }

    /// The last record that waits for `fd`.
    fn last(&self, fd: RawFd) -> Index {
        let number = self.descriptors.get(fd as usize).map_or(0, |known| known[LAST]);
        (number as Index).wrapping_sub(1)
    }

    /// The first record that waits for `fd`.
    pub(crate) fn first(&self, completions: &mut Completions, fd: RawFd) -> Index {
        match self.last(fd) {
            NONE => NONE,
            last => completions.get(last).next,
        }
    }

    /// The record that came after one that waits for `fd`.
    pub(crate) fn after(&self, completions: &mut Completions, fd: RawFd, index: Index) -> Index {
        if index == self.last(fd) { NONE } else { completions.get(index).next }
    }

    /// Removes a record from those that wait for its descriptor.
    pub(crate) fn unlink(&mut self, completions: &mut Completions, index: Index) {
        self.was_awaited = true;
        let fd = completions.get(index).fd;
        let last = self.last(fd);
        let mut previous = last;
        while previous != NONE && completions.get(previous).next != index {
            previous = completions.get(previous).next;
            if previous == last {
                previous = NONE;
            }
        }
        if previous == NONE {
            return;
        }
        self.waiting -= 1;
        completions.get(previous).next = completions.get(index).next;
        if index == last {
            let is_only = previous == index;
            self.at(fd)[LAST] = if is_only { 0 } else { u64::from(previous.wrapping_add(1)) };
        }
    }

    /// Finds the oldest record that waits for `fd` and whose interest `select` accepts.
    pub(crate) fn find(
        &self,
        completions: &mut Completions,
        fd: RawFd,
        select: impl Fn(Interest) -> bool,
    ) -> Option<Index> {
        let mut index = self.first(completions, fd);
        while index != NONE {
            if select(completions.get(index).interest) {
                return Some(index);
            }
            index = self.after(completions, fd, index);
        }
        None
    }
}

/// Who waits for a descriptor that became ready.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parked {
    /// The operations that were parked, and are no more.
    pub(crate) keys: [Option<Key>; 2],
    /// Whether records wait as well.
    pub(crate) has_records: bool,
}

/// What a descriptor became ready for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ready {
    pub(crate) readable: bool,
    pub(crate) writable: bool,
    /// The stream has ended or failed, or has urgent bytes.
    pub(crate) is_peculiar: bool,
}

impl Ready {
    /// Whether one who waits for `interest` is to be woken.
    pub(crate) const fn is_for(self, interest: Interest) -> bool {
        match interest {
            Interest::Read => self.readable,
            Interest::Write => self.writable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Interests;
    use crate::driver::Interest;
    use crate::driver::completion::{Completions, Index, NONE, Stage};
    use crate::task::Wake;

    fn wait(interests: &mut Interests, completions: &mut Completions, fd: i32) -> Index {
        let index = completions.insert(Stage::Waiting, Wake::Nobody);
        completions.get(index).fd = fd;
        interests.link(completions, index);
        index
    }

    #[test]
    fn records_of_one_descriptor_leave_in_any_order() {
        let (mut interests, mut completions) =
            (Interests::new(false), Completions::with_capacity(4, false));
        let first = wait(&mut interests, &mut completions, 7);
        let second = wait(&mut interests, &mut completions, 7);
        let third = wait(&mut interests, &mut completions, 7);
        interests.unlink(&mut completions, second);
        interests.unlink(&mut completions, third);
        assert_eq!(interests.first(&mut completions, 7), first);
        interests.unlink(&mut completions, first);
        assert_eq!(interests.first(&mut completions, 7), NONE);
    }

    #[test]
    fn the_oldest_record_comes_first() {
        let (mut interests, mut completions) =
            (Interests::new(false), Completions::with_capacity(4, false));
        let records = [(); 5].map(|()| wait(&mut interests, &mut completions, 7));
        // One in the middle, the last, the first, and another one comes.
        for index in [records[2], records[4], records[0]] {
            interests.unlink(&mut completions, index);
        }
        let another = wait(&mut interests, &mut completions, 7);
        for index in [records[1], records[3], another] {
            assert_eq!(interests.find(&mut completions, 7, |_| true), Some(index));
            interests.unlink(&mut completions, index);
        }
        assert_eq!(interests.first(&mut completions, 7), NONE);
        assert!(interests.take_awaited());
        assert!(!interests.take_awaited());
    }

    #[test]
    fn a_large_descriptor_makes_room() {
        let (mut interests, mut completions) =
            (Interests::new(false), Completions::with_capacity(4, false));
        assert_eq!(interests.first(&mut completions, 1 << 20), NONE);
        let index = wait(&mut interests, &mut completions, 1 << 20);
        assert_eq!(interests.find(&mut completions, 1 << 20, |i| i == Interest::Read), Some(index));
        assert_eq!(interests.find(&mut completions, 1 << 20, |i| i == Interest::Write), None);
    }
}
