//! A socket address in the form of the kernel.

use std::io;
use std::net::SocketAddr;
use std::os::unix::net;

use socket2::{SockAddr, SockAddrStorage};

use crate::sys::socket;

/// The bytes of the address of an IP socket.
pub(crate) const IP: usize = size_of::<libc::sockaddr_in6>();
/// The bytes of the address of a Unix socket.
pub(crate) const UNIX: usize = size_of::<libc::sockaddr_un>();

/// A socket address of up to `SIZE` bytes that the kernel reads or writes.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(4))]
pub(crate) struct RawAddress<const SIZE: usize> {
    bytes: [u8; SIZE],
    len: libc::socklen_t,
}

const _: () = assert!(align_of::<RawAddress<IP>>() >= align_of::<libc::sockaddr_in6>());
const _: () = assert!(align_of::<RawAddress<UNIX>>() >= align_of::<libc::sockaddr_un>());
const _: () = assert!(size_of::<RawAddress<IP>>() == 32);

impl<const SIZE: usize> RawAddress<SIZE> {
    /// Room for an address.
    pub(crate) const fn empty() -> Self {
        RawAddress { bytes: [0; SIZE], len: SIZE as libc::socklen_t }
    }

    /// The address in the form of the kernel.
    pub(crate) fn new(address: &SockAddr) -> Self {
        let mut this = RawAddress::empty();
        let len = (address.len() as usize).min(SIZE);
        // SAFETY: a socket address has at least `len` initialised bytes.
        let bytes = unsafe { core::slice::from_raw_parts(address.as_ptr().cast::<u8>(), len) };
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

    /// Says how much of it the kernel has written.
    pub(crate) const fn set_len(&mut self, len: libc::socklen_t) {
        self.len = len;
    }

    /// The address as the library has it.
    pub(crate) fn decode(&self) -> SockAddr {
        let len = (self.len as usize).min(SIZE);
        let mut storage = SockAddrStorage::zeroed();
        debug_assert!(len <= size_of::<SockAddrStorage>());
        let start = (&raw mut storage).cast::<u8>();
        // SAFETY: both are valid for `len` bytes and distinct.
        unsafe { core::ptr::copy_nonoverlapping(self.bytes.as_ptr(), start, len) };
        // SAFETY: the storage is an address of `len` bytes, which the kernel wrote, or zeros.
        unsafe { SockAddr::new(storage, len as libc::socklen_t) }
    }

    /// The address, if it is one of an IP socket.
    pub(crate) fn ip(&self) -> Option<SocketAddr> {
        self.decode().as_socket()
    }

    /// The address of a Unix socket, perhaps without a name.
    ///
    /// # Errors
    ///
    /// If it is one of another family.
    pub(crate) fn unix(&self) -> io::Result<net::SocketAddr> {
        match self.len {
            // A socket that was never bound has no address at all.
            0 => net::SocketAddr::from_pathname(""),
            _ => socket::unix_address_of(&self.decode()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use socket2::SockAddr;

    use super::{IP, RawAddress, UNIX};

    #[test]
    fn an_address_comes_back() {
        for text in ["127.0.0.1:80", "10.1.2.3:65535", "[::1]:443", "[fe80::1%7]:1"] {
            let address: SocketAddr = text.parse().expect("an address");
            assert_eq!(RawAddress::<IP>::new(&address.into()).ip(), Some(address));
        }
        assert_eq!(RawAddress::<IP>::empty().ip(), None);
    }

    #[test]
    fn a_path_comes_back() {
        let address = RawAddress::<UNIX>::new(&SockAddr::unix("/tmp/x").expect("a short path"));
        let address = address.unix().expect("a Unix address");
        assert_eq!(address.as_pathname().and_then(|path| path.to_str()), Some("/tmp/x"));
        let mut nobody = RawAddress::<UNIX>::empty();
        nobody.set_len(0);
        assert!(nobody.unix().expect("a Unix address").is_unnamed());
    }
}
