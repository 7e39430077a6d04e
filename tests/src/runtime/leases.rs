//! Bytes that are received in buffers of the runtime's.

use core::future::Future;
use core::pin::pin;
use std::io::{self, Write as _};
use std::net;
use std::thread;

use coframe::net::{Lease, TcpStream, UnixStream};
use coframe::{DriverKind, Io, Runtime};

use super::{connected, everywhere, poll_once, run, yield_now};

/// Runs `main` with so many buffers of eight bytes.
fn with_buffers<F, Fut>(driver: DriverKind, count: usize, main: F)
where
    F: FnOnce(Io) -> Fut,
    Fut: Future<Output = io::Result<()>>,
{
    match Runtime::builder().driver(driver).receive_buffers(count, 8).build() {
        Ok(mut runtime) => runtime.run(main).expect("the test's main future"),
        Err(error) => println!("skipped: {error}"),
    }
}

async fn receive(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    let (mut near, mut far) = UnixStream::pair(io)?;
    for round in 0..10 {
        {
            let mut receive = pin!(server.recv());
            assert!(poll_once(receive.as_mut()).await.is_pending());
            client.write_all(&[round; 3]).await?;
            assert_eq!(&*receive.await?, [round; 3]);
        }
        far.write_all(&[round; 5]).await?;
        let mut lease = near.recv().await?;
        lease[0] = 77;
        assert_eq!(&*lease, [77, round, round, round, round]);
        client.write_all(b"more").await?;
        // Two at the same time.
        assert_eq!((&*server.recv().await?, lease.len()), (&b"more"[..], 5));
    }
    drop((client, far));
    assert!(server.recv().await?.is_empty());
    assert!(near.recv().await?.is_empty());
    Ok(())
}

/// TCP and Unix streams receive into leased buffers, and an empty one is the end.
pub fn leased_bytes_arrive(driver: DriverKind) {
    run(driver, |io| everywhere(io, receive));
}

/// What is more than a buffer holds comes in the next ones, and each is used again and again.
pub fn a_lease_returns_its_buffer(driver: DriverKind) {
    const SIZE: usize = 10_000;
    with_buffers(driver, 1, |io| async move {
        let (_listener, mut client, mut server) = connected(io).await?;
        let task = io.spawn(async move {
            let mut bytes = Vec::new();
            loop {
                let lease = server.recv().await?;
                assert!(lease.len() <= 8);
                if lease.is_empty() {
                    return io::Result::Ok(bytes);
                }
                bytes.extend_from_slice(&lease);
            }
        });
        let bytes: Vec<u8> = (0..SIZE).map(|index| (index % 251) as u8).collect();
        client.write_all(&bytes).await?;
        drop(client);
        assert!(task.await?? == bytes);
        Ok(())
    });
}

/// Who has bytes but no buffer waits, in the order of arrival, and the bytes wait with him.
pub fn receivers_wait_for_a_buffer(driver: DriverKind) {
    with_buffers(driver, 1, |io| async move {
        let (_listener, mut client, mut server) = connected(io).await?;
        client.write_all(b"first").await?;
        let lease = server.recv().await?;
        let (mut near, mut far) = UnixStream::pair(io)?;
        let (mut here, mut there) = UnixStream::pair(io)?;
        far.write_all(b"second").await?;
        there.write_all(b"third").await?;
        let second = io.spawn(async move { Ok::<_, io::Error>((near.recv().await?.len(), near)) });
        for _ in 0..10 {
            yield_now().await;
        }
        let third = io.spawn(async move { here.recv().await });
        for _ in 0..10 {
            yield_now().await;
        }
        assert!(!second.is_finished() && !third.is_finished());
        assert_eq!(&*lease, b"first");
        drop(lease);
        let (count, _near) = second.await??;
        assert_eq!(count, 6);
        assert_eq!(&*third.await??, b"third");
        Ok(())
    });
}

async fn drop_half_way(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    let (mut near, mut far) = UnixStream::pair(io)?;
    for _ in 0..100 {
        {
            let mut receive = pin!(server.recv());
            assert!(poll_once(receive.as_mut()).await.is_pending());
        }
        {
            // It has bytes when it is dropped.
            let mut receive = pin!(server.recv());
            assert!(poll_once(receive.as_mut()).await.is_pending());
            client.write_all(b"one").await?;
            yield_now().await;
        }
        let lease = server.recv().await?;
        assert_eq!(&*lease, b"one");
        far.write_all(b"two").await?;
        {
            // It waits for the only buffer, and is dropped before it is free or after.
            let mut receive = pin!(near.recv());
            for _ in 0..3 {
                assert!(poll_once(receive.as_mut()).await.is_pending());
                yield_now().await;
            }
        }
        {
            let mut receive = pin!(near.recv());
            for _ in 0..3 {
                assert!(poll_once(receive.as_mut()).await.is_pending());
                yield_now().await;
            }
            drop(lease);
        }
        assert_eq!(&*near.recv().await?, b"two");
    }
    Ok(())
}

/// A receive that is dropped before it is done loses neither bytes nor a buffer.
pub fn a_dropped_receive_loses_nothing(driver: DriverKind) {
    with_buffers(driver, 1, |io| everywhere(io, drop_half_way));
}

