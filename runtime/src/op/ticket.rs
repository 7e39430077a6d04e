//! Where an operation is, in eight bytes.
//!
//! ```text
//!            wait, starve: a record of the ledger       take
//!   New ─────────────────────────────────────▶ Record ────────▶ New
//!    │       park                     the descriptor is ready      take
//!    ├──────────────────▶ Parked ─────────────────────────▶ Ready ─────▶ New
//!    │       submit                    the kernel completes        take
//!    └──────────────────▶ Kernel ─────────────────────────▶ Landed ────▶ New
//!                         │    ▲                                ▲
//!             polled with │    │ relayed no more                │
//!         another waker   ▼    │       the kernel completes     │
//!                         Relayed ──────────────────────────────┘
//!
//!   New ── the operation gave its result ──▶ Finished
//! ```
//!
//! While the kernel works on an operation its [`Key`] is what the kernel gives back: the address of
//! the slot and the place of the ticket in it. So a completion finds the task without a record. An
//! operation in a slot that waits for its descriptor on a driver without completions is found in
//! the same way.

use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicU32, Ordering::*};
use core::task::Context;
use std::os::fd::RawFd;

use super::Home;
use crate::driver::{Index, Interest, Stage};
use crate::scheduler::Core;
use crate::task::{PAYLOAD_OFFSET, Slot, Wake};

/// Where an operation is: a runtime, and a record there or a result.
///
/// The kernel's completion is written here while its owner may hold a reference, and may even have
/// lent it to another thread, so the words are atomic. All but taking a result is done by the thread
/// of the runtime, so nothing else is ordered.
#[derive(Debug)]
pub(crate) struct Ticket {
    /// The number of the runtime, and a phase.
    tag: AtomicU32,
    /// `Record`, `Relayed`: the record. `Landed`: the result. `Parked`: the descriptor.
    value: AtomicU32,
}

/// The bits of the tag that are the phase.
const PHASE: u32 = 0b111 << 28;
const NEW: u32 = 0;
const RECORD: u32 = 1 << 28;
const KERNEL: u32 = 2 << 28;
const RELAYED: u32 = 3 << 28;
const LANDED: u32 = 4 << 28;
/// Without a runtime, as `NEW`.
const FINISHED: u32 = 1;
const PARKED: u32 = 6 << 28;
const READY: u32 = 7 << 28;
/// Set while the kernel may answer with a descriptor that nobody else would close.
const YIELDS_FD: u32 = 1 << 31;
/// `Parked`: until the descriptor is ready to be written.
const FOR_WRITE: u32 = 1 << 31;

/// What a poll finds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Progress {
    /// The operation has not begun.
    New,
    /// It is in flight, and the one who polls will be woken.
    Pending,
    /// What it waited for has come: attempt again.
    Ready,
    /// The result of the system call, an error as a negative number.
    Done(i32),
    /// It was begun by another runtime.
    Elsewhere,
}

/// What a ticket that is dropped leaves to be done.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Leftover {
    /// Nothing.
    Nothing,
    /// A record of this runtime.
    Record(u32, Index),
    /// The kernel works on it.
    Kernel(u32),
    /// It waits for a descriptor, by its key.
    Parked(u32, RawFd, Interest),
    /// A descriptor that nobody has taken.
    Descriptor(RawFd),
}

impl Ticket {
    /// The ticket of an operation that was not polled yet.
    pub(super) const fn new() -> Self {
        Ticket { tag: AtomicU32::new(NEW), value: AtomicU32::new(0) }
    }

    /// Takes the result of an operation that the kernel has done without an error, and ends it.
    ///
    /// Anybody may: it needs no runtime.
    #[inline(always)] // so that an operation that has landed costs no call
    pub(super) fn take_landed(&self) -> Option<usize> {
        // ORDERING: pairs with `Key::land`: what the kernel wrote is seen by who takes the result.
        if self.tag.load(Acquire) & PHASE != LANDED {
            return None;
        }
        let value = self.value.load(Relaxed) as i32;
        if value < 0 {
            return None;
        }
        self.tag.store(FINISHED, Relaxed);
        Some(value as usize)
    }

    /// Whether the operation has not begun.
    #[inline]
    pub(super) fn is_new(&self) -> bool {
        self.tag.load(Relaxed) == NEW
    }

