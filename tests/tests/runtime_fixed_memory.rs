//! A runtime with fixed memory: nothing in the whole process is allocated after the start, and
//! overload is answered by waiting or by an error.
//!
//! Everything that is allocated counts, on all threads, so there is no harness, which allocates when a
//! test takes long.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use coframe::fs::{File, OpenOptions};
use coframe::net::{TcpListener, TcpStream, UnixStream};
use coframe::{DriverKind, Io, PoolFull, Runtime, frame_size};
use coframe_tests::runtime::{Folder, poll_once, yield_now};

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        // SAFETY: by this function's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: by this function's contract.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const CONNECTIONS: usize = 64;
const MESSAGE: usize = 64;

/// The requests for each driver, unless the variable `COFRAME_TEST_REQUESTS` says otherwise.
const REQUESTS: usize = 100_000;

fn requests() -> usize {
    let number = std::env::var("COFRAME_TEST_REQUESTS").ok();
    number.map_or(REQUESTS, |number| number.parse().expect("a number"))
}

#[coframe::coroutine]
async fn echo(mut socket: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 256];
    loop {
        let count = socket.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        socket.write_all(&buffer[..count]).await?;
    }
}

#[coframe::coroutine]
async fn echo_leased(mut socket: TcpStream) -> io::Result<()> {
    loop {
        let bytes = socket.recv().await?;
        if bytes.is_empty() {
            return Ok(());
        }
        let (result, _) = socket.write_all_owned(bytes).await;
        result?;
    }
}

#[coframe::coroutine]
async fn request(mut socket: TcpStream, count: usize) -> io::Result<()> {
    let mut answer = [0; MESSAGE];
    let mut number = 0;
    while number < count {
        let message = [number as u8; MESSAGE];
        socket.write_all(&message).await?;
        let mut received = 0;
        while received < MESSAGE {
            match socket.read(&mut answer[received..]).await? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                count => received += count,
            }
        }
        assert_eq!(answer, message);
        number += 1;
    }
    Ok(())
}

