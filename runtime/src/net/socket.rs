//! A descriptor that tells the runtime when it is closed.

use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};

use crate::scheduler;

/// An open socket.
///
/// Before the descriptor is closed, waits that leaked operations still have for it are ended. This
/// reaches the runtime of this thread only. If the socket is dropped elsewhere, a wait that was
/// leaked goes on: on the ring it keeps the connection open until the peer does something or the
/// runtime ends, and it never touches memory or another socket; epoll forgets it by itself.
#[derive(Debug)]
pub(crate) struct Socket(Option<OwnedFd>);

impl Socket {
    pub(crate) const fn new(descriptor: OwnedFd) -> Self {
        Socket(Some(descriptor))
    }

    /// The descriptor, which the runtime does not look after any more.
    pub(crate) fn into_inner(mut self) -> OwnedFd {
        self.0.take().expect("only the destructor leaves it empty")
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_ref().expect("only the destructor leaves it empty").as_fd()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let Some(descriptor) = self.0.take() else { return };
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
