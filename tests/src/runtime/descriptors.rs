//! File descriptors: none leaks, none is taken for another.

use std::fs;
use std::io;
use std::time::Duration;

use coframe::fs::File;
use coframe::net::TcpStream;
use coframe::{DriverKind, Io, Runtime};

use super::{connected, poll_once, run, yield_now};

/// The number of descriptors of this process.
///
/// Tests that run at the same time open some too, so this is called in a child process.
fn open_descriptors() -> usize {
    fs::read_dir("/proc/self/fd").expect("proc").count()
}

async fn leave_everything_in_flight(io: Io) -> io::Result<()> {
    let frames = io.frames::<1024>(8)?;
    for _ in 0..4 {
        let (listener, client, mut server) = connected(io).await?;
        drop(frames.spawn(async move { server.read(&mut [0; 64]).await }).await?);
        drop(io.spawn(async move { listener.accept().await.map(drop) }));
        let mut client = client;
        drop(io.spawn(Box::pin(async move {
            let mut buffer = vec![0; 8];
            client.read(&mut buffer).await
        })));
    }
    let mut files = Vec::new();
    for _ in 0..4 {
        let mut open = Box::pin(File::open(io, std::env::current_exe()?));
        let _ = poll_once(open.as_mut()).await;
        drop(io.spawn(async move { File::open(io, "/dev/null").await.map(drop) }));
        files.push(open);
    }
    drop(files);
    yield_now().await;
    yield_now().await;
    // There is one thread: when it comes to this, it has closed what nobody wanted.
    io.blocking(|| ()).await?;
    Ok(())
}

/// A runtime that is dropped with operations in flight leaves nothing open.
pub fn nothing_is_left_open(driver: DriverKind) {
    if std::env::var_os("COFRAME_TEST_CHILD").is_none() {
        let child = std::process::Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "nothing_is_left_open", "--nocapture", "--test-threads=1"])
            .env("COFRAME_TEST_CHILD", "1")
            .output()
            .expect("a child process");
        assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
        return;
    }
    let mut before = None;
    for _ in 0..5 {
        let builder = Runtime::builder().driver(driver).blocking_threads(1);
        let Ok(mut runtime) = builder.build() else { return };
        runtime.run(leave_everything_in_flight).expect("the connections");
        drop(runtime);
        // The first runtime also opens what the process keeps.
        let Some(before) = before else {
            before = Some(open_descriptors());
            continue;
        };
        // libkqueue closes what it has in a thread of its own.
        let mut moments = 0..10_000;
        while open_descriptors() > before && moments.next().is_some() {
            std::thread::sleep(Duration::from_millis(1));
        }
        let after = open_descriptors();
        assert!(after <= before, "{after} instead of {before}");
    }
}

/// A read that is leaked does not keep its connection open.
pub fn a_leaked_read_does_not_hold_its_connection(driver: DriverKind) {
    run(driver, |io| async move {
        let (_listener, mut client, mut server) = connected(io).await?;
        let mut buffer = [0; 8];
        let mut read = Box::pin(server.read(&mut buffer));
        assert!(poll_once(read.as_mut()).await.is_pending());
        core::mem::forget(read);
        drop(server);
        assert_eq!(client.read(&mut [0; 8]).await?, 0);
        Ok(())
    });
}

/// A read that is leaked is not woken for, and takes nothing from, the next socket with its number.
pub fn a_leaked_read_does_not_disturb_the_next_socket(driver: DriverKind) {
    run(driver, |io| async move {
        for _ in 0..50 {
            let (listener, _client, mut server) = connected(io).await?;
            let mut buffer = [0; 8];
            let mut read = Box::pin(server.read(&mut buffer));
            assert!(poll_once(read.as_mut()).await.is_pending());
            core::mem::forget(read);
            drop(server);
            let address = listener.local_addr()?;
            let mut client = TcpStream::connect(io, address).await?;
            let (mut server, _) = listener.accept().await?;
            let task = io.spawn(async move {
                let mut bytes = vec![0; 8];
                let mut read = Box::pin(server.read(&mut bytes));
                assert!(poll_once(read.as_mut()).await.is_pending());
                read.await
            });
            yield_now().await;
            client.write_all(b"1234").await?;
            assert_eq!(task.await??, 4);
            assert_eq!(buffer, [0; 8]);
        }
        Ok(())
    });
}