async fn leak(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    client.write_all(b"leaked").await?;
    core::mem::forget(server.recv().await?);
    for round in 0..100 {
        let mut receive = Box::pin(server.recv());
        assert!(poll_once(receive.as_mut()).await.is_pending());
        core::mem::forget(receive);
        client.write_all(&[round; 4]).await?;
        assert_eq!(&*server.recv().await?, [round; 4], "a leaked receive took the bytes");
    }
    Ok(())
}

/// A lease that is leaked costs its buffer, and a receive that is leaked costs nothing.
pub fn leaked_leases_and_receives(driver: DriverKind) {
    // Each of the three places leaks one buffer.
    with_buffers(driver, 4, |io| everywhere(io, leak));
}

/// A lease is memory like any other when its runtime has gone.
pub fn a_lease_outlives_its_runtime(driver: DriverKind) {
    let mut leases: Vec<Lease> = Vec::new();
    for round in 0..3_u8 {
        let builder = Runtime::builder().driver(driver).receive_buffers(2, 8);
        let Ok(mut runtime) = builder.build() else { return };
        let (first, kept) = runtime.run(|io| async move {
            let (mut near, mut far) = UnixStream::pair(io).expect("a pair");
            far.write_all(&[round; 3]).await.expect("a write");
            far.write_all(&[round; 9]).await.expect("a write");
            // A task that waits for bytes, and one that waits for a buffer, end with their runtime.
            let (mut here, there) = UnixStream::pair(io).expect("a pair");
            drop(io.spawn(async move { here.recv().await.map(|lease| (lease.len(), there)) }));
            let first = near.recv().await.expect("bytes");
            let mut kept = near.recv().await.expect("more bytes");
            kept.fill(9);
            far.write_all(&[round; 3]).await.expect("a write");
            drop(io.spawn(async move {
                let lease = near.recv().await;
                let _far = far;
                lease.map(|lease| lease.len())
            }));
            for _ in 0..10 {
                yield_now().await;
            }
            (first, kept)
        });
        drop(runtime);
        assert_eq!((&*first, &*kept), (&[round; 8][..], &[9; 4][..]));
        leases.extend([first, kept]);
    }
    let mut leases = thread::spawn(move || leases).join().expect("the leases");
    for (round, lease) in leases.iter_mut().enumerate() {
        lease.fill(round as u8);
    }
    for (round, lease) in leases.iter().enumerate() {
        assert!(lease.iter().all(|&byte| byte == round as u8));
    }
}

/// Leases that are dropped on other threads wake those who wait here.
pub fn leases_cross_threads(driver: DriverKind) {
    const ROUNDS: usize = 200;
    with_buffers(driver, 2, |io| async move {
        let (sender, receiver) = std::sync::mpsc::channel::<Lease>();
        let other = thread::spawn(move || receiver.into_iter().map(|lease| lease.len()).sum());
        let mut tasks = Vec::new();
        for _ in 0..4 {
            let (_listener, client, mut server) = connected(io).await?;
            let sender = sender.clone();
            tasks.push(io.spawn(async move {
                for _ in 0..ROUNDS {
                    let lease = server.recv().await?;
                    assert!(!lease.is_empty());
                    sender.send(lease).map_err(io::Error::other)?;
                }
                io::Result::Ok(server)
            }));
            let writes = thread::spawn(move || -> io::Result<net::TcpStream> {
                let mut client = client.into_std()?;
                client.write_all(&[1; 8 * ROUNDS])?;
                Ok(client)
            });
            tasks.push(io.spawn(async move {
                let client = io.blocking(move || writes.join().expect("the writer")).await??;
                TcpStream::from_std(client)
            }));
        }
        drop(sender);
        for task in tasks {
            task.await??;
        }
        let total: usize = io.blocking(move || other.join().expect("the thread")).await?;
        assert_eq!(total, 4 * 8 * ROUNDS);
        Ok(())
    });
}

async fn receive_in_halves(io: Io) -> io::Result<()> {
    let (_listener, mut client, server) = connected(io).await?;
    let (mut reader, mut writer) = server.into_split();
    {
        let mut receive = pin!(reader.recv());
        assert!(poll_once(receive.as_mut()).await.is_pending());
        writer.write_all(b"question").await?;
        let mut answer = client.recv().await?;
        answer.make_ascii_uppercase();
        client.write_all(&answer).await?;
        assert_eq!(&*receive.await?, b"QUESTION");
    }
    drop(writer);
    assert!(client.recv().await?.is_empty());
    drop(reader);
    let (mut reader, _writer) = client.split();
    assert!(reader.recv().await?.is_empty());
    Ok(())
}

/// The halves of a stream receive as the whole does.
pub fn halves_receive(driver: DriverKind) {
    run(driver, |io| everywhere(io, receive_in_halves));
}

/// A reset is an error, and a receive outside of a runtime is one, too.
pub fn a_receive_that_fails(driver: DriverKind) {
    with_buffers(driver, 1, |io| async move {
        let (_listener, client, mut server) = connected(io).await?;
        client.set_linger(Some(core::time::Duration::ZERO))?;
        drop(client);
        let error = server.recv().await.expect_err("a reset");
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
        assert!(server.recv().await?.is_empty());
        // The buffer has come back each time.
        let (mut near, mut far) = UnixStream::pair(io)?;
        far.write_all(b"x").await?;
        assert_eq!(&*near.recv().await?, b"x");
        let outside = thread::spawn(move || coframe::block_on(near.recv()).map(|_| ()));
        assert!(outside.join().expect("no panic").is_err());
        Ok(())
    });
}
