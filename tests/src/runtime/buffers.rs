//! Who owns the buffer while the kernel does: attempts to break the rules.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;

use coframe::net::{TcpListener, TcpStream};
use coframe::{DriverKind, Io};

use super::{connected, poll_once, run, runtime, yield_now};

/// Sends bytes and makes sure that they have reached the other socket.
async fn deliver(from: &mut TcpStream, to: &TcpStream, bytes: &[u8]) -> io::Result<()> {
    from.write_all(bytes).await?;
    while rustix::net::recv(to, &mut [0; 64][..], rustix::net::RecvFlags::PEEK).map(|got| got.1)
        != Ok(bytes.len())
    {
        yield_now().await;
    }
    Ok(())
}

async fn drop_and_use_again(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    let mut buffer = [0; 64];
    for _ in 0..100 {
        let mut read = Box::pin(async { server.read(&mut buffer).await });
        assert!(poll_once(read.as_mut()).await.is_pending());
        drop(read);
        {
            let mut read = pin!(server.read(&mut buffer));
            assert!(poll_once(read.as_mut()).await.is_pending());
        }
        buffer = [1; 64];
        deliver(&mut client, &server, b"late").await?;
        yield_now().await;
        assert_eq!(buffer, [1; 64], "the kernel wrote after the read was dropped");
        assert_eq!(server.read(&mut buffer).await?, 4);
        assert_eq!(&buffer[..4], b"late");
    }
    Ok(())
}

/// After a read was dropped its buffer is not written, and nothing is lost.
pub fn a_dropped_read_leaves_its_buffer_alone(driver: DriverKind) {
    run(driver, |io| async move {
        drop_and_use_again(io).await?;
        io.spawn(drop_and_use_again(io)).await?
    });
}

async fn leak_and_use_again(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    let mut buffer = Box::new([0_u8; 64]);
    let mut inline = [0_u8; 64];
    for _ in 0..10 {
        let mut read = Box::pin(server.read(&mut buffer[..]));
        assert!(poll_once(read.as_mut()).await.is_pending());
        core::mem::forget(read);
        let mut read = Box::pin(server.read(&mut inline));
        assert!(poll_once(read.as_mut()).await.is_pending());
        core::mem::forget(read);
        buffer.fill(1);
        inline.fill(1);
        client.write_all(b"late").await?;
        for _ in 0..100 {
            yield_now().await;
        }
        assert_eq!((*buffer, inline), ([1; 64], [1; 64]), "the kernel wrote into a leaked buffer");
        let mut answer = [0; 64];
        assert_eq!(server.read(&mut answer).await?, 4, "a leaked read took the bytes");
    }
    Ok(())
}

/// A read that is leaked, so that nothing ever ends it, does not write either.
pub fn a_leaked_read_leaves_its_buffer_alone(driver: DriverKind) {
    run(driver, |io| async move {
        leak_and_use_again(io).await?;
        io.spawn(leak_and_use_again(io)).await?
    });
}

/// Gives the number of the future that is ready first, and drops both.
async fn race(first: impl Future, second: impl Future) -> u8 {
    let (mut first, mut second) = (pin!(first), pin!(second));
    core::future::poll_fn(|context| {
        if first.as_mut().poll(context).is_ready() {
            return Poll::Ready(1);
        }
        second.as_mut().poll(context).map(|_| 2)
    })
    .await
}

async fn race_and_use_again(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    let mut buffer = [0; 64];
    for _ in 0..100 {
        let winner = race(server.read(&mut buffer), yield_now()).await;
        assert_eq!(winner, 2);
        buffer = [1; 64];
        deliver(&mut client, &server, b"late").await?;
        assert_eq!(buffer, [1; 64]);
        assert_eq!(race(server.read(&mut buffer), std::future::pending::<()>()).await, 1);
        assert_eq!(&buffer[..4], b"late");
    }
    Ok(())
}

/// The loser of a race is dropped in flight.
pub fn the_loser_of_a_race_leaves_its_buffer_alone(driver: DriverKind) {
    run(driver, |io| async move {
        race_and_use_again(io).await?;
        io.spawn(race_and_use_again(io)).await?
    });
}

async fn panic_in_flight(mut socket: TcpStream) {
    let mut buffer = [0; 256];
    let mut read = pin!(socket.read(&mut buffer));
    assert!(poll_once(read.as_mut()).await.is_pending());
    panic!("in between");
}

/// A task that panics while it reads gives its slot back only when the kernel has let go.
pub fn a_panic_ends_the_reads_of_its_task(driver: DriverKind) {
    run(driver, |io| async move {
        let frames = io.frames::<1024>(1)?;
        for _ in 0..10 {
            let (_listener, mut client, server) = connected(io).await?;
            let error = frames.spawn(panic_in_flight(server)).await?.await.expect_err("a panic");
            assert!(error.is_panic());
            let _ = client.write_all(b"late").await;
            let next = frames.try_spawn(async {
                let bytes = [9_u8; 400];
                yield_now().await;
                bytes
            });
            assert_eq!(next.expect("the slot is free").await?, [9_u8; 400]);
        }
        Ok(())
    });
}

