//! The server: an echo in several ways, which reports each connection.

use std::future::{Future, poll_fn};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use coframe::net::{Lease, TcpListener, TcpSocket, TcpStream, UnixDatagram};
use coframe::{DriverKind, Io, Runtime, frame_size};

use super::address;
use super::bytes::Checksum;
use super::report::{self, End, Report};
use crate::process::Child;

/// The bytes of the buffers in frames, and of those that are lent.
const BUFFER: usize = 4096;

/// For how many connections there is a buffer to lend. Half of them need one, so some wait for it, and
/// all of the buffers are soon in use: memory that is used for the first time looks like growth.
const CONNECTIONS_PER_LENT: usize = 5;

/// The bytes of a socket's buffers, as far as the system allows so few: a client that does not read
/// lets the server wait soon.
const SOCKET_BUFFER: usize = 16 << 10;

/// How long a reader without patience waits before it drops what it waits with, and starts anew.
const PATIENCE: Duration = Duration::from_millis(1);

/// How often the server looks whether all slots are free at its end, a millisecond apart.
const LOOKS: usize = 10_000;

/// What has passed through a connection.
#[derive(Debug, Default)]
struct Tally {
    received: u64,
    checksum: Checksum,
    returned: u64,
}

impl Tally {
    fn receive(&mut self, bytes: &[u8]) {
        self.received += bytes.len() as u64;
        self.checksum.add(bytes);
    }
}

/// With a buffer in the frame.
#[coframe::coroutine]
async fn echo(socket: &mut TcpStream, tally: &mut Tally) -> io::Result<()> {
    let mut buffer = [0; BUFFER];
    loop {
        let count = socket.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        tally.receive(&buffer[..count]);
        socket.write_all(&buffer[..count]).await?;
        tally.returned += count as u64;
    }
}

/// With buffers that are lent, and are the kernel's until they are sent.
#[coframe::coroutine]
async fn echo_leased(socket: &mut TcpStream, tally: &mut Tally) -> io::Result<()> {
    loop {
        let bytes = socket.recv().await?;
        let count = bytes.len();
        if count == 0 {
            return Ok(());
        }
        tally.receive(&bytes);
        socket.write_all_owned(bytes).await.0?;
        tally.returned += count as u64;
    }
}

/// With buffers that are lent, and receives that are dropped where they wait.
#[coframe::coroutine]
async fn echo_impatient(io: Io, socket: &mut TcpStream, tally: &mut Tally) -> io::Result<()> {
    loop {
        let Some(received) = receive_soon(io, socket).await else { continue };
        let bytes = received?;
        if bytes.is_empty() {
            return Ok(());
        }
        tally.receive(&bytes);
        socket.write_all(&bytes).await?;
        tally.returned += bytes.len() as u64;
    }
}

/// What is received before the patience ends.
#[coframe::coroutine]
async fn receive_soon(io: Io, socket: &mut TcpStream) -> Option<io::Result<Lease>> {
    let mut receive = pin!(socket.recv());
    let mut sleep = pin!(io.sleep(PATIENCE));
    poll_fn(|context| match receive.as_mut().poll(context) {
        Poll::Ready(received) => Poll::Ready(Some(received)),
        Poll::Pending => sleep.as_mut().poll(context).map(|_| None),
    })
    .await
}

/// Serves a connection in one of the ways, and reports it.
#[coframe::coroutine]
async fn serve_connection(
    io: Io,
    mut socket: TcpStream,
    connection: u32,
    reports: Arc<UnixDatagram>,
) {
    let mut tally = Tally::default();
    let result = match connection % 4 {
        0 | 1 => echo(&mut socket, &mut tally).await,
        2 => echo_leased(&mut socket, &mut tally).await,
        _ => echo_impatient(io, &mut socket, &mut tally).await,
    };
    // So that its descriptor is gone when the report arrives.
    drop(socket);
    let Tally { received, checksum, returned } = tally;
    let report = Report { connection, end: End::of(&result), received, checksum, returned };
    let bytes = report.to_bytes();
    if let Err(error) = reports.send(&bytes).await {
        // The client sees that the report is missing, and prints this.
        eprintln!("the report of connection {connection} was not sent: {error}");
    }
}

/// Serves until somebody connects from the address that no client has.
#[coframe::coroutine]
async fn serve(io: Io, connections: usize, name: String) -> io::Result<()> {
    let frames = io.frames::<{ frame_size!(serve_connection) }>(connections)?;
    let listener = listen(io)?;
    let reports = Arc::new(UnixDatagram::from_std(report::outbox(&name)?)?);
    Child::announce(listener.local_addr()?.port().into());
    loop {
        let (socket, peer) = listener.accept().await?;
        let Some(connection) = number_of(peer) else { break };
        frames.spawn(serve_connection(io, socket, connection, Arc::clone(&reports))).await?;
    }
    let mut looks = 0;
    while frames.in_use() > 0 && looks < LOOKS {
        io.sleep(Duration::from_millis(1)).await;
        looks += 1;
    }
    println!("{}", frames.in_use());
    Ok(())
}

fn listen(io: Io) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4(io)?;
    socket.set_send_buffer_size(SOCKET_BUFFER)?;
    socket.set_receive_buffer_size(SOCKET_BUFFER)?;
    socket.bind((Ipv4Addr::LOCALHOST, 0).into())?;
    socket.listen(u32::from(u16::MAX))
}

fn number_of(peer: SocketAddr) -> Option<u32> {
    match peer.ip() {
        IpAddr::V4(ip) => address::number_of(ip),
        IpAddr::V6(_) => None,
    }
}

/// Serves so many connections at once in this process, and tells its parent the port; at the end it
/// prints how many slots are still in use.
///
/// # Errors
///
/// If the driver does not work here, and those of sockets.
pub fn serve_soak(driver: DriverKind, connections: usize, name: String) -> io::Result<()> {
    let builder = Runtime::builder().driver(driver).fixed_memory(true);
    let mut runtime =
        builder.receive_buffers(connections / CONNECTIONS_PER_LENT + 1, BUFFER).build()?;
    runtime.run(|io| serve(io, connections, name))
}