    /// Whether what the operation waited for has come; it is new then.
    #[inline]
    pub(super) fn take_ready(&self, core: &Core) -> bool {
        let is_ready = self.tag.load(Relaxed) == READY | core.id().get();
        if is_ready {
            self.tag.store(NEW, Relaxed);
        }
        is_ready
    }

    /// Looks at what has become of the operation, and takes the result if there is one.
    #[inline]
    pub(crate) fn progress(&self, core: &Core, context: &Context<'_>) -> Progress {
        let tag = self.tag.load(Relaxed);
        if tag == NEW {
            return Progress::New;
        }
        if tag & !YIELDS_FD == LANDED | core.id().get() {
            self.tag.store(NEW, Relaxed);
            return Progress::Done(self.value.load(Relaxed) as i32);
        }
        if tag == READY | core.id().get() {
            self.tag.store(NEW, Relaxed);
            return Progress::Ready;
        }
        self.progress_of(tag, core, context)
    }

    fn progress_of(&self, tag: u32, core: &Core, context: &Context<'_>) -> Progress {
        assert!(tag != FINISHED, "an operation was polled after it gave its result");
        if tag & !(PHASE | YIELDS_FD) != core.id().get() {
            return Progress::Elsewhere;
        }
        match tag & PHASE {
            KERNEL => self.relay(tag, core, context),
            RELAYED => self.renew_wake(core, context),
            PARKED => return self.progress_of_parked(core, context),
            _ => return self.progress_of_record(core, context),
        }
        Progress::Pending
    }

    /// Whoever polls must be the task that will be woken; else the operation waits anew.
    fn progress_of_parked(&self, core: &Core, context: &Context<'_>) -> Progress {
        let home = core.home().filter(|home| home.holds(self));
        if home.is_some_and(|home| home.is_woken_by(context)) {
            return Progress::Pending;
        }
        if let Leftover::Parked(_, fd, interest) = self.leftover() {
            core.ledger().borrow_mut().unpark(fd, interest);
        }
        self.tag.store(NEW, Relaxed);
        Progress::Ready
    }

    fn progress_of_record(&self, core: &Core, context: &Context<'_>) -> Progress {
        let (stage, wake) = core.ledger().borrow_mut().take(self.index());
        drop(wake);
        let progress = match stage {
            Stage::Ready => Progress::Ready,
            Stage::Failed(error) => Progress::Done(error),
            _ => {
                self.renew_wake(core, context);
                return Progress::Pending;
            }
        };
        self.tag.store(NEW, Relaxed);
        progress
    }

    fn index(&self) -> Index {
        self.value.load(Relaxed)
    }

    /// Makes the record wake the one who polls now.
    fn renew_wake(&self, core: &Core, context: &Context<'_>) {
        if core.ledger().borrow_mut().get(self.index()).wake.will_wake(context) {
            return;
        }
        let wake = Wake::new(context, core.home().filter(|home| home.holds(self)));
        let mut ledger = core.ledger().borrow_mut();
        let before = core::mem::replace(&mut ledger.get(self.index()).wake, wake);
        drop(ledger);
        // Dropped without a borrow: the destructor of a waker may be anybody's code.
        drop(before);
    }

    /// The completion will wake the task in whose slot this is. If somebody else polls, it gets a
    /// record.
    fn relay(&self, tag: u32, core: &Core, context: &Context<'_>) {
        let home = core.home().filter(|home| home.holds(self));
        let wake = Wake::new(context, home);
        if let Wake::Other(waker) = &wake {
            if !core.ledger().borrow().has_room() {
                // It is polled until it has landed: without memory there is no other way to wake it.
                waker.wake_by_ref();
                return;
            }
            self.value.store(core.ledger().borrow_mut().relay(wake), Relaxed);
            self.tag.store(tag & !PHASE | RELAYED, Relaxed);
        }
    }

    /// The operation is in flight, without any memory.
    pub(crate) fn set_record(&self, core: &Core, index: Index) {
        self.value.store(index, Relaxed);
        self.tag.store(core.id().get() | RECORD, Relaxed);
    }

    /// The operation waits for a descriptor, by its key.
    #[inline]
    pub(crate) fn set_parked(&self, core: &Core, fd: RawFd, interest: Interest) {
        let for_write = if interest == Interest::Write { FOR_WRITE } else { 0 };
        self.value.store(fd as u32, Relaxed);
        self.tag.store(core.id().get() | PARKED | for_write, Relaxed);
    }

