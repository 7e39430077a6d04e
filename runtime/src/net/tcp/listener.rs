//! Listening for connections.

use std::io;
use std::net::{SocketAddr, TcpListener as StdListener, ToSocketAddrs};
use std::os::fd::AsFd;

use crate::Io;
use crate::descriptor::{Descriptor, Short};
use crate::net::{is_descriptor, is_std};
use crate::op::Accept;
use crate::sys::socket;

/// A socket that accepts TCP connections.
#[derive(Debug)]
pub struct TcpListener {
    socket: Descriptor,
}

is_descriptor!(TcpListener);
is_std!(TcpListener, StdListener, Short::TellsNothing);

impl TcpListener {
    pub(crate) const fn new(socket: Descriptor) -> Self {
        TcpListener { socket }
    }

    /// Listens on the first of the addresses that works.
    ///
    /// The address can be used again at once after a restart (`SO_REUSEADDR`), and up to 4096
    /// connections wait to be accepted, as far as the system allows;
    /// [`TcpSocket`](crate::net::TcpSocket) takes other settings. A host name is looked up here,
    /// which blocks the thread; an address is not.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, or if no address can be listened on: then the error names the
    /// last address that was tried.
    pub fn bind(io: Io, addresses: impl ToSocketAddrs) -> io::Result<Self> {
        io.check()?;
        let mut refusal = io::Error::new(io::ErrorKind::InvalidInput, "no address to listen on");
        for address in addresses.to_socket_addrs()? {
            match socket::listen(address) {
                Ok(socket) => return Ok(Self::new(Descriptor::new(socket, Short::TellsNothing))),
                Err(error) => {
                    let text = format!("cannot listen on {address}: {error}");
                    refusal = io::Error::new(error.kind(), text);
                }
            }
        }
        Err(refusal)
    }

    /// Waits for the next connection.
    ///
    /// A connection that breaks before it is accepted is passed over. If the process has no
    /// descriptor left (`EMFILE`, `ENFILE`) or the system no memory, this waits until a socket of
    /// this runtime is closed, or a moment, and tries again: the connection stays in the
    /// listener's queue, and peers beyond it are held back by TCP.
    ///
    /// # Errors
    ///
    /// Other errors of the listener itself, and polling it outside a runtime.
    pub fn accept(&self) -> Accept<'_> {
        Accept::new(self.socket.as_fd())
    }

    /// The address it listens on; with the port that the system chose for port 0.
    ///
    /// # Errors
    ///
    /// Those of `getsockname`.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        socket::local_address(self.socket.as_fd())
    }
}
