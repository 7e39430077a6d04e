//! Clients that measure an echo server.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use coframe::net::TcpStream;
use coframe::{Io, Runtime};
use hdrhistogram::Histogram;

/// The bytes of a request, and of its answer.
const REQUEST: usize = 64;

/// The longest latency that is told apart, in nanoseconds.
const LATENCY_MAX: u64 = 10_000_000_000;

/// What the clients measured.
#[derive(Debug)]
pub struct Report {
    /// The number of requests that were answered.
    pub requests: u64,
    /// The time from the first request to the last answer.
    pub elapsed: Duration,
    /// The latency of each request, in nanoseconds.
    pub latencies: Histogram<u64>,
}

/// Runs `connections` clients for `time`, on a thread and a runtime of their own.
pub fn start(
    server: SocketAddr,
    connections: usize,
    time: Duration,
) -> JoinHandle<io::Result<Report>> {
    thread::spawn(move || Runtime::new()?.run(|io| drive(io, server, connections, time)))
}

async fn drive(
    io: Io,
    server: SocketAddr,
    connections: usize,
    time: Duration,
) -> io::Result<Report> {
    let mut sockets = Vec::with_capacity(connections);
    for _ in 0..connections {
        let socket = TcpStream::connect(io, server).await?;
        socket.set_nodelay(true)?;
        sockets.push(socket);
    }
    let histogram = Histogram::new_with_max(LATENCY_MAX, 3).map_err(io::Error::other)?;
    let latencies = Rc::new(RefCell::new(histogram));
    let start = Instant::now();
    let clients: Vec<_> = sockets
        .into_iter()
        .map(|socket| io.spawn_local(request(socket, start + time, latencies.clone())))
        .collect();
    for client in clients {
        client.await??;
    }
    let elapsed = start.elapsed();
    let latencies = Rc::try_unwrap(latencies).expect("the clients have ended").into_inner();
    Ok(Report { requests: latencies.len(), elapsed, latencies })
}

/// Sends requests one after the other.
async fn request(
    mut socket: TcpStream,
    end: Instant,
    latencies: Rc<RefCell<Histogram<u64>>>,
) -> io::Result<()> {
    let request = [7; REQUEST];
    let mut answer = [0; REQUEST];
    let mut sent = Instant::now();
    while sent < end {
        socket.write_all(&request).await?;
        let mut received = 0;
        while received < REQUEST {
            let count = socket.read(&mut answer[received..]).await?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            received += count;
        }
        let now = Instant::now();
        latencies.borrow_mut().saturating_record((now - sent).as_nanos() as u64);
        sent = now;
    }
    Ok(())
}
