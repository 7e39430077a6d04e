//! Tokio, on one thread.

use std::cell::Cell;
use std::future::poll_fn;
use std::io;
use std::net::{SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

use super::runner::{Accepted, Pummel};
use super::scenario::{PING, TIMERS_PER_MS};
use super::stopwatch::Stopwatch;
use super::{Measured, Scenario};

fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// Does a scenario other than that of many accepts.
pub(super) fn run(scenario: Scenario, amount: u64) -> io::Result<Measured> {
    runtime()?.block_on(async {
        match scenario {
            Scenario::PingPongs => ping_pongs(amount).await,
            Scenario::UdpPings => udp_pings(amount).await,
            Scenario::Timers => timers(amount).await,
            _ => tokio::spawn(pummel(scenario.threads(), amount)).await?,
        }
    })
}

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

async fn ping(server: SocketAddr, count: u64) -> io::Result<Measured> {
    let mut socket = TcpStream::connect(server).await?;
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

async fn ping_pongs(count: u64) -> io::Result<Measured> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let server = listener.local_addr()?;
    let pong = tokio::spawn(pong(listener));
    let measured = tokio::spawn(ping(server, count)).await??;
    pong.await??;
    Ok(measured)
}

async fn udp_pong(socket: UdpSocket) -> io::Result<()> {
    let mut buffer = [0; 64];
    loop {
        let (count, peer) = socket.recv_from(&mut buffer).await?;
        socket.send_to(&buffer[..count], peer).await?;
    }
}

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

async fn udp_pings(count: u64) -> io::Result<Measured> {
    let server = UdpSocket::bind("127.0.0.1:0").await?;
    let client = UdpSocket::bind("127.0.0.1:0").await?;
    let address = server.local_addr()?;
    let pong = tokio::spawn(udp_pong(server));
    let measured = tokio::spawn(udp_ping(client, address, count)).await??;
    pong.abort();
    Ok(measured)
}

thread_local! {
    static ENDED: Cell<u64> = const { Cell::new(0) };
}

async fn nap(time: Duration) {
    sleep(time).await;
    ENDED.set(ENDED.get() + 1);
}

async fn timers(count: u64) -> io::Result<Measured> {
    let stopwatch = Stopwatch::start()?;
    for number in 0..count {
        tokio::spawn(nap(Duration::from_millis(1 + number / TIMERS_PER_MS)));
    }
    while ENDED.get() < count {
        sleep(Duration::from_millis(1)).await;
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

/// Accepts on this thread.
pub(super) fn serve(listener: StdListener, accepted: Arc<Accepted>) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    runtime()?.block_on(async {
        let listener = TcpListener::from_std(listener)?;
        loop {
            drop(listener.accept().await?);
            accepted.count()?;
        }
    })
}
