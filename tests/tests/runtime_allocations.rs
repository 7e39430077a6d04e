//! After the start nothing is allocated: not for connections, tasks, sleeps, wakes or datagrams, nor
//! for reads and writes of files, with or without copies.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io;
use std::net;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use coframe::fs::OpenOptions;
use coframe::net::{TcpListener, TcpStream, UdpSocket};
use coframe::{DriverKind, Io, Runtime};
use coframe_tests::runtime::{Folder, yield_now};

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: everything is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
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

async fn echo(io: Io, mut socket: TcpStream) -> io::Result<u64> {
    let mut buffer = [0; 256];
    let mut total = 0;
    loop {
        let count = socket.read(&mut buffer).await?;
        if count == 0 {
            return Ok(total);
        }
        io.sleep(Duration::from_micros(100)).await;
        yield_now().await;
        socket.write_all(&buffer[..count]).await?;
        total += count as u64;
    }
}

/// The same without a buffer of its own.
async fn echo_leased(mut socket: TcpStream) -> io::Result<u64> {
    let mut total = 0;
    loop {
        let bytes = socket.recv().await?;
        if bytes.is_empty() {
            return Ok(total);
        }
        yield_now().await;
        socket.write_all(&bytes).await?;
        total += bytes.len() as u64;
    }
}

fn client(server: net::SocketAddr) -> io::Result<()> {
    use io::{Read, Write};
    for _ in 0..100 {
        let mut socket = net::TcpStream::connect(server)?;
        for _ in 0..10 {
            socket.write_all(b"12345678")?;
            socket.read_exact(&mut [0; 8])?;
        }
    }
    Ok(())
}

async fn serve(io: Io, is_leased: bool) -> io::Result<u64> {
    let frames = io.frames::<1024>(4)?;
    let listener = TcpListener::bind(io, "127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let clients: Vec<_> = (0..8).map(|_| thread::spawn(move || client(address))).collect();
    let before = ALLOCATIONS.get();
    for number in 0..8 * 100 {
        let (socket, _) = listener.accept().await?;
        // Eight clients share four frames, so that spawns wait.
        let handle = if is_leased {
            frames.spawn(echo_leased(socket)).await?
        } else {
            frames.spawn(echo(io, socket)).await?
        };
        if number % 16 == 0 {
            assert_eq!(handle.await??, 80);
        }
    }
    while frames.in_use() > 0 {
        io.sleep(Duration::from_micros(100)).await;
    }
    let allocations = ALLOCATIONS.get() - before;
    for client in clients {
        client.join().expect("the client")?;
    }
    Ok(allocations)
}

fn count(driver: DriverKind) {
    // Four connections share one buffer, so that receives wait.
    match Runtime::builder().driver(driver).receive_buffers(1, 256).build() {
        Ok(mut runtime) => {
            for is_leased in [false, true] {
                let allocations = runtime.run(|io| serve(io, is_leased)).expect("the server");
                assert_eq!(allocations, 0, "leased: {is_leased}");
            }
        }
        Err(error) => println!("skipped: {error}"),
    }
}

/// Reads and writes a file, and sends datagrams, from buffers in its frame.
async fn read_and_write(io: Io, path: PathBuf) -> io::Result<u64> {
    let file = OpenOptions::new().read(true).write(true).create(true).open(io, &path).await?;
    let socket = UdpSocket::bind(io, "127.0.0.1:0")?;
    let here = socket.local_addr()?;
    let mut buffer = [0; 512];
    let mut heap = vec![0; 512];
    let mut before = 0;
    for round in 0..1000_u64 {
        if round == 1 {
            before = ALLOCATIONS.get();
        }
        buffer.fill(round as u8);
        assert_eq!(file.write_at(&buffer, round % 7 * 512).await?, 512);
        assert_eq!(file.read_at(&mut buffer, round % 7 * 512).await?, 512);
        assert_eq!(file.read_at(&mut heap, round % 7 * 512).await?, 512);
        assert_eq!(socket.send_to(&buffer, here).await?, 512);
        assert_eq!(socket.recv_from(&mut buffer).await?, (512, here));
        assert_eq!(buffer, [round as u8; 512]);
        assert_eq!(heap, buffer);
        assert_eq!(file.write_at(&heap, round % 7 * 512).await?, 512);
    }
    Ok(ALLOCATIONS.get() - before)
}

fn count_for_files(driver: DriverKind) {
    let folder = Folder::new().expect("a folder");
    let path = folder.path().join("file");
    // One thread for what blocks, as to start another one allocates.
    match Runtime::builder().driver(driver).blocking_threads(1).build() {
        Ok(mut runtime) => {
            let allocations = runtime.run(|io| read_and_write(io, path)).expect("the file");
            assert_eq!(allocations, 0);
        }
        Err(error) => println!("skipped: {error}"),
    }
}

#[test]
fn nothing_is_allocated_for_files_on_io_uring() {
    count_for_files(DriverKind::IoUring);
}

#[test]
fn nothing_is_allocated_for_files_on_epoll() {
    count_for_files(DriverKind::Epoll);
}

#[test]
fn nothing_is_allocated_for_files_on_threads() {
    count_for_files(DriverKind::Threads);
}

#[test]
fn nothing_is_allocated_on_io_uring() {
    count(DriverKind::IoUring);
}

#[test]
fn nothing_is_allocated_on_epoll() {
    count(DriverKind::Epoll);
}

#[test]
fn nothing_is_allocated_on_threads() {
    count(DriverKind::Threads);
}
