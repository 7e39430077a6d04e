//! The end of an operation, whether it is done or not.

use core::fmt;
use core::marker::{PhantomData, PhantomPinned};
use std::os::fd::{FromRawFd, OwnedFd, RawFd};
use std::process;

use super::ticket::{Leftover, Stage};
use super::{Key, Ticket};
use crate::driver::Index;
use crate::scheduler::{self, Core, Shared};

/// A ticket that ends its operation when it is dropped.
///
/// `'a` is the borrow of whatever the kernel may use: `BorrowHeld`.
pub(crate) struct Flight<'a> {
    pub(crate) ticket: Ticket,
    _borrow: PhantomData<&'a mut [u8]>,
    _pinned: PhantomPinned,
}

impl Flight<'_> {
    /// An operation that was not polled yet.
    pub(crate) const fn new() -> Self {
        Flight { ticket: Ticket::new(), _borrow: PhantomData, _pinned: PhantomPinned }
    }

    /// An operation that has landed with the result 0 before it was polled.
    pub(crate) const fn landed() -> Self {
        Flight { ticket: Ticket::landed(), _borrow: PhantomData, _pinned: PhantomPinned }
    }

    /// The operation may be done again, for what is left.
    pub(crate) fn renew(&mut self) {
        // SAFETY: a ticket is a part of its operation, of which the caller has this exclusively.
        unsafe { self.ticket.set_stage(Stage::New) };
    }

    #[cold]
    fn release(&self) {
        match self.ticket.leftover() {
            Leftover::Nothing => (),
            Leftover::Descriptor(descriptor) => close(descriptor),
            Leftover::Record(runtime, index) => scheduler::with(|core| match core {
                Some(core) if core.id().get() == runtime => abandon(core, index),
                _ => Shared::push_orphan(runtime, index),
            }),
            Leftover::Parked(runtime, fd, interest) => scheduler::with(|core| match core {
                Some(core) if core.id().get() == runtime => core.interests().unpark(fd, interest),
                // As below: the driver would write to an address that is not the operation's.
                _ => process::abort(),
            }),
            Leftover::Kernel(runtime) => scheduler::with(|core| match core {
                Some(core) if core.id().get() == runtime => self.cancel(core),
                // An operation in a slot is dropped by the runtime of the slot. If some unsafe code
                // has moved it all the same, the kernel still has its address, and there is no way
                // to go on.
                _ => process::abort(),
            }),
        }
    }

    /// Ends an operation that the kernel works on, and returns when the kernel has let go.
    fn cancel(&self, core: &Core) {
        let home = core.home_of(&self.ticket);
        // The kernel has its address, but it does not lie where it lay: as above.
        let Some(home) = home else { process::abort() };
        let key = Key::new(home, &self.ticket);
        core.ledger().borrow_mut().cancel(key);
        while self.ticket.is_in_kernel() {
            if core.ledger().borrow_mut().turn(None).is_err() {
                // The memory is the kernel's and cannot be had back: there is no way to go on.
                process::abort();
            }
            core.settle();
        }
        if let Leftover::Descriptor(descriptor) = self.ticket.leftover() {
            close(descriptor);
        }
    }
}

impl Drop for Flight<'_> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the operation is dropped, by its owner.
        if unsafe { self.ticket.stage() } == Stage::Begun {
            self.release();
        }
    }
}

impl fmt::Debug for Flight<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ticket.fmt(f)
    }
}

/// Closes a descriptor that arrived for nobody.
fn close(descriptor: RawFd) {
    // SAFETY: the kernel made the descriptor for this operation, and nobody else has it.
    drop(unsafe { OwnedFd::from_raw_fd(descriptor) });
}

/// Ends an operation that waits for its descriptor, and that nobody waits for any more.
pub(crate) fn abandon(core: &Core, index: Index) {
    let wake = core.ledger().borrow_mut().drop_waiting(index);
    drop(wake);
}
