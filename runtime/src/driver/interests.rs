//! Who waits for which descriptor to be ready, and what is known of it.

use core::cell::{Cell, OnceCell};
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};

use super::Interest;
use super::completion::{Completions, Index, NONE};
use crate::descriptor::{Epoch, Short, epoch_of, near_epoch_of};
use crate::op::{self, Key};
use crate::sys::pages;
use crate::task::Slot;

/// For each descriptor a ring of waiting records, linked through the records from each to the one that
/// came after it and from the last to the first, who is parked, and whether the driver watches it.
///
/// The oldest is woken first: or one who finds no room in a descriptor that others use as well would
/// never have his turn.
///
/// Used by one thread, in cells, so that nothing is borrowed while a task runs.
pub(crate) struct Interests {
    /// The descriptors with usual numbers. Zeroed pages cost nothing until they are touched.
    near: Box<[Known; NEAR]>,
    /// The others, as many in each part; none if memory is fixed.
    far: Box<[OnceCell<Box<[Known; NEAR]>>]>,
    /// How many operations are parked or have records here.
    waiting: Cell<usize>,
    /// Whether one of them was since the driver was asked last. It may have gone and come back, and
    /// what is known to block does so until an event is taken.
    was_awaited: Cell<bool>,
}

/// What is known of one descriptor. All zeros know nothing.
#[repr(C)]
struct Known {
    /// The epoch in which the driver began to watch the descriptor, and the flags below.
    word: Cell<u32>,
    /// The last record that waits for it, plus one.
    last: Cell<u32>,
    /// The keys of the operations that are parked, or zero: one that reads and one that writes.
    keys: [Cell<u64>; 2],
    /// How far they are from their slots.
    distances: [Cell<u32>; 2],
}

const _: () = assert!(size_of::<Known>() == 32);

/// How many descriptors are near, and in each part of the others.
const NEAR: usize = 1 << 20;
/// How many parts there are for all the numbers that there can be.
const PARTS: usize = (1 << 31) / NEAR - 1;

/// An attempt to read would block, until an event says otherwise.
pub(crate) const READ_BLOCKED: u32 = 1;
/// The stream has ended, or has urgent bytes: a short call tells nothing any more.
const PECULIAR: u32 = 1 << 1;
/// An attempt to write would block, until an event says otherwise.
pub(crate) const WRITE_BLOCKED: u32 = 1 << 2;
const FLAGS: u32 = READ_BLOCKED | PECULIAR | WRITE_BLOCKED;
/// Where the epoch begins.
const EPOCH: u32 = 3;

/// The bit of a key that says that the loop may receive, see [`Parked::is_in_place`].
const IN_PLACE: u64 = 1;

/// A short call tells that the next one would block, if the stream is not peculiar.
const SHORT_TELLS: u32 = Epoch::SHORT_TELLS << EPOCH;

const _: () = assert!(Epoch::BITS + EPOCH == 32);

const fn blocked(interest: Interest) -> u32 {
    match interest {
        Interest::Read => READ_BLOCKED,
        Interest::Write => WRITE_BLOCKED,
    }
}

/// The word of a descriptor of which nothing is known but that it is watched since this epoch.
#[inline]
pub(crate) const fn word_of(epoch: Epoch) -> u32 {
    epoch.bits() << EPOCH
}

fn nothing_known() -> Box<[Known; NEAR]> {
    let zeroed = Box::<[Known; NEAR]>::new_zeroed();
    // SAFETY: all of it is numbers in cells.
    unsafe { zeroed.assume_init() }
}

impl Known {
    /// Whether the driver watches the descriptor for its present owner.
    #[inline]
    fn is_of(&self, epoch: Epoch) -> bool {
        self.word.get() & !FLAGS == word_of(epoch)
    }

    /// There may be more to read than was taken.
    #[cold]
    fn may_be_read(&self) {
        self.word.set(self.word.get() & !READ_BLOCKED);
    }

    fn is_parked(&self, interest: Interest) -> bool {
        self.keys[interest as usize].get() != 0
    }
}

impl Interests {
    /// Nobody waits.
    pub(crate) fn new(is_fixed: bool) -> Self {
        let parts = if is_fixed { 0 } else { PARTS };
        Interests {
            near: nothing_known(),
            far: (0..parts).map(|_| OnceCell::new()).collect(),
            waiting: Cell::new(0),
            was_awaited: Cell::new(false),
        }
    }

    /// Uses the memory for so many descriptors, so that the system has given it.
    pub(crate) fn claim(&self, count: usize) {
        for known in self.near.iter().take(count).step_by(pages::PAGE / size_of::<Known>()) {
            // What the compiler does not know it cannot leave out.
            known.word.set(core::hint::black_box(known.word.get()));
        }
    }

    /// Whether there is room for the descriptor, or may be.
    pub(crate) fn has_room(&self, fd: BorrowedFd<'_>) -> bool {
        (fd.as_raw_fd() as usize) / NEAR <= self.far.len()
    }

