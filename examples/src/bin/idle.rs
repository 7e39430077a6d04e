//! How much memory an idle connection takes.
//!
//! `idle` serves ten thousand connections that say nothing and a hundred that do, made by a child
//! process, and prints the resident bytes per idle connection. With `--leased` a connection has a
//! buffer only while there are bytes in it.

use std::fs;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use clap::Parser;
use coframe::net::{TcpListener, TcpStream};
use coframe::{Frames, Io, JoinHandle, Runtime, frame_size};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

static OPEN: AtomicUsize = AtomicUsize::new(0);
static REQUESTS: AtomicU64 = AtomicU64::new(0);

/// The size of a connection's frame.
const FRAME: usize = frame_size!(echo);
const LEASED_FRAME: usize = frame_size!(echo_leased);

/// The buffers that the connections share, if they lease them.
const BUFFERS: usize = 256;
const BUFFER: usize = 4096;

/// Descriptors for anything but connections.
const RESERVE: u64 = 64;

/// Measures the memory of idle connections.
#[derive(Clone, Debug, Parser)]
struct Options {
    /// How many connections are idle
    #[arg(long, default_value_t = 10_000)]
    idle: usize,
    /// How many connections are active
    #[arg(long, default_value_t = 100)]
    active: usize,
    /// How long the active ones are, before the memory is measured
    #[arg(long, default_value_t = 2.0, value_name = "SECONDS")]
    time: f64,
    /// Receive into buffers that the connections share
    #[arg(long)]
    leased: bool,
    /// Be the client of this server
    #[arg(long, hide = true)]
    client: Option<SocketAddr>,
}

#[coframe::coroutine]
async fn echo(mut sock: TcpStream) -> io::Result<()> {
    let mut buf = [0; BUFFER];
    loop {
        let n = sock.read(&mut buf).await?;
        if n == 0 {
            return Ok(());
        }
        sock.write_all(&buf[..n]).await?;
        REQUESTS.fetch_add(1, Relaxed);
    }
}

#[coframe::coroutine]
async fn echo_leased(mut sock: TcpStream) -> io::Result<()> {
    loop {
        let bytes = sock.recv().await?;
        if bytes.is_empty() {
            return Ok(());
        }
        sock.write_all(&bytes).await?;
        REQUESTS.fetch_add(1, Relaxed);
    }
}

async fn serve<const SIZE: usize, F>(
    conns: Frames<SIZE>,
    listener: TcpListener,
    echo: fn(TcpStream) -> F,
) -> io::Result<()>
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    loop {
        let (sock, _) = listener.accept().await?;
        drop(conns.spawn_with(move || echo(sock)).await?);
        OPEN.fetch_add(1, Relaxed);
    }
}

/// Starts the server, and says what its pool takes.
fn start_server<const SIZE: usize, F>(
    io: Io,
    listener: TcpListener,
    count: usize,
    echo: fn(TcpStream) -> F,
) -> io::Result<JoinHandle<io::Result<()>>>
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let conns = io.frames::<SIZE>(count)?;
    let (slot, pool) = (conns.slot_bytes(), conns.bytes());
    println!("frame: {SIZE} bytes; slot: {slot} bytes; pool: {pool} bytes");
    Ok(io.spawn(serve(conns, listener, echo)))
}

async fn measure(io: Io, options: Options) -> io::Result<()> {
    let count = options.idle + options.active;
    let before = resident_bytes()?;
    let listener = TcpListener::bind(io, "127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = if options.leased {
        start_server::<LEASED_FRAME, _>(io, listener, count, echo_leased)?
    } else {
        start_server::<FRAME, _>(io, listener, count, echo)?
    };
    let mut clients = start_clients(address, &options)?;
    while OPEN.load(Relaxed) < count {
        if let Some(status) = clients.try_wait()? {
            return Err(io::Error::other(format!("the clients ended early: {status}")));
        }
        io.sleep(Duration::from_millis(10)).await;
    }
    io.sleep(Duration::try_from_secs_f64(options.time).map_err(io::Error::other)?).await;
    let after = resident_bytes()?;
    server.abort();
    clients.kill()?;
    clients.wait()?;
    println!("connections: {} idle, {} active", options.idle, options.active);
    println!("requests: {}", REQUESTS.load(Relaxed));
    println!("resident: {before} bytes before, {after} bytes after");
    println!("bytes per idle connection: {}", after.saturating_sub(before) / count.max(1));
    Ok(())
}

/// The memory of this process that is resident, in bytes.
fn resident_bytes() -> io::Result<usize> {
    let text = fs::read_to_string("/proc/self/statm")?;
    let pages = text.split_whitespace().nth(1).and_then(|pages| pages.parse::<usize>().ok());
    let pages = pages.ok_or_else(|| io::Error::other("/proc/self/statm has another form"))?;
    Ok(pages * rustix::param::page_size())
}

/// Starts the clients in a process of their own, so that their memory is not counted.
fn start_clients(server: SocketAddr, options: &Options) -> io::Result<Child> {
    Command::new(std::env::current_exe()?)
        .args(["--client".to_owned(), server.to_string()])
        .args(["--idle".to_owned(), options.idle.to_string()])
        .args(["--active".to_owned(), options.active.to_string()])
        .stdin(Stdio::null())
        .spawn()
}

/// Opens the connections and keeps the active ones busy, until the process is killed.
fn be_client(server: SocketAddr, options: &Options) -> io::Result<()> {
    let connect = |_| std::net::TcpStream::connect(server);
    let _idle = (0..options.idle).map(connect).collect::<io::Result<Vec<_>>>()?;
    let mut active = (0..options.active).map(connect).collect::<io::Result<Vec<_>>>()?;
    let mut answer = [0; 64];
    loop {
        for socket in &mut active {
            socket.write_all(&[7; 64])?;
            socket.read_exact(&mut answer)?;
        }
    }
}

/// Raises the limit of descriptors as far as is allowed, and lowers the number of connections if
/// that is not enough.
fn fit_descriptors(options: &mut Options) {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let _ = setrlimit(Resource::Nofile, raised);
    let Some(allowed) = getrlimit(Resource::Nofile).current else { return };
    let room = usize::try_from(allowed.saturating_sub(RESERVE)).unwrap_or(usize::MAX);
    if options.idle + options.active > room {
        options.active = options.active.min(room / 2);
        options.idle = options.idle.min(room - options.active);
        let (idle, active) = (options.idle, options.active);
        println!("only {allowed} descriptors are allowed: {idle} idle, {active} active");
    }
}

fn main() -> io::Result<()> {
    let mut options = Options::parse();
    fit_descriptors(&mut options);
    if let Some(server) = options.client {
        return be_client(server, &options);
    }
    let mut runtime = Runtime::builder().receive_buffers(BUFFERS, BUFFER).build()?;
    println!("driver: {}", runtime.driver());
    runtime.run(|io| measure(io, options))
}
