//! Where an operation is, in twelve bytes.
//!
//! ```text
//!            wait, starve: a record of the ledger       take
//!   New ─────────────────────────────────────▶ Record ────────▶ New
//!    │       park                     the descriptor is ready      take
//!    ├──────────────────▶ Parked ─────────────────────────▶ Ready ─────▶ New
//!    │                      │       the loop has received
//!    │                      └───────────────────────────────▶ Landed ──▶ Ended
//!    │       submit                    the kernel completes        take
//!    └──────────────────▶ Kernel ─────────────────────────▶ Landed ────▶ Ended
//!                         │    ▲                                ▲
//!             polled with │    │ relayed no more                │
//!         another waker   ▼    │       the kernel completes     │
//!                         Relayed ──────────────────────────────┘
//!
//!   New ── the operation gave its result ──▶ Ended
//!   New ── its owner does it in another way ──▶ Apart
//! ```
//!
//! What lies between *new* and *ended* is in words that the runtime writes as well. The [`Stage`] says which
//! of the three it is, and is the owner's: of what is known there the compiler makes no instructions.
//!
//! While the kernel works on an operation its [`Key`], the address of the ticket, is what the kernel
//! gives back, and the ticket says how far it is from its slot. So a completion finds the task without
//! a record. An operation in a slot that waits for its descriptor on a driver without completions is
//! found in the same way.
//!
//! # Invariants
//!
//! * `StageByOwner`: the stage of a ticket is touched only by who has its operation exclusively.

use core::cell::UnsafeCell;
use core::panic::RefUnwindSafe;
use core::ptr;
use core::sync::atomic::{AtomicU32, Ordering::*, fence};
use core::task::Context;
use std::os::fd::RawFd;

use super::Home;
use crate::driver::{self, Index, Interest};
use crate::scheduler::{Core, RuntimeId};
use crate::task::{Header, PAYLOAD_OFFSET, Slot, Wake};

/// Where an operation is: a runtime, and a record there or a result.
///
/// The kernel's completion is written here while its owner may hold a reference, and may even have
/// lent it to another thread, so the words are atomic. All but taking a result is done by the thread
/// of the runtime, so nothing else is ordered.
#[derive(Debug)]
pub(crate) struct Ticket {
    /// The number of the runtime, and a phase.
    tag: AtomicU32,
    /// `Record`, `Relayed`: the record. `Kernel`: how many bytes the ticket is away from its slot.
    /// `Landed`: the result, a negative number if the tag says `FAILED`. `Parked`: the descriptor.
    value: AtomicU32,
    /// Touched by the owner of the operation: `StageByOwner`.
    stage: UnsafeCell<Stage>,
}

// SAFETY: whoever has a shared reference only does not touch the stage: `StageByOwner`.
unsafe impl Sync for Ticket {}

// As atomics: a panic leaves nothing half changed.
impl RefUnwindSafe for Ticket {}

/// How far an operation is, as its owner knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Stage {
    /// It has not begun. The words say nothing.
    New,
    /// The words tell where it is.
    Begun,
    /// It has given its result. The words say nothing.
    Ended,
}

/// The bits of the tag that are the phase.
const PHASE: u32 = 0b111 << 28;
const RECORD: u32 = 1 << 28;
const KERNEL: u32 = 2 << 28;
const RELAYED: u32 = 3 << 28;
/// Without a runtime, as `APART` and `READY`. The result is no error.
const LANDED: u32 = 4 << 28;
/// Landed with an error: a bit where others have a runtime.
const FAILED: u32 = 1;
const APART: u32 = 5 << 28;
const PARKED: u32 = 6 << 28;
const READY: u32 = 7 << 28;
/// Set while the kernel may answer, or has, with a descriptor that nobody else would close.
const YIELDS_FD: u32 = 1 << 31;
/// `Parked`: until the descriptor is ready to be written.
const FOR_WRITE: u32 = 1 << 31;