    /// The operation is in flight, and the kernel has memory of its slot.
    #[inline]
    pub(crate) fn set_in_kernel(&self, core: &Core, yields_fd: bool) {
        let yields_fd = if yields_fd { YIELDS_FD } else { 0 };
        self.tag.store(core.id().get() | KERNEL | yields_fd, Relaxed);
    }

    /// The operation is in the kernel, and the record is woken when it lands.
    pub(crate) fn set_relayed(&self, index: Index) {
        self.value.store(index, Relaxed);
        self.tag.store(self.tag.load(Relaxed) & !PHASE | RELAYED, Relaxed);
    }

    /// The operation has given its result.
    #[inline]
    pub(crate) fn finish(&self) {
        self.tag.store(FINISHED, Relaxed);
    }

    /// The operation may be done again, for what is left.
    #[inline]
    pub(crate) fn renew(&self) {
        debug_assert_eq!(self.tag.load(Relaxed), FINISHED);
        self.tag.store(NEW, Relaxed);
    }

    /// Whether the kernel works on the operation.
    pub(super) fn is_in_kernel(&self) -> bool {
        matches!(self.tag.load(Relaxed) & PHASE, KERNEL | RELAYED)
    }

    /// Whether there is nothing to be done when the ticket is dropped.
    #[inline]
    pub(super) fn is_settled(&self) -> bool {
        self.tag.load(Relaxed) <= FINISHED
    }

    /// What there is to be done when the ticket is dropped.
    pub(super) fn leftover(&self) -> Leftover {
        let (tag, value) = (self.tag.load(Relaxed), self.value.load(Relaxed));
        let runtime = tag & !(PHASE | YIELDS_FD);
        match tag & PHASE {
            RECORD => Leftover::Record(runtime, value),
            KERNEL | RELAYED => Leftover::Kernel(runtime),
            PARKED if tag & FOR_WRITE != 0 => {
                Leftover::Parked(runtime, value as RawFd, Interest::Write)
            }
            PARKED => Leftover::Parked(runtime, value as RawFd, Interest::Read),
            LANDED if tag & YIELDS_FD != 0 && value as i32 >= 0 => {
                Leftover::Descriptor(value as i32)
            }
            _ => Leftover::Nothing,
        }
    }
}

/// An operation that the kernel works on, in the bits that the kernel gives back.
///
/// The low 20 bits are the distance of the ticket from the slot, divided by its alignment, and the
/// rest is the address of the slot, divided by its own alignment. The distance is never zero, so a
/// key is never mistaken for the number of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key(u64);

const SLOT_ALIGN: usize = 16;
const TICKET_ALIGN: usize = 4;

#[cfg(target_pointer_width = "64")]
const _: () = assert!(
    align_of::<crate::task::Header>() == SLOT_ALIGN
        && align_of::<Ticket>() == TICKET_ALIGN
        && PAYLOAD_OFFSET / TICKET_ALIGN > 0
);

impl Key {
    /// How many bits the distance takes.
    pub(crate) const DISTANCE_BITS: u32 = 20;
    const DISTANCE: u64 = (1 << Key::DISTANCE_BITS) - 1;

    /// Whether every operation in the payload of `slot` has a key, if that has `size` bytes.
    pub(crate) fn can_reach(slot: Slot, size: usize) -> bool {
        let furthest = size.saturating_add(PAYLOAD_OFFSET) / TICKET_ALIGN;
        let address = (slot.as_ptr().addr() / SLOT_ALIGN) as u64;
        furthest < 1 << Key::DISTANCE_BITS && address >> (64 - Key::DISTANCE_BITS) == 0
    }

    /// The key of the operation of `ticket`, which `home` holds.
    #[inline]
    pub(crate) fn new(home: Home, ticket: &Ticket) -> Self {
        debug_assert!(home.holds(ticket), "a home holds only what a key can reach");
        let slot = home.slot().as_ptr().expose_provenance();
        let distance = ptr::from_ref(ticket).addr().wrapping_sub(slot) / TICKET_ALIGN;
        Key(((slot / SLOT_ALIGN) as u64) << Key::DISTANCE_BITS | distance as u64)
    }