    /// Whether somebody waits for an event, or did since this was called last.
    pub(crate) fn take_awaited(&self) -> bool {
        self.was_awaited.replace(false) || self.waiting.get() > 0
    }

    /// What is known of a descriptor, if anything.
    #[inline]
    fn find_known(&self, fd: RawFd) -> Option<&Known> {
        match self.near.get(fd as usize) {
            None => self.find_far(fd as usize),
            near => near,
        }
    }

    #[cold]
    fn find_far(&self, position: usize) -> Option<&Known> {
        self.far.get(position / NEAR - 1)?.get()?.get(position % NEAR)
    }

    /// What is known of a descriptor for which there is room.
    fn at(&self, fd: RawFd) -> &Known {
        let position = fd as usize;
        match self.near.get(position) {
            Some(near) => near,
            None => &self.far[position / NEAR - 1].get_or_init(nothing_known)[position % NEAR],
        }
    }

    /// Whether the driver watches the descriptor for its present owner.
    pub(crate) fn is_watched(&self, fd: BorrowedFd<'_>) -> bool {
        let epoch = epoch_of(fd.as_raw_fd());
        let is_new = epoch.bits() == 0;
        !is_new && self.find_known(fd.as_raw_fd()).is_some_and(|known| known.is_of(epoch))
    }

    /// The driver watches the descriptor from now on.
    pub(crate) fn watch(&self, fd: BorrowedFd<'_>, epoch: Epoch) {
        self.at(fd.as_raw_fd()).word.set(word_of(epoch));
    }

    /// An attempt has blocked, and the driver will tell of the next event.
    pub(crate) fn block(&self, fd: BorrowedFd<'_>, interest: Interest) {
        let word = &self.at(fd.as_raw_fd()).word;
        word.set(word.get() | blocked(interest));
    }

    /// A call moved fewer bytes than it was asked to.
    pub(crate) fn ran_short(&self, fd: BorrowedFd<'_>, interest: Interest) {
        let epoch = epoch_of(fd.as_raw_fd());
        let Some(known) = self.find_known(fd.as_raw_fd()) else { return };
        let word = known.word.get();
        if known.is_of(epoch) && word & PECULIAR == 0 && epoch.short() == Short::MeansBlocked {
            known.word.set(word | blocked(interest));
        }
    }

    /// There was an event, and nothing but that bytes can be read, and perhaps written. If one operation is
    /// parked that waits for that, and nobody else waits, this gives the slot, whose task is to be resumed at
    /// once. For a read that is parked in place it has received then. `None`: nothing was done.
    ///
    /// Of the epoch nothing is asked: whoever is parked is one of the present owner, and finds nothing if
    /// the event is about the one before.
    #[inline(always)] // for one caller
    pub(crate) fn read_at_once(&self, fd: RawFd) -> Option<Slot> {
        let known = self.near.get(fd as usize)?;
        let word = known.word.get();
        let (reader, writer) = (known.keys[0].get(), known.keys[1].get());
        let has_others = writer | u64::from(known.last.get()) != 0;
        // A stream of which more is known is left to others.
        let is_usual = word & (PECULIAR | WRITE_BLOCKED) == 0;
        if !is_usual || has_others {
            return None;
        }
        if reader & IN_PLACE == 0 {
            return self.make_ready_at_once(known);
        }
        // SAFETY: the read is parked in place, on the thread of its runtime.
        let is_short = unsafe { op::receive_parked(Key::parked(reader - IN_PLACE)) }?;
        // Most attempts take all there is, and then the next one would block.
        if !is_short || word & SHORT_TELLS == 0 {
            known.may_be_read();
        }
        known.keys[0].set(0);
        self.waiting.set(self.waiting.get() - 1);
        Some(Key::parked(reader - IN_PLACE).slot(known.distances[0].get()))
    }

    /// The descriptor can be read: makes the operation ready that is parked for that, if there is one, and
    /// gives its slot.
    fn make_ready_at_once(&self, known: &Known) -> Option<Slot> {
        let (key, slot) = self.take_parked(known, Interest::Read)?;
        known.word.set(known.word.get() & !READ_BLOCKED);
        // SAFETY: the key was taken from where it was parked just now.
        unsafe { key.make_ready() };
        Some(slot)
    }

    /// There was an event: gives those to wake, and `None` if it is about a descriptor that is
    /// watched no more.
    pub(crate) fn unblock(&self, fd: RawFd, watched: u32, ready: Ready) -> Option<Awaited> {
        let known = self.find_known(fd)?;
        let mut word = known.word.get();
        if word & !FLAGS != watched {
            return None;
        }
        let mut parked = [None; 2];
        for interest in [Interest::Read, Interest::Write] {
            if ready.is_for(interest) {
                word &= !blocked(interest);
                parked[interest as usize] = self.take_parked(known, interest);
            }
        }
        known.word.set(if ready.is_peculiar { word | PECULIAR } else { word });
        Some(Awaited { parked, has_records: known.last.get() != 0 })
    }

