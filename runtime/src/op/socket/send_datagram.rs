//! Sending a datagram to the only peer.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::os::fd::BorrowedFd;

use crate::driver::Interest;
use crate::op::buffer::addresses_of;
use crate::op::{Flight, Home, Operation, Ticket};
use crate::sys::socket;

/// Sends a datagram to the peer. Made by [`UdpSocket::send`](crate::net::UdpSocket::send).
///
/// # Cancellation
///
/// Dropping it before it is done is safe; the datagram is sent or it is not.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct SendDatagram<'a> {
    flight: Flight<'a>,
    bytes: &'a [u8],
    socket: BorrowedFd<'a>,
}

impl<'a> SendDatagram<'a> {
    pub(crate) const fn new(socket: BorrowedFd<'a>, bytes: &'a [u8]) -> Self {
        SendDatagram { flight: Flight::new(), bytes, socket }
    }
}

impl Operation for SendDatagram<'_> {
    const INTEREST: Interest = Interest::Write;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket
    }

    fn is_in(&self, home: Home) -> bool {
        home.has(addresses_of(self.bytes))
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        use crate::sys::ring::{Code, Entry};
        use std::os::fd::AsRawFd;
        let len = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        let send = Entry::new(Code::Send, self.socket.as_raw_fd());
        send.memory(self.bytes.as_ptr(), len).options(super::message::DATAGRAM as u32)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        let len = self.bytes.len().min(u32::MAX as usize);
        socket::send(self.socket, &self.bytes[..len])
    }
}

impl Future for SendDatagram<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        crate::op::poll(self, context)
    }
}
