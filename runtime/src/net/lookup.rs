//! Names of hosts.

use std::net::{SocketAddr, ToSocketAddrs};

use crate::Io;
use crate::blocking::Call;

/// The addresses of a host, found out on a thread where that may block.
///
/// `host` is what [`TcpStream::connect`](super::TcpStream::connect) takes: a text as
/// `"example.org:80"`, or a pair of a name and a port. The addresses can be given to it.
///
/// # Errors
///
/// When awaited: if the name is not known or has no address, or if the runtime has ended.
///
/// ```
/// use coframe::Io;
/// use coframe::net::{TcpListener, TcpStream, lookup_host};
///
/// #[coframe::coroutine]
/// async fn connect(io: Io) -> std::io::Result<()> {
///     let listener = TcpListener::bind(io, "127.0.0.1:0")?;
///     let port = listener.local_addr()?.port();
///     let addresses = lookup_host(io, ("127.0.0.1", port)).await?;
///     TcpStream::connect(io, &addresses[..]).await?;
///     Ok(())
/// }
///
/// fn main() -> std::io::Result<()> {
///     coframe::Runtime::new()?.run(connect)
/// }
/// ```
pub fn lookup_host(io: Io, host: impl ToSocketAddrs + Send + 'static) -> Call<Vec<SocketAddr>> {
    Call::new(io, move || Ok(host.to_socket_addrs()?.collect()))
}
