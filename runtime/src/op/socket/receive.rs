//! Taking bytes from a connection, in a buffer of the runtime's.
//!
//! A buffer is taken when there are bytes for it, so who waits for bytes has none. Who finds that all
//! are lent waits for one, and its bytes stay in the socket.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io;
use std::os::fd::BorrowedFd;
use std::sync::Arc;

use crate::driver::Interest;
use crate::list::Node;
use crate::op::{Flight, Home, Operation, Ticket};
use crate::pool::{BufferWaiter, Buffers, Lease};
use crate::scheduler;
use crate::sys::socket;

/// Waits for bytes, and gives them in a buffer of the runtime's. Made by
/// [`TcpStream::recv`](crate::net::TcpStream::recv).
///
/// # Cancellation
///
/// Dropping it before it is done is safe, and no bytes are lost. Leaking it while it waits for a buffer
/// leaks that buffer, and nothing else.
#[must_use = "an operation does nothing unless it is awaited"]
pub struct Receive<'a> {
    flight: Flight<'a>,
    socket: BorrowedFd<'a>,
    state: State,
}

enum State {
    /// It waits for bytes, if anything.
    Empty,
    /// An attempt has received these.
    Received(Lease),
    /// There are bytes, but no buffer.
    Waiting(Waiting),
}

/// One who waits for a buffer.
struct Waiting {
    buffers: Arc<Buffers>,
    waiter: Node<BufferWaiter>,
}

impl<'a> Receive<'a> {
    pub(crate) const fn new(socket: BorrowedFd<'a>) -> Self {
        Receive { flight: Flight::new(), socket, state: State::Empty }
    }

    fn take_received(&mut self) -> Option<Lease> {
        if !matches!(self.state, State::Received(_)) {
            return None;
        }
        match core::mem::replace(&mut self.state, State::Empty) {
            State::Received(lease) => Some(lease),
            State::Empty | State::Waiting(_) => None,
        }
    }

    /// Receives into a buffer of which the caller is the owner.
    ///
    /// # Safety
    ///
    /// * The buffer is one of `buffers`, and the caller is its owner.
    unsafe fn fill(&self, buffers: Arc<Buffers>, buffer: u32) -> io::Result<Lease> {
        // SAFETY: by this function's contract.
        let mut lease = unsafe { Lease::whole(buffers, buffer) };
        let count = socket::receive(self.socket, &mut lease)?;
        lease.truncate(count);
        Ok(lease)
    }
}

impl Operation for Receive<'_> {
    const INTEREST: Interest = Interest::Read;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket
    }

    fn is_in(&self, _home: Home) -> bool {
        true // The kernel only says that there are bytes.
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        crate::driver::poll_entry(self.socket, Interest::Read)
    }

    fn is_short(&self, count: usize) -> bool {
        match &self.state {
            State::Received(lease) => count != 0 && lease.is_partial(),
            State::Empty | State::Waiting(_) => false,
        }
    }

    fn attempt(&mut self) -> io::Result<usize> {
        let buffers = scheduler::with(|core| core.ok_or_else(scheduler::outside)?.buffers())?;
        let Some(buffer) = buffers.take() else {
            let waiter = Node::new(BufferWaiter::new());
            self.state = State::Waiting(Waiting { buffers, waiter });
            return Ok(0);
        };
        // SAFETY: the buffer was taken just now.
        let lease = unsafe { self.fill(buffers, buffer) }?;
        let count = lease.len();
        self.state = State::Received(lease);
        Ok(count)
    }
}

impl Future for Receive<'_> {
    type Output = io::Result<Lease>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<Lease>> {
        // SAFETY: neither the operation nor the one who waits is moved.
        let receive = unsafe { self.get_unchecked_mut() };
        loop {
            if let State::Waiting(Waiting { buffers, waiter }) = &receive.state {
                // SAFETY: the node is pinned with this, is used with these buffers, and leaves them
                // when it is dropped, in place.
                let buffer = ready!(unsafe { buffers.poll_take(waiter, context) });
                let buffers = Arc::clone(buffers);
                receive.state = State::Empty;
                // SAFETY: the buffer was taken just now.
                match unsafe { receive.fill(buffers, buffer) } {
                    Err(error) if is_transient(&error) => receive.flight.renew(),
                    ended => return Poll::Ready(ended),
                }
            }
            // SAFETY: the operation is pinned with this.
            let operation = unsafe { Pin::new_unchecked(&mut *receive) };
            ready!(crate::op::poll(operation, context))?;
            if let State::Empty = receive.state {
                // A ring has said that there are bytes.
                match receive.attempt() {
                    Err(error) if is_transient(&error) => receive.flight.renew(),
                    attempted => attempted.map(drop)?,
                }
            }
            if let Some(lease) = receive.take_received() {
                return Poll::Ready(Ok(lease));
            }
        }
    }
}

/// Whether another one was faster, or a signal came.
fn is_transient(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // SAFETY: the node is used with these buffers only.
        unsafe { self.buffers.leave(&self.waiter) };
    }
}

impl fmt::Debug for Receive<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receive").field("socket", &self.socket).finish_non_exhaustive()
    }
}
