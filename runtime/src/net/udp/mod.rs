//! UDP.

mod multicast;
mod socket;

pub use socket::UdpSocket;
