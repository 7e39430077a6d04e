//! Groups of receivers, and how far datagrams go.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::os::fd::AsFd;

use super::UdpSocket;
use crate::sys::socket;

/// # Multicast and broadcast
///
/// All of these give the errors of `setsockopt` and `getsockopt`.
impl UdpSocket {
    /// Takes datagrams to `group`, which arrive at `interface`; unspecified lets the system choose.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`, for example that the address is none of a group.
    pub fn join_multicast_v4(&self, group: Ipv4Addr, interface: Ipv4Addr) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).join_multicast_v4(&group, &interface)
    }

    /// Takes no more datagrams to `group`.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`, for example that it was not joined.
    pub fn leave_multicast_v4(&self, group: Ipv4Addr, interface: Ipv4Addr) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).leave_multicast_v4(&group, &interface)
    }

    /// Takes datagrams to `group`, which arrive at the interface with this index; 0 is any.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn join_multicast_v6(&self, group: Ipv6Addr, interface: u32) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).join_multicast_v6(&group, interface)
    }

    /// Takes no more datagrams to `group`.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn leave_multicast_v6(&self, group: Ipv6Addr, interface: u32) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).leave_multicast_v6(&group, interface)
    }

    /// Sets whether this machine gets its own datagrams to groups of IPv4.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_multicast_loop_v4(&self, is_on: bool) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).set_multicast_loop_v4(is_on)
    }

    /// Sets whether this machine gets its own datagrams to groups of IPv6.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_multicast_loop_v6(&self, is_on: bool) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).set_multicast_loop_v6(is_on)
    }

    /// Sets how many routers a datagram to a group of IPv4 may pass.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_multicast_ttl_v4(&self, ttl: u32) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).set_multicast_ttl_v4(ttl)
    }

    /// Sets the interface that datagrams to groups of IPv4 leave by.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_multicast_interface_v4(&self, interface: Ipv4Addr) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).set_multicast_if_v4(&interface)
    }

    /// Sets whether datagrams may be sent to a broadcast address.
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_broadcast(&self, is_allowed: bool) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).set_broadcast(is_allowed)
    }

    /// Whether datagrams may be sent to a broadcast address.
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn broadcast(&self) -> io::Result<bool> {
        socket::options(&self.socket.as_fd()).broadcast()
    }

    /// Sets how many routers a datagram may pass (IPv4).
    ///
    /// # Errors
    ///
    /// Those of `setsockopt`.
    pub fn set_ttl(&self, ttl: u32) -> io::Result<()> {
        socket::options(&self.socket.as_fd()).set_ttl_v4(ttl)
    }

    /// How many routers a datagram may pass (IPv4).
    ///
    /// # Errors
    ///
    /// Those of `getsockopt`.
    pub fn ttl(&self) -> io::Result<u32> {
        socket::options(&self.socket.as_fd()).ttl_v4()
    }
}