    /// The key that the kernel gives back, `None` if it is no key.
    #[inline]
    pub(crate) const fn from_bits(bits: u64) -> Option<Self> {
        if bits & Key::DISTANCE == 0 { None } else { Some(Key(bits)) }
    }

    /// What the kernel keeps.
    #[inline]
    pub(crate) const fn bits(self) -> u64 {
        self.0
    }

    /// The slot.
    #[inline]
    pub(crate) const fn slot(self) -> Slot {
        let address = (self.0 >> Key::DISTANCE_BITS) as usize * SLOT_ALIGN;
        // SAFETY: a key is made of the address of a slot, which is not null.
        unsafe { NonNull::new_unchecked(ptr::with_exposed_provenance_mut(address)) }
    }

    /// Puts the result into the ticket, and gives the record to wake instead of the slot.
    ///
    /// # Safety
    ///
    /// * The kernel gave the key back just now, once for the operation.
    #[inline]
    pub(crate) unsafe fn land(self, result: i32) -> Option<Index> {
        // SAFETY: an operation in the kernel is at its place in its slot until it has landed:
        // `OpDropped`, `KernelLetsGo`.
        let ticket = unsafe { &*self.ticket() };
        let tag = ticket.tag.load(Relaxed);
        debug_assert!(ticket.is_in_kernel());
        let relay = (tag & PHASE == RELAYED).then(|| ticket.index());
        ticket.value.store(result as u32, Relaxed);
        // ORDERING: pairs with `take_landed`.
        ticket.tag.store(tag & !PHASE | LANDED, Release);
        relay
    }

    /// Puts the result into the ticket, and gives the slot, whose task waits and is to be resumed at
    /// once. `None`: nothing was done, as somebody else is to be woken, or the task does not wait.
    ///
    /// # Safety
    ///
    /// * The kernel gave the key back just now, once for the operation, on the thread of the runtime.
    #[inline(always)] // for one caller
    pub(crate) unsafe fn land_at_once(self, result: i32) -> Option<Slot> {
        // SAFETY: an operation in the kernel is at its place in its slot until it has landed:
        // `OpDropped`, `KernelLetsGo`.
        let ticket = unsafe { &*self.ticket() };
        let slot = self.slot();
        // SAFETY: the slot of an operation in flight is occupied: `SlotHeld`, and its task cannot
        // end before `in_flight` is zero.
        let header = unsafe { slot.as_ref() };
        let tag = ticket.tag.load(Relaxed);
        if tag & PHASE != KERNEL || !header.state.begin_at_once() {
            return None;
        }
        header.in_flight.set(header.in_flight.get() - 1);
        ticket.value.store(result as u32, Relaxed);
        // ORDERING: pairs with `take_landed`.
        ticket.tag.store(tag ^ (KERNEL ^ LANDED), Release);
        Some(slot)
    }

    /// Lets the operation attempt again.
    ///
    /// # Safety
    ///
    /// * The operation is parked.
    #[inline]
    pub(crate) unsafe fn make_ready(self) {
        // SAFETY: an operation that is parked is at its place in its slot: `OpDropped`.
        let ticket = unsafe { &*self.ticket() };
        let tag = ticket.tag.load(Relaxed);
        debug_assert_eq!(tag & PHASE, PARKED);
        ticket.tag.store(tag & !FOR_WRITE | READY, Relaxed);
    }

    /// Lets the operation attempt again, and gives the slot, whose task waits and is to be resumed at
    /// once. `None`: nothing was done, as the task does not wait.
    ///
    /// # Safety
    ///
    /// * The operation is parked, and this is the thread of the runtime.
    #[inline(always)] // for one caller
    pub(crate) unsafe fn go_on_at_once(self) -> Option<Slot> {
        let slot = self.slot();
        // SAFETY: an operation that is parked lies in the slot of a task that has not ended:
        // `OpDropped`.
        if !unsafe { slot.as_ref() }.state.begin_at_once() {
            return None;
        }
        // SAFETY: by this function's contract.
        unsafe { self.make_ready() };
        Some(slot)
    }

    #[inline]
    const fn ticket(self) -> *const Ticket {
        let distance = (self.0 & Key::DISTANCE) as usize * TICKET_ALIGN;
        self.slot().as_ptr().wrapping_byte_add(distance).cast::<Ticket>()
    }
}
