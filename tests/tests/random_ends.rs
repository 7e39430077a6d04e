//! Operations of all kinds that end in all ways, at random from fixed seeds: no descriptor is left
//! open and no slot is left taken.
//!
//! The descriptors are the process's, so this is a test binary of its own with one test. It is worth
//! most under a sanitizer: CONTRIBUTING.md has the command.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use coframe::fs::{File, OpenOptions};
use coframe::io::{BufReader, pipe};
use coframe::net::{TcpListener, TcpStream, UdpSocket, UnixDatagram, UnixListener, UnixStream};
use coframe::process::Command;
use coframe::{DriverKind, Io, Runtime, signal};
use coframe_tests::runtime::{Folder, poll_once, yield_now};

/// For each driver.
const ROUNDS: u64 = 10_000;
/// The tasks at the same time.
const SLOTS: usize = 16;
/// The bytes of a slot.
const FRAME: usize = 8192;
const ADDRESS: &str = "127.0.0.1:0";

/// Numbers that look random, the same for the same seed.
#[derive(Clone, Copy)]
struct Random(u64);

impl Random {
    /// One of the numbers below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (number ^ (number >> 31)) % end
    }
}

/// Begins an operation in some place, and ends it in some way. `rouse` lets it be done.
async fn end_somehow<F: Future>(random: &mut Random, operation: F, rouse: impl FnMut()) {
    let way = random.below(10);
    end(random, way, operation, rouse).await;
}

/// The same for an operation that owns a descriptor, which is not leaked: the descriptor would be, too.
async fn end_owner<F: Future>(random: &mut Random, operation: F, rouse: impl FnMut()) {
    let way = random.below(9);
    end(random, if way == LEAKED { 9 } else { way }, operation, rouse).await;
}

const LEAKED: u64 = 3;

async fn end<F: Future>(random: &mut Random, way: u64, operation: F, mut rouse: impl FnMut()) {
    match way {
        0 => drop(operation),
        1 => drop(poll_once(pin!(operation)).await),
        2 => {
            let mut operation = Box::pin(operation);
            let _ = poll_once(operation.as_mut()).await;
        }
        LEAKED => {
            let mut operation = Box::pin(operation);
            let _ = poll_once(operation.as_mut()).await;
            core::mem::forget(operation);
        }
        4 => {
            let mut operation = pin!(operation);
            let _ = poll_once(operation.as_mut()).await;
            rouse();
            yield_now().await;
            yield_now().await;
        }
        5 => {
            let mut operation = pin!(operation);
            if operation.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
                let _ = poll_once(operation).await;
            }
        }
        6 => {
            let mut operation = pin!(operation);
            let _ = poll_once(operation.as_mut()).await;
            assert!(random.below(2) == 0, "a panic with an operation in flight");
        }
        7 => {
            rouse();
            let mut operation = pin!(operation);
            for _ in 0..3 {
                if poll_once(operation.as_mut()).await.is_ready() {
                    break;
                }
                yield_now().await;
            }
        }
        8 => {
            let mut operation = Box::pin(operation);
            let _ = poll_once(operation.as_mut()).await;
            rouse();
            yield_now().await;
        }
        // Until it is aborted, or done.
        _ => {
            let _ = poll_once(pin!(operation)).await;
            yield_now().await;
            core::future::poll_fn(|_| Poll::<()>::Pending).await;
        }
    }
}

