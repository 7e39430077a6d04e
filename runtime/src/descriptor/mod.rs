//! A descriptor that tells the runtime when it is closed.

mod epochs;

use core::mem::ManuallyDrop;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

pub(crate) use epochs::{Epoch, epoch_of, near_epoch_of};

use crate::scheduler;

/// An open descriptor.
///
/// Before it is closed, waits that leaked operations still have for it are ended. This reaches the
/// runtime of this thread only. If it is dropped elsewhere, a wait that was leaked goes on: on the
/// ring it keeps a connection open until the peer does something or the runtime ends, and it never
/// touches memory or another descriptor; epoll and kqueue forget it by themselves, and `poll` at the next
/// turn of the loop.
#[derive(Debug)]
pub(crate) struct Descriptor(ManuallyDrop<OwnedFd>);

/// What a call tells that moved fewer bytes than it was asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Short {
    /// Nothing.
    TellsNothing,
    /// That the next one would block, unless the stream has ended or has urgent bytes.
    MeansBlocked,
}

impl Descriptor {
    pub(crate) fn new(descriptor: OwnedFd, short: Short) -> Self {
        epochs::begin(descriptor.as_raw_fd(), short);
        Descriptor(ManuallyDrop::new(descriptor))
    }

    /// The descriptor, which the runtime does not look after any more.
    pub(crate) fn into_inner(self) -> OwnedFd {
        let mut descriptor = ManuallyDrop::new(self);
        // SAFETY: the destructor, which is the only other one to take it, does not run.
        unsafe { ManuallyDrop::take(&mut descriptor.0) }
    }
}

impl AsFd for Descriptor {
    #[inline]
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        // SAFETY: it is taken once: `into_inner` does not run the destructor.
        let descriptor = unsafe { ManuallyDrop::take(&mut self.0) };
        scheduler::with(|core| match core {
            Some(core) => {
                core.closing(descriptor.as_raw_fd());
                drop(descriptor);
                core.descriptor_freed();
            }
            None => drop(descriptor),
        });
    }
}