/// Reads into a buffer on the heap, whole and in parts.
pub fn a_read_into_the_heap(driver: DriverKind) {
    run(driver, |io| async move {
        let (_listener, mut client, mut server) = connected(io).await?;
        let task = io.spawn(async move {
            let mut bytes = vec![0; 1 << 16];
            let mut total = 0;
            while total < bytes.len() {
                total += server.read(&mut bytes[total..]).await?;
            }
            io::Result::Ok(bytes)
        });
        client.write_all(&vec![3; 1 << 16]).await?;
        assert!(task.await??.iter().all(|&byte| byte == 3));
        Ok(())
    });
}

/// An operation that one runtime began is an error in another, and both go on.
pub fn a_read_begun_elsewhere_is_an_error(driver: DriverKind) {
    let (Some(mut first), Some(mut second)) = (runtime(driver), runtime(driver)) else { return };
    let (listener, client, mut server) = first.run(connected).expect("a connection");
    let mut buffer = [0; 8];
    let mut read = Box::pin(server.read(&mut buffer));
    assert!(first.run(|_| poll_once(read.as_mut())).is_pending());
    match second.run(|_| poll_once(read.as_mut())) {
        Poll::Ready(Err(error)) => assert!(error.to_string().contains("runtime"), "{error}"),
        other => panic!("expected an error, found {other:?}"),
    }
    drop((read, client, listener));
    assert_eq!(first.run(|_| server.read(&mut buffer)).expect("the end"), 0);
}

/// An operation that is polled where no runtime runs is an error.
pub fn a_read_outside_a_runtime_is_an_error(driver: DriverKind) {
    let Some(mut runtime) = runtime(driver) else { return };
    let (listener, mut client, server) = runtime.run(connected).expect("a connection");
    let error = coframe::block_on(client.read(&mut [0; 8])).expect_err("no runtime runs");
    assert!(error.to_string().contains("runtime"), "{error}");
    assert!(coframe::block_on(client.write_all(b"x")).is_err());
    assert!(coframe::block_on(listener.accept()).is_err());
    drop(server);
    // On the thread of a task, but outside of its frame, it works.
    runtime.run(|io| async move {
        let task = io.spawn_local(async move {
            let mut buffer = [0; 8];
            let mut read = pin!(client.read(&mut buffer));
            loop {
                let mut context = Context::from_waker(Waker::noop());
                if let Poll::Ready(result) = read.as_mut().poll(&mut context) {
                    return result;
                }
                yield_now().await;
            }
        });
        assert_eq!(task.await.expect("no panic").expect("the end"), 0);
    });
}

/// Aborting a task ends its read and closes its socket.
pub fn an_aborted_task_ends_its_read(driver: DriverKind) {
    run(driver, |io| async move {
        let (_listener, mut client, mut server) = connected(io).await?;
        let task = io.spawn(async move { server.read(&mut [0; 64]).await });
        for _ in 0..3 {
            yield_now().await;
        }
        task.abort();
        assert!(task.await.expect_err("aborted").is_canceled());
        assert_eq!(client.read(&mut [0; 8]).await?, 0);
        Ok(())
    });
}

/// A connection that arrives for an accept that is gone goes to the next one, or is closed.
pub fn a_dropped_accept_closes_its_connection(driver: DriverKind) {
    run(driver, |io| async move {
        let listener = TcpListener::bind(io, "127.0.0.1:0")?;
        let address = listener.local_addr()?;
        for _ in 0..100 {
            let task = io.spawn_local(async move { TcpStream::connect(io, address).await });
            {
                let mut accept = pin!(listener.accept());
                let _ = poll_once(accept.as_mut()).await;
                yield_now().await;
            }
            let mut client = task.await??;
            let mut buffer = [0; 1];
            let mut read = pin!(client.read(&mut buffer));
            // Either it was closed, or it still waits at the listener.
            let mut accept = pin!(listener.accept());
            let ended = race(read.as_mut(), accept.as_mut()).await;
            assert!(ended == 1 || ended == 2);
        }
        Ok(())
    });
}

struct SetOnDrop(Arc<AtomicBool>);

impl Drop for SetOnDrop {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

/// A boxed read in flight is dropped on another thread.
pub fn a_boxed_read_crosses_threads(driver: DriverKind) {
    run(driver, |io| async move {
        let (_listener, mut client, mut server) = connected(io).await?;
        let is_dropped = Arc::new(AtomicBool::new(false));
        let guard = SetOnDrop(is_dropped.clone());
        let mut read = Box::pin(async move {
            let _guard = guard;
            let mut buffer = vec![0; 8];
            server.read(&mut buffer).await
        });
        assert!(poll_once(read.as_mut()).await.is_pending());
        thread::spawn(move || {
            assert!(catch_unwind(AssertUnwindSafe(|| drop(read))).is_ok());
        })
        .join()
        .expect("the thread");
        assert!(is_dropped.load(SeqCst));
        // The socket was closed with the read.
        assert_eq!(client.read(&mut [0; 8]).await?, 0);
        Ok(())
    });
}