/// Reads and writes of a connection.
async fn of_stream(io: Io, random: &mut Random) -> io::Result<()> {
    let (mut near, mut far) = UnixStream::pair(io)?;
    let mut buffer = [0; 64];
    let mut heap = vec![0; 64];
    let large = vec![1; 1 << 20];
    let rouse = || drop(far.try_write(b"bytes"));
    match random.below(14) {
        11 => end_somehow(random, near.writable(), || ()).await,
        12 => {
            let mut text = BufReader::<_, 128>::new(&mut near);
            let mut line = String::new();
            end_somehow(random, text.read_line(&mut line), rouse).await;
        }
        8 => end_somehow(random, near.read_owned(heap), || drop(far.try_write(b"bytes"))).await,
        9 => end_somehow(random, near.write_owned(large), || ()).await,
        10 => end_somehow(random, near.write_zero_copy(large), || ()).await,
        0 => end_somehow(random, near.read(&mut buffer), rouse).await,
        7 => end_somehow(random, near.recv(), rouse).await,
        1 => end_somehow(random, near.read(&mut heap), rouse).await,
        2 => end_somehow(random, near.peek(&mut buffer), rouse).await,
        3 => end_somehow(random, near.readable(), rouse).await,
        4 => {
            let (first, second) = buffer.split_at_mut(32);
            let mut parts = [io::IoSliceMut::new(first), io::IoSliceMut::new(second)];
            end_somehow(random, near.read_vectored(&mut parts), rouse).await;
        }
        5 => end_somehow(random, near.write_all(&large), || drop(far.try_read(&mut heap))).await,
        6 => end_somehow(random, near.write_all(&buffer), || ()).await,
        _ => {
            let parts = [io::IoSlice::new(&buffer), io::IoSlice::new(&large)];
            end_somehow(random, near.write_vectored(&parts), || ()).await;
        }
    }
    Ok(())
}

/// Connections that are made.
async fn of_listener(io: Io, random: &mut Random) -> io::Result<()> {
    let listener = TcpListener::bind(io, ADDRESS)?;
    let address = listener.local_addr()?;
    let connect = || drop(std::net::TcpStream::connect(address));
    match random.below(2) {
        0 => end_somehow(random, listener.accept(), connect).await,
        _ => end_owner(random, TcpStream::connect(io, address), || ()).await,
    }
    Ok(())
}

/// The same by paths, and descriptors that are passed.
async fn of_unix_sockets(io: Io, random: &mut Random) -> io::Result<()> {
    let (mut near, mut far) = UnixStream::pair(io)?;
    let mut buffer = [0; 64];
    match random.below(5) {
        0 => {
            let fd = near.as_fd().try_clone_to_owned()?;
            end_somehow(random, far.send_fds(b"bytes", [fd.as_fd()]), || ()).await;
        }
        1 => {
            let fd = near.as_fd().try_clone_to_owned()?;
            far.send_fds(b"bytes", [fd.as_fd()]).await?;
            // It has come already, so a leaked receiver owns it.
            end_owner(random, near.recv_fds::<2>(&mut buffer), || ()).await;
        }
        2 => {
            end_somehow(random, near.recv_fds::<2>(&mut buffer), || drop(far.try_write(b"x"))).await
        }
        way => {
            let folder = Folder::new()?;
            let path = folder.path().join("socket");
            let listener = UnixListener::bind(io, &path)?;
            let connect = || drop(std::os::unix::net::UnixStream::connect(&path));
            if way == 3 {
                end_somehow(random, listener.accept(), connect).await;
            } else {
                end_owner(random, UnixStream::connect(io, &path), || ()).await;
            }
        }
    }
    Ok(())
}

/// Datagrams.
async fn of_datagrams(io: Io, random: &mut Random) -> io::Result<()> {
    let mut buffer = [0; 64];
    if random.below(2) == 0 {
        let (near, far) = std::os::unix::net::UnixDatagram::pair()?;
        let near = UnixDatagram::from_std(near)?;
        let rouse = || drop(far.send(b"bytes"));
        match random.below(4) {
            0 => end_somehow(random, near.recv_from(&mut buffer), rouse).await,
            1 => end_somehow(random, near.peek(&mut buffer), rouse).await,
            2 => end_somehow(random, near.recv(&mut buffer), rouse).await,
            _ => {
                while poll_once(pin!(near.send(&buffer))).await.is_ready() {}
                let rouse = || drop(far.recv(&mut [0; 64]));
                end_somehow(random, near.send(&buffer), rouse).await;
            }
        }
        return Ok(());
    }
    let socket = UdpSocket::bind(io, ADDRESS)?;
    let address = socket.local_addr()?;
    let send =
        || drop(std::net::UdpSocket::bind(ADDRESS).map(|other| other.send_to(b"x", address)));
    match random.below(4) {
        0 => end_somehow(random, socket.recv_from(&mut buffer), send).await,
        1 => end_somehow(random, socket.peek_from(&mut buffer), send).await,
        2 => {
            socket.connect(address)?;
            end_somehow(random, socket.send(&buffer), || ()).await;
        }
        _ => end_somehow(random, socket.send_to(&buffer, address), || ()).await,
    }
    Ok(())
}