/// What a poll finds of an operation that has begun.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Progress {
    /// It is in flight, and the one who polls will be woken.
    Pending,
    /// What it waited for has come: attempt again. It is new then.
    Ready,
    /// The result of the system call, an error as a negative number. It is new then.
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
        Ticket::with(0, Stage::New)
    }

    /// The ticket of an operation that has landed with the result 0, without being polled.
    pub(super) const fn landed() -> Self {
        Ticket::with(LANDED, Stage::Begun)
    }

    #[inline]
    const fn with(tag: u32, stage: Stage) -> Self {
        let (tag, value) = (AtomicU32::new(tag), AtomicU32::new(0));
        Ticket { tag, value, stage: UnsafeCell::new(stage) }
    }

    /// How far the operation is.
    ///
    /// # Safety
    ///
    /// * The caller has the operation exclusively: `StageByOwner`.
    #[inline(always)] // it is one load, or none
    pub(super) const unsafe fn stage(&self) -> Stage {
        // SAFETY: by this function's contract.
        unsafe { *self.stage.get() }
    }

    /// The operation is so far.
    ///
    /// # Safety
    ///
    /// * As for [`stage`](Self::stage).
    #[inline(always)] // it is one store
    pub(super) const unsafe fn set_stage(&self, stage: Stage) {
        // SAFETY: by this function's contract.
        unsafe { *self.stage.get() = stage };
    }

    /// The result of an operation that has begun, if the kernel has done it without an error.
    ///
    /// Anybody may look: it needs no runtime.
    #[inline(always)] // so that an operation that has landed costs no call
    pub(super) fn landed_value(&self, yields_fd: bool) -> Option<usize> {
        if self.tag.load(Relaxed) != LANDED | flag(yields_fd) {
            return None;
        }
        // ORDERING: pairs with `Key::land`: what the kernel wrote is seen by who takes the result. Not by
        // the load: then what was written before would be read again where none has landed.
        fence(Acquire);
        Some(self.value.load(Relaxed) as usize)
    }

    /// Whether what an operation that has begun waited for has come.
    #[inline]
    pub(super) fn is_ready(&self) -> bool {
        self.tag.load(Relaxed) == READY
    }

    /// Looks at what has become of an operation that has begun.
    #[inline]
    pub(crate) fn progress(&self, core: &Core, context: &Context<'_>) -> Progress {
        let tag = self.tag.load(Relaxed);
        if tag & !(YIELDS_FD | FAILED) == LANDED {
            // ORDERING: as in `landed_value`.
            fence(Acquire);
            return Progress::Done(self.value.load(Relaxed) as i32);
        }
        if tag == READY {
            return Progress::Ready;
        }
        self.progress_of(tag, core, context)
    }

    fn progress_of(&self, tag: u32, core: &Core, context: &Context<'_>) -> Progress {
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
        if core.home_of(self).is_some_and(|home| home.is_woken_by(context)) {
            return Progress::Pending;
        }
        if let Leftover::Parked(_, fd, interest) = self.leftover() {
            core.interests().unpark(fd, interest);
        }
        Progress::Ready
    }

    fn progress_of_record(&self, core: &Core, context: &Context<'_>) -> Progress {
        let (stage, wake) = core.ledger().borrow_mut().take(self.index());
        drop(wake);
        match stage {
            driver::Stage::Ready => Progress::Ready,
            driver::Stage::Failed(error) => Progress::Done(error),
            _ => {
                self.renew_wake(core, context);
                Progress::Pending
            }
        }
    }

    fn index(&self) -> Index {
        self.value.load(Relaxed)
    }

    /// Makes the record wake the one who polls now.
    fn renew_wake(&self, core: &Core, context: &Context<'_>) {
        if core.ledger().borrow_mut().get(self.index()).wake.will_wake(context) {
            return;
        }
        let wake = Wake::new(context, core.home_of(self));
        let mut ledger = core.ledger().borrow_mut();
        let before = core::mem::replace(&mut ledger.get(self.index()).wake, wake);
        drop(ledger);
        // Dropped without a borrow: the destructor of a waker may be anybody's code.
        drop(before);
    }

    /// The completion will wake the task in whose slot this is. If somebody else polls, it gets a
    /// record.
    fn relay(&self, tag: u32, core: &Core, context: &Context<'_>) {
        let wake = Wake::new(context, core.home_of(self));
        if let Wake::Other(waker) = &wake {
            if !core.ledger().borrow().has_room() {
                // It is polled until it has landed: without memory there is no other way to wake it.
                waker.wake_by_ref();
                return;
            }
            let relay = core.ledger().borrow_mut().relay(wake, self.value.load(Relaxed));
            self.value.store(relay, Relaxed);
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

    /// The operation is in flight, and the kernel has memory of its slot, which it is so far away from.
    #[inline]
    pub(crate) fn set_in_kernel(&self, core: &Core, distance: u32, yields_fd: bool) {
        self.value.store(distance, Relaxed);
        self.tag.store(core.usual().0 | flag(yields_fd), Relaxed);
    }

    /// The operation is in the kernel, and a record is woken when it lands.
    pub(crate) fn set_relayed(&self, relay: impl FnOnce(u32) -> Index) {
        self.value.store(relay(self.value.load(Relaxed)), Relaxed);
        self.tag.store(self.tag.load(Relaxed) & !PHASE | RELAYED, Relaxed);
    }

    /// The operation is not done with this ticket. Whoever says so makes it begun, and does not poll it any
    /// more.
    pub(super) fn set_apart(&self) {
        self.tag.store(APART, Relaxed);
    }

    /// Whether the operation, which has begun, is not done with this ticket.
    pub(super) fn is_apart(&self) -> bool {
        self.tag.load(Relaxed) == APART
    }

    /// Whether the kernel works on the operation.
    pub(super) fn is_in_kernel(&self) -> bool {
        matches!(self.tag.load(Relaxed) & PHASE, KERNEL | RELAYED)
    }

    /// What there is to be done when the ticket of an operation that has begun is dropped.
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
            LANDED if tag & YIELDS_FD != 0 && tag & FAILED == 0 => {
                Leftover::Descriptor(value as i32)
            }
            _ => Leftover::Nothing,
        }
    }
}

