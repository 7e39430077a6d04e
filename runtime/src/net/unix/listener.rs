//! Listening for connections.

use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::{SocketAddr, UnixListener as StdListener};
use std::path::Path;

use crate::Io;
use crate::descriptor::{Descriptor, Short};
use crate::net::{is_descriptor, is_std};
use crate::op::AcceptUnix;
use crate::sys::socket;

/// A Unix socket that accepts connections.
///
/// The file of its path is not removed when it is dropped.
#[derive(Debug)]
pub struct UnixListener {
    socket: Descriptor,
}

is_descriptor!(UnixListener);
is_std!(UnixListener, StdListener, Short::TellsNothing);

impl UnixListener {
    /// Listens on `path`, which must not exist.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, and those of `bind`; the error names the path.
    pub fn bind(io: Io, path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        Self::bind_addr(io, &SocketAddr::from_pathname(path)?).map_err(|error| {
            let text = format!("cannot listen on {}: {error}", path.display());
            io::Error::new(error.kind(), text)
        })
    }

    /// Listens on an address, which may be an abstract name.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, and those of `bind`.
    pub fn bind_addr(io: Io, address: &SocketAddr) -> io::Result<Self> {
        io.check()?;
        let address = socket::unix_address(address)?;
        let socket = Descriptor::new(socket::open_unix()?, Short::TellsNothing);
        let descriptor = socket.as_fd();
        let options = socket::options(&descriptor);
        options.bind(&address)?;
        options.listen(socket::BACKLOG)?;
        Ok(UnixListener { socket })
    }

    /// Waits for the next connection.
    ///
    /// It does the same about errors as [`TcpListener::accept`](crate::net::TcpListener::accept).
    ///
    /// # Errors
    ///
    /// Errors of the listener itself, and polling it outside a runtime.
    pub fn accept(&self) -> AcceptUnix<'_> {
        AcceptUnix::new(self.socket.as_fd())
    }

    /// The address it listens on.
    ///
    /// # Errors
    ///
    /// Those of `getsockname`.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        socket::local_path(self.socket.as_fd())
    }
}
