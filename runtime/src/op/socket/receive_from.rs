//! Taking a datagram, and the address it came from.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io;
use std::net::SocketAddr;
use std::os::fd::BorrowedFd;
use std::os::unix;

use super::address::{IP, RawAddress, UNIX};
use super::message::{self, Message};
use crate::driver::Interest;
use crate::op::buffer::Buffer;
use crate::op::{Flight, Home, Operation, Ticket};

/// Takes a datagram. Made by [`UdpSocket::recv_from`](crate::net::UdpSocket::recv_from).
///
/// # Cancellation
///
/// Dropping it before it is done is safe, but a datagram that the kernel had already put into the
/// buffer is lost with it. Only a ring does so.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct ReceiveFrom<'a>(Receive<'a, IP>);

/// Takes a datagram from a Unix socket. Made by
/// [`UnixDatagram::recv_from`](crate::net::UnixDatagram::recv_from).
///
/// # Cancellation
///
/// As for [`ReceiveFrom`].
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct ReceiveFromUnix<'a>(Receive<'a, UNIX>);

#[derive(Debug)]
struct Receive<'a, const SIZE: usize> {
    flight: Flight<'a>,
    buffer: Buffer<'a>,
    socket: BorrowedFd<'a>,
    flags: i32,
    peer: RawAddress<SIZE>,
    message: Message,
}

impl<'a, const SIZE: usize> Receive<'a, SIZE> {
    fn new(socket: BorrowedFd<'a>, buffer: &'a mut [u8], flags: i32) -> Self {
        let (buffer, peer) = (Buffer::new(buffer), RawAddress::empty());
        Receive { flight: Flight::new(), buffer, socket, flags, peer, message: Message::new() }
    }

    fn header(&mut self) -> &mut libc::msghdr {
        let header = self.message.with_buffer(self.buffer.start(), self.buffer.len() as usize);
        header.msg_name = self.peer.address().cast();
        header.msg_namelen = SIZE as libc::socklen_t;
        header
    }

    /// The address, once a datagram has come.
    fn peer(&mut self) -> &RawAddress<SIZE> {
        let len = self.message.name_len();
        self.peer.set_len(len);
        &self.peer
    }
}

impl<'a> ReceiveFrom<'a> {
    pub(crate) fn new(socket: BorrowedFd<'a>, buffer: &'a mut [u8], flags: i32) -> Self {
        ReceiveFrom(Receive::new(socket, buffer, flags))
    }
}

impl<'a> ReceiveFromUnix<'a> {
    pub(crate) fn new(socket: BorrowedFd<'a>, buffer: &'a mut [u8], flags: i32) -> Self {
        ReceiveFromUnix(Receive::new(socket, buffer, flags))
    }
}

impl<const SIZE: usize> Operation for Receive<'_, SIZE> {
    const INTEREST: Interest = Interest::Read;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket
    }

    fn is_in(&self, home: Home) -> bool {
        home.has(self.buffer.addresses())
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        let (socket, flags) = (self.socket, self.flags);
        message::receive_entry(socket, self.header(), flags)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        let (socket, flags) = (self.socket, self.flags);
        // SAFETY: the buffer is borrowed exclusively and the rest is the operation's own, and no
        // attempt is made while the kernel has them.
        unsafe { message::receive(socket, self.header(), flags) }
    }
}

impl Future for ReceiveFrom<'_> {
    type Output = io::Result<(usize, SocketAddr)>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: the operation is pinned with the struct it is in.
        let mut operation = unsafe { self.map_unchecked_mut(|receive| &mut receive.0) };
        let count = ready!(crate::op::poll(operation.as_mut(), context))?;
        // SAFETY: nothing is moved.
        let peer = unsafe { operation.get_unchecked_mut() }.peer().ip();
        let unknown = || io::Error::new(io::ErrorKind::Unsupported, "the peer has no IP address");
        Poll::Ready(Ok((count, peer.ok_or_else(unknown)?)))
    }
}

impl Future for ReceiveFromUnix<'_> {
    type Output = io::Result<(usize, unix::net::SocketAddr)>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: the operation is pinned with the struct it is in.
        let mut operation = unsafe { self.map_unchecked_mut(|receive| &mut receive.0) };
        let count = ready!(crate::op::poll(operation.as_mut(), context))?;
        // SAFETY: nothing is moved.
        let peer = unsafe { operation.get_unchecked_mut() }.peer().unix()?;
        Poll::Ready(Ok((count, peer)))
    }
}