/// The bit of a tag that says whether the result is a descriptor.
const fn flag(yields_fd: bool) -> u32 {
    if yields_fd { YIELDS_FD } else { 0 }
}

/// The tag of an operation that has landed with this result.
const fn landed(result: i32) -> u32 {
    if result < 0 { LANDED | FAILED } else { LANDED }
}

/// An operation that the kernel works on, or that is parked: the address of its ticket.
///
/// The highest bit is never set, so a key is never mistaken for the number of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key(u64);

/// The tag of an operation that lands without a detour: it wakes its own task, and gives no
/// descriptor.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usual(u32);

impl Key {
    /// The bit that is not set in a key.
    pub(crate) const NOT: u64 = 1 << 63;

    /// Whether operations in the payload of `slot` have keys.
    pub(crate) fn can_reach(slot: Slot) -> bool {
        slot.as_ptr().addr() as u64 & Key::NOT == 0
    }

    /// The key of the operation of `ticket`, which `home` holds.
    #[inline]
    pub(crate) fn new(home: Home, ticket: &Ticket) -> Self {
        debug_assert!(home.holds(ticket), "a home holds only what has a key");
        // The way back is by the distance, to the whole slot.
        home.slot().as_ptr().expose_provenance();
        Key(ptr::from_ref(ticket).expose_provenance() as u64)
    }

    /// The key that the kernel gives back, `None` if it is no key.
    #[inline]
    pub(crate) const fn from_bits(bits: u64) -> Option<Self> {
        if bits & Key::NOT == 0 { Some(Key(bits)) } else { None }
    }

    /// The key that was parked.
    #[inline]
    pub(crate) const fn parked(bits: u64) -> Self {
        debug_assert!(bits != 0 && bits & Key::NOT == 0);
        Key(bits)
    }

    /// What the kernel keeps. It is not zero.
    #[inline]
    pub(crate) const fn bits(self) -> u64 {
        self.0
    }

    /// What operations of a runtime have in common that land without a detour.
    pub(crate) const fn usual(id: RuntimeId) -> Usual {
        Usual(KERNEL | id.get())
    }

