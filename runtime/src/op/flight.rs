//! The tie between an operation and its record.

use core::fmt;
use core::marker::{PhantomData, PhantomPinned};
use core::task::Context;
use std::io;
use std::os::fd::{FromRawFd, OwnedFd, RawFd};

use crate::driver::{Dropped, Index, Stage};
use crate::scheduler::{self, Core, Shared};
use crate::task::{Slot, Wake};

/// Where an operation is: a runtime and a record there.
#[derive(Debug)]
pub(crate) struct Ticket {
    runtime: u32,
    /// The number of the record, and [`IN_KERNEL`].
    index: Index,
}

/// The kernel was given memory: the bit makes sure that the ticket is never dropped elsewhere.
const IN_KERNEL: Index = 1 << 31;

/// The number of no runtime: the operation was not polled yet.
const NEW: u32 = 0;
/// The number of no runtime: the operation has given its result.
const FINISHED: u32 = u32::MAX;

/// A ticket that ends its operation when it is dropped.
///
/// `'a` is the borrow of whatever the kernel may use: `BorrowHeld`.
pub(crate) struct Flight<'a> {
    pub(crate) ticket: Ticket,
    _borrow: PhantomData<&'a mut [u8]>,
    _pinned: PhantomPinned,
}

/// What a poll finds.
pub(crate) enum Progress {
    /// The operation has not begun.
    New,
    /// It is in flight, and the one who polls will be woken.
    Pending,
    /// What it waited for has come: attempt again.
    Ready,
    /// The kernel has done it.
    Done(io::Result<u32>),
    /// It was begun by another runtime.
    Elsewhere,
}

impl Ticket {
    /// Looks at the record, and takes the result if there is one.
    pub(crate) fn progress(&mut self, core: &Core, context: &Context<'_>) -> Progress {
        match self.runtime {
            NEW => return Progress::New,
            FINISHED => panic!("an operation was polled after it gave its result"),
            runtime if runtime != core.id().get() => return Progress::Elsewhere,
            _ => (),
        }
        let (stage, wake) = core.ledger().borrow_mut().take(self.index());
        drop(wake);
        let progress = match stage {
            Stage::Ready => Progress::Ready,
            Stage::Landed(result) => Progress::Done(value_of(result)),
            _ => {
                self.renew_wake(core, context);
                return Progress::Pending;
            }
        };
        self.runtime = NEW;
        progress
    }

    /// Makes the record wake the one who polls now.
    fn renew_wake(&self, core: &Core, context: &Context<'_>) {
        if core.ledger().borrow_mut().get(self.index()).wake.will_wake(context) {
            return;
        }
        let address = core::ptr::from_ref(self).addr();
        let wake = Wake::new(context, core.home(&(address..address + size_of::<Self>())));
        let mut ledger = core.ledger().borrow_mut();
        let before = core::mem::replace(&mut ledger.get(self.index()).wake, wake);
        drop(ledger);
        // Dropped without a borrow: the destructor of a waker may be anybody's code.
        drop(before);
    }

    /// The operation is in flight, without any memory.
    pub(crate) fn set(&mut self, core: &Core, index: Index) {
        debug_assert!(index < IN_KERNEL);
        *self = Ticket { runtime: core.id().get(), index };
    }

    /// The operation is in flight, and the kernel has memory of its slot.
    pub(crate) fn set_in_kernel(&mut self, core: &Core, index: Index) {
        *self = Ticket { runtime: core.id().get(), index: index | IN_KERNEL };
    }

    const fn index(&self) -> Index {
        self.index & !IN_KERNEL
    }

    /// The operation has given its result.
    pub(crate) fn finish(&mut self) {
        self.runtime = FINISHED;
    }

    /// The operation may be done again, for what is left.
    pub(crate) fn renew(&mut self) {
        debug_assert_eq!(self.runtime, FINISHED);
        self.runtime = NEW;
    }
}

impl Flight<'_> {
    /// An operation that was not polled yet.
    pub(crate) const fn new() -> Self {
        let ticket = Ticket { runtime: NEW, index: 0 };
        Flight { ticket, _borrow: PhantomData, _pinned: PhantomPinned }
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        let (runtime, index) = (self.ticket.runtime, self.ticket.index());
        if runtime == NEW || runtime == FINISHED {
            return;
        }
        scheduler::with(|core| match core {
            Some(core) if core.id().get() == runtime => release(core, index),
            // An operation in a slot is dropped by the runtime of the slot. If some unsafe code has
            // moved it all the same, the kernel still has its address, and there is no way to go on.
            _ if self.ticket.index != index => std::process::abort(),
            _ => Shared::push_orphan(runtime, index),
        });
    }
}

impl fmt::Debug for Flight<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ticket.fmt(f)
    }
}

/// The result of a system call, from what the kernel gives.
fn value_of(result: i32) -> io::Result<u32> {
    u32::try_from(result).map_err(|_| io::Error::from_raw_os_error(result.wrapping_neg()))
}

/// Ends the operation of a record, and returns when the kernel has let go of its memory.
fn release(core: &Core, index: Index) {
    loop {
        let dropped = core.ledger().borrow_mut().drop_operation(index);
        match dropped {
            Dropped::Settled(wake, descriptor) => {
                drop(wake);
                descriptor.into_iter().for_each(close);
                return;
            }
            Dropped::InKernel => await_landing(core, index),
        }
    }
}

/// Lets the kernel work until the record has its result.
fn await_landing(core: &Core, index: Index) {
    while core.ledger().borrow_mut().get(index).stage == Stage::Kernel {
        let turned = core.ledger().borrow_mut().turn(None);
        if turned.is_err() {
            // The memory is the kernel's and cannot be had back: there is no way to go on.
            std::process::abort();
        }
        core.settle();
    }
}

/// Closes a descriptor that arrived for nobody.
fn close(descriptor: RawFd) {
    // SAFETY: the kernel made the descriptor for this operation, and nobody else has it.
    drop(unsafe { OwnedFd::from_raw_fd(descriptor) });
}

/// Ends an operation that was dropped on another thread.
pub(crate) fn abandon(core: &Core, index: Index) {
    release(core, index);
}

/// Makes the kernel let go of all memory of `slot`.
pub(crate) fn reclaim(core: &Core, slot: Slot) {
    loop {
        let found = core.ledger().borrow().find_owned(slot);
        let Some(index) = found else { return };
        release(core, index);
    }
}
