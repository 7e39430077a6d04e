//! A process without free descriptors: connections wait, and none is lost.
//!
//! The limit is the process's, so this is a test binary of its own with one test.

use std::fs::File;
use std::io::{self, Read, Write};
use std::net;
use std::process::{Command, Stdio};

use coframe::net::{TcpListener, TcpStream};
use coframe::{DriverKind, Io, Runtime};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

const CLIENTS: usize = 20;

async fn echo(mut socket: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 64];
    loop {
        let count = socket.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        socket.write_all(&buffer[..count]).await?;
    }
}

/// The clients, in a process of their own: all are connected before the first asks.
fn be_client(server: &str) -> io::Result<()> {
    let connect = |_| net::TcpStream::connect(server);
    let sockets = (0..CLIENTS).map(connect).collect::<io::Result<Vec<_>>>()?;
    for mut socket in sockets {
        socket.write_all(b"hello")?;
        let mut answer = [0; 5];
        socket.read_exact(&mut answer)?;
        assert_eq!(&answer, b"hello");
    }
    Ok(())
}

async fn serve(io: Io) -> io::Result<()> {
    let frames = io.frames::<1024>(CLIENTS)?;
    let listener = TcpListener::bind(io, "127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    let mut clients = Command::new(std::env::current_exe()?)
        .env("COFRAME_TEST_CLIENT", address)
        .stdout(Stdio::null())
        .spawn()?;
    let hoard = take_descriptors(3)?;
    let mut hoard = Some(hoard);
    for number in 0..CLIENTS {
        // With three descriptors left, the rest has to wait for connections to be closed.
        let (socket, _) = listener.accept().await?;
        drop(frames.spawn(echo(socket)).await?);
        if number == CLIENTS / 2 {
            hoard = None;
        }
    }
    drop(hoard);
    while clients.try_wait()?.is_none() {
        io.sleep(core::time::Duration::from_millis(1)).await;
    }
    assert!(clients.wait()?.success());
    Ok(())
}

/// Opens files until only `left` descriptors are free.
fn take_descriptors(left: usize) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    while let Ok(file) = File::open("/dev/null") {
        files.push(file);
    }
    files.truncate(files.len() - left);
    Ok(files)
}

#[test]
fn an_accept_waits_for_a_descriptor() {
    if let Ok(server) = std::env::var("COFRAME_TEST_CLIENT") {
        return be_client(&server).expect("the clients");
    }
    let maximum = getrlimit(Resource::Nofile).maximum;
    setrlimit(Resource::Nofile, Rlimit { current: Some(64), maximum }).expect("a lower limit");
    for driver in [DriverKind::IoUring, DriverKind::Epoll, DriverKind::Threads] {
        match Runtime::builder().driver(driver).build() {
            Ok(mut runtime) => runtime.run(serve).expect("the server"),
            Err(error) => println!("skipped: {error}"),
        }
    }
}