/// Pipes, sleeps, closures, signals and children.
async fn of_others(io: Io, random: &mut Random) -> io::Result<()> {
    let mut buffer = [0; 64];
    match random.below(7) {
        5 => {
            let mut signals = signal::listen(io, signal::Kind::USER2)?;
            end_somehow(random, signals.recv(), || ()).await;
        }
        // A process takes long to start.
        6 if random.below(10) == 0 => {
            let mut child = Command::new("true").spawn(io)?;
            end_owner(random, child.wait(), || ()).await;
        }
        0 => {
            let (mut reader, mut writer) = pipe(io)?;
            let mut write = Box::pin(writer.write(b"bytes"));
            let rouse = || drop(write.as_mut().poll(&mut Context::from_waker(Waker::noop())));
            end_somehow(random, reader.read(&mut buffer), rouse).await;
        }
        1 => {
            let (_reader, mut writer) = pipe(io)?;
            end_somehow(random, writer.write(&[1; 1000]), || ()).await;
        }
        2 => end_somehow(random, io.sleep(Duration::from_micros(50)), || ()).await,
        3 => end_somehow(random, io.blocking(|| 1), || ()).await,
        _ => end_somehow(random, io.spawn(async { yield_now().await }), || ()).await,
    }
    Ok(())
}

/// Files.
async fn of_files(io: Io, random: &mut Random, path: &Path) -> io::Result<()> {
    let mut buffer = [0; 512];
    let mut heap = vec![0; 512];
    match random.below(8) {
        0 => {
            end_owner(random, File::open(io, path), || ()).await;
            return Ok(());
        }
        1 => return of_names(io, random).await,
        _ => {}
    }
    let file = OpenOptions::new().read(true).write(true).open(io, path).await?;
    match random.below(11) {
        8 => end_owner(random, file.sync_all(), || ()).await,
        9 => end_owner(random, file.write_owned_at(heap, 0), || ()).await,
        5 => {
            let (first, second) = buffer.split_at_mut(100);
            let mut parts = [io::IoSliceMut::new(first), io::IoSliceMut::new(second)];
            end_owner(random, file.read_vectored_at(&mut parts, 3), || ()).await;
        }
        6 => {
            let parts = [io::IoSlice::new(&buffer), io::IoSlice::new(&heap)];
            end_owner(random, file.write_vectored_at(&parts, 16), || ()).await;
        }
        7 => {
            let (mut near, _far) = UnixStream::pair(io)?;
            end_owner(random, near.send_file(&file, 0, 1 << 20), || ()).await;
        }
        0 => end_owner(random, file.read_at(&mut buffer, 8), || ()).await,
        1 => end_owner(random, file.read_at(&mut heap, 8), || ()).await,
        2 => end_owner(random, file.write_at(&buffer, 16), || ()).await,
        3 => end_owner(random, file.write_at(&heap, 16), || ()).await,
        4 => end_owner(random, file.read_owned_at(heap, 0), || ()).await,
        _ => end_owner(random, file.set_len(4096), || ()).await,
    }
    Ok(())
}

