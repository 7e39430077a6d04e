//! A socket address in the form of the kernel.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};

/// Bytes enough for the address of an IP socket.
const SIZE: usize = size_of::<libc::sockaddr_in6>();

/// A socket address that the kernel reads or writes.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(4))]
pub(crate) struct RawAddress {
    bytes: [u8; SIZE],
    len: libc::socklen_t,
}

const _: () = assert!(align_of::<RawAddress>() >= align_of::<libc::sockaddr_in6>());

impl RawAddress {
    /// Room for an address.
    pub(crate) const fn empty() -> Self {
        RawAddress { bytes: [0; SIZE], len: SIZE as libc::socklen_t }
    }

    /// The address in the form of the kernel.
    pub(crate) fn new(address: SocketAddr) -> Self {
        let raw = socket2::SockAddr::from(address);
        let mut this = RawAddress::empty();
        let len = (raw.len() as usize).min(SIZE);
        // SAFETY: a socket address has at least `len` initialised bytes.
        let bytes = unsafe { core::slice::from_raw_parts(raw.as_ptr().cast::<u8>(), len) };
        this.bytes[..len].copy_from_slice(bytes);
        this.len = len as libc::socklen_t;
        this
    }

    /// Where the address is.
    pub(crate) const fn address(&mut self) -> *mut libc::sockaddr {
        self.bytes.as_mut_ptr().cast()
    }

    /// Where its length is.
    pub(crate) const fn len_address(&mut self) -> *mut libc::socklen_t {
        &raw mut self.len
    }

    /// Its length.
    pub(crate) const fn len(&self) -> libc::socklen_t {
        self.len
    }

    /// The address, if it is one of an IP socket.
    pub(crate) fn decode(&self) -> Option<SocketAddr> {
        let family = libc::sa_family_t::from_ne_bytes([self.bytes[0], self.bytes[1]]);
        let port = u16::from_be_bytes([self.bytes[2], self.bytes[3]]);
        match i32::from(family) {
            libc::AF_INET => {
                let octets: [u8; 4] = self.bytes[4..8].try_into().ok()?;
                Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::from(octets)), port))
            }
            libc::AF_INET6 => {
                let flow = u32::from_be_bytes(self.bytes[4..8].try_into().ok()?);
                let octets: [u8; 16] = self.bytes[8..24].try_into().ok()?;
                let scope = u32::from_ne_bytes(self.bytes[24..28].try_into().ok()?);
                let ip = Ipv6Addr::from(octets);
                Some(SocketAddr::V6(SocketAddrV6::new(ip, port, flow, scope)))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RawAddress;

    #[test]
    fn an_address_comes_back() {
        for text in ["127.0.0.1:80", "10.1.2.3:65535", "[::1]:443", "[fe80::1%7]:1"] {
            let address = text.parse().expect("an address");
            assert_eq!(RawAddress::new(address).decode(), Some(address));
        }
        assert_eq!(RawAddress::empty().decode(), None);
    }
}