    fn take_parked(&self, known: &Known, interest: Interest) -> Option<(Key, Slot)> {
        let bits = known.keys[interest as usize].replace(0);
        if bits == 0 {
            return None;
        }
        self.waiting.set(self.waiting.get() - 1);
        let key = Key::parked(bits & !IN_PLACE);
        Some((key, key.slot(known.distances[interest as usize].get())))
    }

    /// Lets an operation wait for the descriptor, if an attempt would block, as far as is
    /// known, and no other one waits.
    #[inline]
    pub(crate) fn park_blocked(&self, fd: RawFd, interest: Interest, parked: Parked) -> bool {
        // Far descriptors are attempted and get a record: whoever has so many has other costs.
        let Some(known) = self.near.get(fd as usize) else { return false };
        let Some(epoch) = near_epoch_of(fd) else { return false };
        let is_blocked = known.word.get() & blocked(interest) != 0;
        if !is_blocked || !known.is_of(epoch) || known.is_parked(interest) {
            return false;
        }
        let in_place = if parked.is_in_place { IN_PLACE } else { 0 };
        known.keys[interest as usize].set(parked.key.bits() | in_place);
        known.distances[interest as usize].set(parked.distance);
        self.waiting.set(self.waiting.get() + 1);
        true
    }

    /// Ends the wait of the operation that is parked.
    pub(crate) fn unpark(&self, fd: RawFd, interest: Interest) {
        if self.at(fd).keys[interest as usize].replace(0) != 0 {
            self.waiting.set(self.waiting.get() - 1);
            self.was_awaited.set(true);
        }
    }

    /// Adds a record behind those that wait for its descriptor.
    pub(crate) fn link(&self, completions: &mut Completions, index: Index) {
        let fd = completions.get(index).fd;
        let last = self.last(fd);
        let first = if last == NONE {
            index
        } else {
            core::mem::replace(&mut completions.get(last).next, index)
        };
        completions.get(index).next = first;
        self.at(fd).last.set(index.wrapping_add(1));
        self.waiting.set(self.waiting.get() + 1);
    }

    /// The last record that waits for `fd`.
    fn last(&self, fd: RawFd) -> Index {
        self.find_known(fd).map_or(0, |known| known.last.get()).wrapping_sub(1)
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
    pub(crate) fn unlink(&self, completions: &mut Completions, index: Index) {
        self.was_awaited.set(true);
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
        self.waiting.set(self.waiting.get() - 1);
        completions.get(previous).next = completions.get(index).next;
        if index == last {
            let is_only = previous == index;
            self.at(fd).last.set(if is_only { 0 } else { previous.wrapping_add(1) });
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

impl core::fmt::Debug for Interests {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Interests").field("waiting", &self.waiting).finish_non_exhaustive()
    }
}

/// An operation that is to be parked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parked {
    pub(crate) key: Key,
    /// How far its ticket is from its slot.
    pub(crate) distance: u32,
    /// Whether it is a [`Read`](op::Read) whose buffer lies in the slot, so that the loop may receive into
    /// that without the task.
    pub(crate) is_in_place: bool,
}

/// Who waits for a descriptor that became ready.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Awaited {
    /// The operations that were parked, and are no more, with their slots.
    pub(crate) parked: [Option<(Key, Slot)>; 2],
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

    fn wait(interests: &Interests, completions: &mut Completions, fd: i32) -> Index {
        let index = completions.insert(Stage::Waiting, Wake::Nobody);
        completions.get(index).fd = fd;
        interests.link(completions, index);
        index
    }

    #[test]
    fn records_of_one_descriptor_leave_in_any_order() {
        let (interests, mut completions) =
            (Interests::new(false), Completions::with_capacity(4, false));
        let first = wait(&interests, &mut completions, 7);
        let second = wait(&interests, &mut completions, 7);
        let third = wait(&interests, &mut completions, 7);
        interests.unlink(&mut completions, second);
        interests.unlink(&mut completions, third);
        assert_eq!(interests.first(&mut completions, 7), first);
        interests.unlink(&mut completions, first);
        assert_eq!(interests.first(&mut completions, 7), NONE);
    }

    #[test]
    fn the_oldest_record_comes_first() {
        let (interests, mut completions) =
            (Interests::new(false), Completions::with_capacity(4, false));
        let records = [(); 5].map(|()| wait(&interests, &mut completions, 7));
        // One in the middle, the last, the first, and another one comes.
        for index in [records[2], records[4], records[0]] {
            interests.unlink(&mut completions, index);
        }
        let another = wait(&interests, &mut completions, 7);
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
        let (interests, mut completions) =
            (Interests::new(false), Completions::with_capacity(4, false));
        assert_eq!(interests.first(&mut completions, 1 << 20), NONE);
        let index = wait(&interests, &mut completions, 1 << 20);
        assert_eq!(interests.find(&mut completions, 1 << 20, |i| i == Interest::Read), Some(index));
        assert_eq!(interests.find(&mut completions, 1 << 20, |i| i == Interest::Write), None);
    }
}