/// Names of files.
async fn of_names(io: Io, random: &mut Random) -> io::Result<()> {
    let folder = Folder::new()?;
    let (here, there) = (folder.path().join("here"), folder.path().join("there"));
    fs::write(&here, "bytes")?;
    match random.below(8) {
        0 => end_somehow(random, coframe::fs::rename(io, &here, &there), || ()).await,
        1 => end_somehow(random, coframe::fs::remove_file(io, &here), || ()).await,
        2 => end_somehow(random, coframe::fs::hard_link(io, &here, &there), || ()).await,
        3 => end_somehow(random, coframe::fs::symlink(io, &here, &there), || ()).await,
        4 => end_somehow(random, coframe::fs::create_dir(io, &there), || ()).await,
        5 => end_somehow(random, coframe::fs::metadata(io, &here), || ()).await,
        6 => end_owner(random, coframe::fs::read_dir(io, folder.path()), || ()).await,
        _ => end_owner(random, coframe::fs::copy(io, &here, &there), || ()).await,
    }
    Ok(())
}

async fn round(io: Io, mut random: Random, path: PathBuf) -> io::Result<()> {
    let random = &mut random;
    match random.below(13) {
        0 => of_files(io, random, &path).await,
        12 => of_unix_sockets(io, random).await,
        1 => of_listener(io, random).await,
        2 | 3 => of_datagrams(io, random).await,
        4 | 5 => of_others(io, random).await,
        _ => of_stream(io, random).await,
    }
}

/// Many tasks at the same time. Some are aborted, and all are waited for.
async fn rounds(io: Io, seed: u64, path: PathBuf) -> io::Result<()> {
    let frames = io.frames::<FRAME>(SLOTS)?;
    let mut random = Random(seed);
    let mut tasks = Vec::new();
    for number in 0..ROUNDS {
        let task = round(io, Random(seed ^ (number << 20)), path.clone());
        if tasks.len() == SLOTS {
            let place = random.below(SLOTS as u64) as usize;
            let task: coframe::JoinHandle<io::Result<()>> = tasks.swap_remove(place);
            if random.below(2) == 0 {
                yield_now().await;
            }
            task.abort();
            let _ = task.await;
        }
        tasks.push(frames.spawn_local(task).await?);
    }
    for task in tasks {
        task.abort();
        let _ = task.await;
    }
    assert_eq!(frames.in_use(), 0, "a slot is left taken");
    Ok(())
}

fn open_descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("proc").count()
}

/// False: there is no such driver here.
fn run(driver: DriverKind, seed: u64, path: &Path) -> bool {
    let builder = Runtime::builder().driver(driver).blocking_threads(2).receive_buffers(5_000, 16);
    match builder.build() {
        Ok(mut runtime) => {
            let path = path.to_owned();
            runtime.run(|io| rounds(io, seed, path)).expect("the rounds");
            true
        }
        Err(error) => {
            println!("skipped: {error}");
            false
        }
    }
}

#[test]
fn nothing_is_left_of_operations_that_end_in_all_ways() {
    // The panics are meant.
    std::panic::set_hook(Box::new(|panic| {
        if !panic.to_string().contains("with an operation in flight") {
            eprintln!("{panic}");
        }
    }));
    let folder = Folder::new().expect("a folder");
    let path = folder.path().join("file");
    fs::write(&path, vec![7; 4096]).expect("a file");
    for driver in [DriverKind::IoUring, DriverKind::Epoll, DriverKind::Threads] {
        // The first runtime, and the first who listens for a signal, open what the process keeps.
        if let Ok(runtime) = Runtime::builder().driver(driver).build() {
            signal::listen(runtime.io(), signal::Kind::USER2).expect("a signal");
        }
        let before = open_descriptors();
        if !run(driver, 0x5eed, &path) {
            continue;
        }
        let mut moments = 0..5_000;
        // Threads for what blocks may still close something.
        while open_descriptors() > before && moments.next().is_some() {
            std::thread::sleep(Duration::from_millis(1));
        }
        let after = open_descriptors();
        println!(
            "{driver}: {ROUNDS} operations dropped, cancelled, leaked or panicked at random; \
             descriptors: {before} before, {after} after; slots in use: 0"
        );
        assert_eq!(after, before, "on {driver}");
    }
}
