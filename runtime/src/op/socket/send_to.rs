//! Sending a datagram to an address.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::os::fd::BorrowedFd;

use socket2::SockAddr;

use super::address::{IP, RawAddress, UNIX};
use super::message::{self, Message};
use crate::driver::Interest;
use crate::op::buffer::addresses_of;
use crate::op::{Flight, Home, Operation, Ticket};

/// Sends a datagram. Made by [`UdpSocket::send_to`](crate::net::UdpSocket::send_to).
///
/// # Cancellation
///
/// Dropping it before it is done is safe; the datagram is sent or it is not.
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct SendTo<'a>(Send<'a, IP>);

/// Sends a datagram to a Unix socket. Made by
/// [`UnixDatagram::send_to`](crate::net::UnixDatagram::send_to).
///
/// # Cancellation
///
/// As for [`SendTo`].
#[derive(Debug)]
#[must_use = "an operation does nothing unless it is awaited"]
pub struct SendToUnix<'a>(Send<'a, UNIX>);

#[derive(Debug)]
struct Send<'a, const SIZE: usize> {
    flight: Flight<'a>,
    bytes: &'a [u8],
    socket: BorrowedFd<'a>,
    /// The address, or why there is none.
    peer: io::Result<RawAddress<SIZE>>,
    message: Message,
}

impl<'a, const SIZE: usize> Send<'a, SIZE> {
    fn new(socket: BorrowedFd<'a>, bytes: &'a [u8], peer: io::Result<SockAddr>) -> Self {
        let peer = peer.map(|peer| RawAddress::new(&peer));
        Send { flight: Flight::new(), bytes, socket, peer, message: Message::new() }
    }

    fn header(&mut self) -> io::Result<&mut libc::msghdr> {
        let header = self.message.with_buffer(self.bytes.as_ptr().cast_mut(), self.bytes.len());
        match &mut self.peer {
            Ok(peer) => {
                header.msg_namelen = peer.len();
                header.msg_name = peer.address().cast();
                Ok(header)
            }
            Err(error) => Err(core::mem::replace(error, io::ErrorKind::InvalidInput.into())),
        }
    }
}

impl<'a> SendTo<'a> {
    pub(crate) fn new(socket: BorrowedFd<'a>, bytes: &'a [u8], peer: io::Result<SockAddr>) -> Self {
        SendTo(Send::new(socket, bytes, peer))
    }
}

impl<'a> SendToUnix<'a> {
    pub(crate) fn new(socket: BorrowedFd<'a>, bytes: &'a [u8], peer: io::Result<SockAddr>) -> Self {
        SendToUnix(Send::new(socket, bytes, peer))
    }
}

impl<const SIZE: usize> Operation for Send<'_, SIZE> {
    const INTEREST: Interest = Interest::Write;

    fn ticket(&self) -> &Ticket {
        &self.flight.ticket
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket
    }

    fn is_in(&self, home: Home) -> bool {
        self.peer.is_ok() && home.has(addresses_of(self.bytes))
    }

    #[cfg(target_os = "linux")]
    fn prepare(&mut self) -> crate::sys::ring::Entry {
        let socket = self.socket;
        let header = self.header().expect("`is_in` says that there is an address");
        message::send_entry(socket, header, message::DATAGRAM)
    }

    fn attempt(&mut self) -> io::Result<usize> {
        let socket = self.socket;
        let header = self.header()?;
        // SAFETY: the bytes are borrowed, and the rest is the operation's own.
        unsafe { message::send(socket, header) }
    }
}

impl Future for SendTo<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        // SAFETY: the operation is pinned with the struct it is in.
        let operation = unsafe { self.map_unchecked_mut(|send| &mut send.0) };
        crate::op::poll(operation, context)
    }
}

impl Future for SendToUnix<'_> {
    type Output = io::Result<usize>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        // SAFETY: the operation is pinned with the struct it is in.
        let operation = unsafe { self.map_unchecked_mut(|send| &mut send.0) };
        crate::op::poll(operation, context)
    }
}
