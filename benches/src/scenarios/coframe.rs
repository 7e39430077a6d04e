//! This project.

use std::cell::Cell;
use std::future::poll_fn;
use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use coframe::net::{TcpListener, TcpStream, UdpSocket};
use coframe::{DriverKind, Io, Runtime, frame_size};

use super::runner::{Accepted, Pummel};
use super::scenario::{PING, TIMERS_PER_MS};
use super::stopwatch::Stopwatch;
use super::{Measured, Scenario};

/// Does a scenario other than that of many accepts.
pub(super) fn run(driver: DriverKind, scenario: Scenario, amount: u64) -> io::Result<Measured> {
    let mut runtime = Runtime::builder().driver(driver).build()?;
    match scenario {
        Scenario::PingPongs => runtime.run(|io| ping_pongs(io, amount)),
        Scenario::UdpPings => runtime.run(|io| udp_pings(io, amount)),
        Scenario::Timers => runtime.run(|io| timers(io, amount)),
        _ => runtime.run(|_| pummel(scenario.threads(), amount)),
    }
}

#[coframe::coroutine]
async fn pong(listener: TcpListener) -> io::Result<()> {
    let (mut socket, _) = listener.accept().await?;
    socket.set_nodelay(true)?;
    let mut buffer = [0; 64];
    loop {
        let count = socket.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        socket.write_all(&buffer[..count]).await?;
    }
}

#[coframe::coroutine]
async fn ping(io: Io, server: SocketAddr, count: u64) -> io::Result<Measured> {
    let mut socket = TcpStream::connect(io, server).await?;
    socket.set_nodelay(true)?;
    let stopwatch = Stopwatch::start()?;
    let mut buffer = [0; 64];
    for _ in 0..count {
        socket.write_all(PING).await?;
        let mut received = 0;
        while received < PING.len() {
            let count = socket.read(&mut buffer[received..]).await?;
            assert_ne!(count, 0, "the server has closed");
            received += count;
        }
        assert_eq!(&buffer[..received], PING);
    }
    stopwatch.stop()
}

async fn ping_pongs(io: Io, count: u64) -> io::Result<Measured> {
    let listener = TcpListener::bind(io, "127.0.0.1:0")?;
    let server = listener.local_addr()?;
    let pong = io.spawn_local(pong(listener));
    let measured = io.spawn_local(ping(io, server, count)).await??;
    pong.await??;
    Ok(measured)
}

#[coframe::coroutine]
async fn udp_pong(socket: UdpSocket) -> io::Result<()> {
    let mut buffer = [0; 64];
    loop {
        let (count, peer) = socket.recv_from(&mut buffer).await?;
        socket.send_to(&buffer[..count], peer).await?;
    }
}

#[coframe::coroutine]
async fn udp_ping(socket: UdpSocket, server: SocketAddr, count: u64) -> io::Result<Measured> {
    let stopwatch = Stopwatch::start()?;
    let mut buffer = [0; 64];
    for _ in 0..count {
        socket.send_to(PING, server).await?;
        let (received, _) = socket.recv_from(&mut buffer).await?;
        assert_eq!(&buffer[..received], PING);
    }
    stopwatch.stop()
}

async fn udp_pings(io: Io, count: u64) -> io::Result<Measured> {
    let (server, client) =
        (UdpSocket::bind(io, "127.0.0.1:0")?, UdpSocket::bind(io, "127.0.0.1:0")?);
    let address = server.local_addr()?;
    let pong = io.spawn_local(udp_pong(server));
    let measured = io.spawn_local(udp_ping(client, address, count)).await??;
    pong.abort();
    Ok(measured)
}

thread_local! {
    static ENDED: Cell<u64> = const { Cell::new(0) };
}

#[coframe::coroutine]
async fn nap(io: Io, time: Duration) {
    io.sleep(time).await;
    ENDED.set(ENDED.get() + 1);
}

async fn timers(io: Io, count: u64) -> io::Result<Measured> {
    let stopwatch = Stopwatch::start()?;
    let frames = io.frames::<{ frame_size!(nap) }>(count as usize)?;
    for number in 0..count {
        let time = Duration::from_millis(1 + number / TIMERS_PER_MS);
        frames.spawn_local(nap(io, time)).await?;
    }
    while ENDED.get() < count {
        io.sleep(Duration::from_millis(1)).await;
    }
    stopwatch.stop()
}

async fn pummel(threads: usize, count: u64) -> io::Result<Measured> {
    let stopwatch = Stopwatch::start()?;
    let mut pummel = None;
    let mut seen = 0;
    poll_fn(|context| {
        pummel.get_or_insert_with(|| Pummel::start(threads, context.waker()));
        seen += 1;
        if seen > count { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    stopwatch.stop()
}

#[coframe::coroutine]
async fn accept(listener: StdListener, accepted: Arc<Accepted>) -> io::Result<()> {
    let listener = TcpListener::try_from(listener)?;
    loop {
        drop(listener.accept().await?);
        accepted.count()?;
    }
}

/// Accepts on this thread.
pub(super) fn serve(
    driver: DriverKind,
    listener: StdListener,
    accepted: Arc<Accepted>,
) -> io::Result<()> {
    let mut runtime = Runtime::builder().driver(driver).build()?;
    runtime.run(|_| accept(listener, accepted))
}