/// Clients and their server, half of which leases its buffers, of which there are too few.
async fn serve(io: Io) -> io::Result<u64> {
    let servers = io.frames::<{ frame_size!(echo) }>(CONNECTIONS / 2)?;
    let leasing = io.frames::<{ frame_size!(echo_leased) }>(CONNECTIONS / 2)?;
    let clients = io.frames::<{ frame_size!(request) }>(CONNECTIONS)?;
    let listener = TcpListener::bind(io, "127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let mut tasks = Vec::with_capacity(CONNECTIONS);
    let each = requests().div_ceil(CONNECTIONS);
    let before = ALLOCATIONS.load(Relaxed);
    for number in 0..CONNECTIONS {
        let client = TcpStream::connect(io, address).await?;
        let (server, _) = listener.accept().await?;
        if number % 2 == 0 {
            drop(servers.spawn(echo(server)).await?);
        } else {
            drop(leasing.spawn(echo_leased(server)).await?);
        }
        tasks.push(clients.spawn(request(client, each)).await?);
    }
    while let Some(task) = tasks.pop() {
        task.await??;
    }
    while servers.in_use() + leasing.in_use() > 0 {
        yield_now().await;
    }
    Ok(ALLOCATIONS.load(Relaxed) - before)
}

/// Tasks that write, sync, read and resize a file.
#[coframe::coroutine]
async fn work_on_file(file: Arc<File>, number: u64) -> io::Result<()> {
    let mut buffer = [0; 4096];
    let mut round = 0;
    while round < 200 {
        buffer.fill(number as u8);
        file.write_all_at(&buffer, number * 4096).await?;
        if round % 50 == 0 {
            file.sync_data().await?;
        }
        buffer.fill(0);
        file.read_exact_at(&mut buffer, number * 4096).await?;
        assert_eq!(buffer, [number as u8; 4096]);
        round += 1;
    }
    Ok(())
}

async fn use_files(io: Io, path: PathBuf) -> io::Result<u64> {
    const TASKS: usize = 8;
    let options = OpenOptions::new().read(true).write(true).create(true);
    let file = Arc::new(options.open(io, &path).await?);
    let frames = io.frames::<{ frame_size!(work_on_file) }>(TASKS)?;
    let mut tasks = Vec::with_capacity(TASKS);
    let before = ALLOCATIONS.load(Relaxed);
    for number in 0..TASKS as u64 {
        tasks.push(frames.spawn(work_on_file(Arc::clone(&file), number)).await?);
    }
    while let Some(task) = tasks.pop() {
        task.await??;
    }
    file.set_len(100).await?;
    Ok(ALLOCATIONS.load(Relaxed) - before)
}

/// More than there is room for.
async fn overload(io: Io) -> io::Result<()> {
    // Two tasks find room, one of them in a slot that is larger than it needs.
    let first = io.spawn(async { yield_now().await });
    let second = io.try_spawn(async { yield_now().await }).expect("there is a larger slot");
    let before = ALLOCATIONS.load(Relaxed);
    let Err(PoolFull(task)) = io.try_spawn(async { yield_now().await }) else {
        panic!("there is no slot");
    };
    assert_eq!(ALLOCATIONS.load(Relaxed), before);
    assert_eq!(io.pool_growths(), 0);
    first.await?;
    second.await?;
    io.try_spawn(task).expect("there is room again").await?;
    let Err(PoolFull(_)) = io.try_spawn(core::future::ready([0_u8; 4096])) else {
        panic!("it is larger than all slots");
    };

    // Operations elsewhere than in the frame of their task have records.
    let (mut near, far) = UnixStream::pair(io)?;
    let mut reads: Vec<_> = Vec::with_capacity(1 << 16);
    let error = loop {
        let mut read = Box::pin(far.readable());
        let before = ALLOCATIONS.load(Relaxed);
        let poll = poll_once(read.as_mut()).await;
        assert_eq!(ALLOCATIONS.load(Relaxed), before);
        match poll {
            std::task::Poll::Pending => reads.push(read),
            std::task::Poll::Ready(ended) => break ended.expect_err("nothing is there to read"),
        }
        assert!(reads.len() < 1 << 16);
    };
    assert_eq!(error.kind(), ErrorKind::OutOfMemory);
    // Operations in the frame go on, and the records come back.
    near.write_all(b"x").await?;
    for read in reads.drain(..) {
        read.await?;
    }
    let mut read = Box::pin(near.readable());
    assert!(poll_once(read.as_mut()).await.is_pending());
    Ok(())
}

/// A file that would need copies.
async fn copy(io: Io, path: PathBuf) -> io::Result<()> {
    let file = File::open(io, &path).await?;
    let mut heap = vec![0; 64];
    let error = file.read_at(&mut heap, 0).await.expect_err("a copy");
    assert_eq!(error.kind(), ErrorKind::OutOfMemory);
    // Closures are for the start, and have their threads.
    assert_eq!(io.blocking(|| 7).await?, 7);
    assert_eq!(io.blocking_thread_count(), 2);
    Ok(())
}

fn run(driver: DriverKind, path: &std::path::Path) {
    let builder = Runtime::builder()
        .driver(driver)
        .fixed_memory(true)
        .receive_buffers(CONNECTIONS / 8, 256)
        .blocking_threads(2)
        .tasks(1, 100)
        .tasks(1, 400);
    let mut runtime = match builder.build() {
        Ok(runtime) => runtime,
        Err(error) => return println!("skipped: {error}"),
    };
    assert_eq!(runtime.run(serve).expect("the server"), 0, "on {driver}");
    if driver == DriverKind::IoUring {
        let allocations = runtime.run(|io| use_files(io, path.to_owned())).expect("the file");
        assert_eq!(allocations, 0);
    }
    runtime.run(overload).expect("the overload");
    runtime.run(|io| copy(io, path.to_owned())).expect("the copy");
}

fn main() {
    let folder = Folder::new().expect("a folder");
    let path = folder.path().join("file");
    std::fs::write(&path, "text").expect("a file");
    for driver in [DriverKind::IoUring, DriverKind::Epoll, DriverKind::Threads] {
        run(driver, &path);
        println!("{driver}: {} requests, nothing allocated after the start", requests());
    }
    let error = Runtime::builder().tasks(1, 1 << 20).build().expect_err("too large");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}
