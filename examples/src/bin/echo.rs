//! An echo server whose memory is decided before the first connection.
//!
//! `echo` serves until Ctrl-C. `echo --drive 5 --connections 64` serves clients in the same process
//! for five seconds and prints what they measured.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::Poll;
use std::thread::JoinHandle;
use std::time::Duration;

use clap::Parser;
use coframe::net::{TcpListener, TcpStream};
use coframe::{Frames, Io, Runtime, frame_size, signal};
use coframe_examples::allocations::{self, Counting};
use coframe_examples::load::{self, Report};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

static CONNECTIONS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

/// The size of a connection's frame.
const FRAME: usize = frame_size!(echo);

/// An echo server.
#[derive(Debug, Parser)]
struct Options {
    /// Where to listen; with --drive any free port [default: 127.0.0.1:7878]
    #[arg(long)]
    addr: Option<SocketAddr>,
    /// How many connections are served at the same time; others wait
    #[arg(long, default_value_t = 10_000)]
    max: usize,
    /// Measure for so many seconds, with clients in this process
    #[arg(long, value_name = "SECONDS")]
    drive: Option<f64>,
    /// How many clients
    #[arg(long, default_value_t = 64)]
    connections: usize,
}

/// Sends back what it receives, and gives the number of bytes.
#[coframe::coroutine]
async fn echo(mut sock: TcpStream) -> io::Result<u64> {
    let mut buf = [0; 4096];
    let mut total = 0;
    loop {
        let n = sock.read(&mut buf).await?;
        if n == 0 {
            return Ok(total);
        }
        sock.write_all(&buf[..n]).await?;
        total += n as u64;
        BYTES.fetch_add(n as u64, Relaxed);
    }
}

/// Accepts for ever, and waits for a free frame when all are in use.
#[coframe::coroutine]
async fn serve(conns: Frames<FRAME>, listener: TcpListener) -> io::Result<()> {
    loop {
        let (sock, _) = listener.accept().await?;
        CONNECTIONS.fetch_add(1, Relaxed);
        sock.set_nodelay(true)?;
        conns.spawn_with(move || echo(sock)).await?;
    }
}

async fn run(io: Io, options: Options) -> io::Result<()> {
    let conns = io.frames::<FRAME>(options.max)?;
    let slot = conns.slot_bytes();
    println!("frame: {FRAME} bytes; slot: {slot} bytes; pool: {} bytes", conns.bytes());
    let port = if options.drive.is_some() { 0 } else { 7878 };
    let addr = options.addr.unwrap_or(([127, 0, 0, 1], port).into());
    let listener = TcpListener::bind(io, addr)?;
    let addr = listener.local_addr()?;
    println!("listening on {addr}");
    let Some(seconds) = options.drive else {
        serve_until_interrupted(io, conns, listener).await?;
        let (connections, bytes) = (CONNECTIONS.load(Relaxed), BYTES.load(Relaxed));
        println!("served {connections} connections and {bytes} bytes");
        return Ok(());
    };
    let time = Duration::try_from_secs_f64(seconds).map_err(io::Error::other)?;
    let server = io.spawn(serve(conns, listener));
    let clients = load::start(addr, options.connections, time);
    let (report, allocations) = measure(io, clients).await?;
    server.abort();
    print(&report, slot, allocations);
    Ok(())
}

/// Ends with the server, which fails, or with Ctrl-C.
async fn serve_until_interrupted(
    io: Io,
    conns: Frames<FRAME>,
    listener: TcpListener,
) -> io::Result<()> {
    let mut server = pin!(serve(conns, listener));
    let mut interrupt = pin!(signal::ctrl_c(io));
    std::future::poll_fn(|context| match interrupt.as_mut().poll(context) {
        Poll::Pending => server.as_mut().poll(context),
        ended => ended,
    })
    .await
}

/// Waits for the clients and counts what this thread, which is the server's, allocates meanwhile.
async fn measure(io: Io, clients: JoinHandle<io::Result<Report>>) -> io::Result<(Report, u64)> {
    allocations::start();
    while !clients.is_finished() {
        io.sleep(Duration::from_millis(10)).await;
    }
    let allocations = allocations::count();
    let report = clients.join().map_err(|_| io::Error::other("the clients panicked"))??;
    Ok((report, allocations))
}

fn print(report: &Report, slot: usize, allocations: u64) {
    let rate = report.requests as f64 / report.elapsed.as_secs_f64();
    let latency = |quantile| report.latencies.value_at_quantile(quantile) as f64 / 1000.0;
    println!("requests: {}", report.requests);
    println!("requests per second: {rate:.0}");
    let (p50, p99, p999) = (latency(0.5), latency(0.99), latency(0.999));
    println!("latency: p50 {p50:.1} us, p99 {p99:.1} us, p99.9 {p999:.1} us");
    println!("bytes per connection: {slot}");
    println!("allocations after start: {allocations}");
}

fn main() -> io::Result<()> {
    let options = Options::parse();
    let mut runtime = Runtime::new()?;
    println!("driver: {}", runtime.driver());
    runtime.run(|io| run(io, options))
}