    /// The slot, which the ticket is so many bytes away from.
    #[inline]
    pub(crate) fn slot(self, distance: u32) -> Slot {
        let address = self.0 as usize - distance as usize;
        debug_assert!(distance as usize >= PAYLOAD_OFFSET);
        // SAFETY: the ticket lies in the slot, whose address is not null: `Home::distance`.
        unsafe { Slot::new_unchecked(ptr::with_exposed_provenance_mut::<Header>(address)) }
    }

    /// The record to wake instead of the slot, or the distance to that.
    ///
    /// # Safety
    ///
    /// * The kernel gave the key back just now.
    pub(crate) unsafe fn relay(self) -> Result<Index, u32> {
        // SAFETY: an operation in the kernel is at its place in its slot until it has landed:
        // `OpDropped`, `KernelLetsGo`.
        let ticket = unsafe { &*self.ticket() };
        debug_assert!(ticket.is_in_kernel());
        let (tag, value) = (ticket.tag.load(Relaxed), ticket.value.load(Relaxed));
        if tag & PHASE == RELAYED { Ok(value) } else { Err(value) }
    }

    /// Puts the result into the ticket.
    ///
    /// # Safety
    ///
    /// * The kernel gave the key back just now, once for the operation.
    pub(crate) unsafe fn land(self, result: i32) {
        // SAFETY: as in `relay`.
        let ticket = unsafe { &*self.ticket() };
        debug_assert!(ticket.is_in_kernel());
        ticket.value.store(result as u32, Relaxed);
        // ORDERING: pairs with `landed_value`.
        ticket.tag.store(ticket.tag.load(Relaxed) & YIELDS_FD | landed(result), Release);
    }

    /// Puts the result into the ticket, and gives the slot, whose task is to be resumed at once. `None`:
    /// nothing was done, as it is not `usual`, or as the result is an error.
    ///
    /// # Safety
    ///
    /// * The kernel gave the key back just now, once for the operation, on the thread of the runtime.
    #[inline(always)] // for one caller
    pub(crate) unsafe fn land_at_once(self, result: i32, usual: Usual) -> Option<Slot> {
        // SAFETY: as in `relay`.
        let ticket = unsafe { &*self.ticket() };
        if ticket.tag.load(Relaxed) != usual.0 || result < 0 {
            return None;
        }
        let slot = self.slot(ticket.value.load(Relaxed));
        // SAFETY: the slot of an operation in flight is occupied: `SlotHeld`, and its task cannot
        // end before `in_flight` is zero.
        let in_flight = &unsafe { slot.as_ref() }.in_flight;
        in_flight.set(in_flight.get() - 1);
        ticket.value.store(result as u32, Relaxed);
        // ORDERING: pairs with `landed_value`.
        ticket.tag.store(LANDED, Release);
        Some(slot)
    }

    /// Lets the operation attempt again.
    ///
    /// # Safety
    ///
    /// * The operation was parked until now.
    #[inline]
    pub(crate) unsafe fn make_ready(self) {
        // SAFETY: an operation that is parked is at its place in its slot: `OpDropped`.
        let ticket = unsafe { &*self.ticket() };
        debug_assert_eq!(ticket.tag.load(Relaxed) & PHASE, PARKED);
        ticket.tag.store(READY, Relaxed);
    }

    /// Puts the result of an attempt into the ticket.
    ///
    /// # Safety
    ///
    /// * The operation was parked until now, and made the attempt.
    #[inline]
    pub(crate) unsafe fn land_parked(self, result: i32) {
        // SAFETY: as in `make_ready`.
        let ticket = unsafe { &*self.ticket() };
        debug_assert_eq!(ticket.tag.load(Relaxed) & PHASE, PARKED);
        ticket.value.store(result as u32, Relaxed);
        // ORDERING: pairs with `landed_value`.
        ticket.tag.store(landed(result), Release);
    }

    /// Where the ticket is.
    #[inline]
    pub(crate) const fn ticket(self) -> *const Ticket {
        ptr::with_exposed_provenance(self.0 as usize)
    }
}
