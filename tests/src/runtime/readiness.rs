//! What a driver remembers of a descriptor, and whom a completion wakes: attempts to confuse it.

use core::future::Future;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};
use std::io::{self, Write as _};
use std::net;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::Wake;
use std::thread;

use coframe::net::{TcpListener, TcpStream};
use coframe::{DriverKind, Io};
use rustix::net::sockopt::set_socket_oobinline;
use rustix::net::{RecvFlags, SendFlags, recv, send};

use super::{connected, everywhere, poll_once, run, runtime, yield_now};

/// Counts wakes and passes them on.
struct Relay {
    wakes: AtomicUsize,
    to: Waker,
}

impl Wake for Relay {
    fn wake(self: Arc<Self>) {
        self.wakes.fetch_add(1, SeqCst);
        self.to.wake_by_ref();
    }
}

/// Polls once with a waker that passes wakes on.
async fn poll_relayed<F: Future>(mut future: Pin<&mut F>) -> (Poll<F::Output>, Arc<Relay>) {
    core::future::poll_fn(|context| {
        let to = context.waker().clone();
        let relay = Arc::new(Relay { wakes: AtomicUsize::new(0), to });
        let waker = Waker::from(relay.clone());
        Poll::Ready((future.as_mut().poll(&mut Context::from_waker(&waker)), relay))
    })
    .await
}

async fn change_wakers(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    let mut buffer = [0; 8];
    for round in 0..8 {
        let mut read = pin!(server.read(&mut buffer));
        let mut relay = None;
        // Every way from the task's waker to another one and back, in three polls.
        for turn in 0..3 {
            relay = if round >> turn & 1 == 0 {
                assert!(poll_once(read.as_mut()).await.is_pending());
                None
            } else {
                let (poll, relay) = poll_relayed(read.as_mut()).await;
                assert!(poll.is_pending());
                Some(relay)
            };
        }
        client.write_all(b"x").await?;
        if let Some(relay) = &relay {
            while relay.wakes.load(SeqCst) == 0 {
                yield_now().await;
            }
        }
        assert_eq!(read.await?, 1);
    }
    Ok(())
}

/// The last waker that polled is woken, whoever that is.
pub fn a_read_whose_waker_changes(driver: DriverKind) {
    run(driver, |io| async move {
        change_wakers(io).await?;
        io.spawn(change_wakers(io)).await?
    });
}

/// Dropping a read that wakes somebody else than its task leaves nothing behind.
pub fn a_dropped_read_with_another_waker(driver: DriverKind) {
    run(driver, |io| async move {
        let task = io.spawn(async move {
            let (_listener, mut client, mut server) = connected(io).await?;
            let mut buffer = [0; 8];
            for _ in 0..10 {
                {
                    let mut read = pin!(server.read(&mut buffer));
                    assert!(poll_relayed(read.as_mut()).await.0.is_pending());
                }
                client.write_all(b"x").await?;
                assert_eq!(server.read(&mut buffer).await?, 1);
            }
            io::Result::Ok(())
        });
        task.await?
    });
}

async fn read_to_end(mut socket: TcpStream) -> io::Result<usize> {
    let mut buffer = [0; 64];
    let mut total = 0;
    loop {
        match socket.read(&mut buffer).await? {
            0 => return Ok(total),
            count => total += count,
        }
    }
}

/// The end of a stream is noticed, however it falls between reads that give few bytes.
pub fn an_end_right_after_bytes(driver: DriverKind) {
    const ROUNDS: usize = 200;
    run(driver, |io| async move {
        let listener = TcpListener::bind(io, "127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let clients = thread::spawn(move || -> io::Result<()> {
            for _ in 0..ROUNDS {
                let mut socket = net::TcpStream::connect(address)?;
                socket.write_all(b"12345678")?;
                socket.write_all(b"12345678")?;
            }
            Ok(())
        });
        for _ in 0..ROUNDS {
            let (socket, _) = listener.accept().await?;
            assert_eq!(io.spawn(read_to_end(socket)).await??, 16);
        }
        clients.join().expect("the clients")
    });
}

/// Urgent bytes make a read end early, with more bytes behind them.
pub fn urgent_bytes_do_not_hide_others(driver: DriverKind) {
    run(driver, |io| async move {
        let (_listener, client, server) = connected(io).await?;
        set_socket_oobinline(&server, true)?;
        let reader = io.spawn(read_to_end(server));
        for _ in 0..20 {
            for _ in 0..3 {
                yield_now().await;
            }
            send(&client, b"ab", SendFlags::empty())?;
            send(&client, b"!", SendFlags::OOB)?;
            send(&client, b"cd", SendFlags::empty())?;
        }
        drop(client);
        assert_eq!(reader.await??, 100);
        Ok(())
    });
}

async fn read_one(mut socket: TcpStream) -> io::Result<TcpStream> {
    let mut buffer = [0; 8];
    assert_eq!(socket.read(&mut buffer).await?, 1);
    Ok(socket)
}

/// A descriptor that was closed on another thread, and whose number was given away again, is not
/// taken for the one that was watched.
pub fn a_number_with_a_new_owner(driver: DriverKind) {
    run(driver, |io| async move {
        let listener = TcpListener::bind(io, "127.0.0.1:0")?;
        for _ in 0..50 {
            let mut client = TcpStream::connect(io, listener.local_addr()?).await?;
            let reader = io.spawn(read_one(listener.accept().await?.0));
            yield_now().await;
            client.write_all(b"x").await?;
            let socket = reader.await??;
            thread::spawn(move || drop((socket, client))).join().expect("the thread");
        }
        Ok(())
    });
}

/// A connection that waited in one runtime goes on in another.
pub fn a_connection_moves_to_another_runtime(driver: DriverKind) {
    let (Some(mut first), Some(mut second)) = (runtime(driver), runtime(driver)) else { return };
    let (_listener, mut client, mut server) = first.run(connected).expect("a connection");
    for round in 0..6 {
        let runtime = if round % 2 == 0 { &mut first } else { &mut second };
        let (sent, received) = runtime.run(|io| async move {
            let reader = io.spawn(read_one(server));
            yield_now().await;
            client.write_all(b"x").await.expect("a byte is sent");
            (client, reader.await.expect("no panic").expect("a byte"))
        });
        (client, server) = (sent, received);
    }
}

/// Takes a byte of a socket that has one.
fn take_byte(socket: &impl AsFd) -> Option<u8> {
    let mut byte = [0];
    let (count, _) = recv(socket, &mut byte, RecvFlags::DONTWAIT).ok()?;
    (count == 1).then_some(byte[0])
}

async fn lose_bytes(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    let other = server.as_fd().try_clone_to_owned()?;
    for _ in 0..10 {
        let mut buffer = [0; 8];
        {
            let mut read = pin!(server.read(&mut buffer));
            assert!(poll_once(read.as_mut()).await.is_pending());
            client.write_all(b"1").await?;
            yield_now().await;
            if take_byte(&other).is_some() {
                assert!(poll_once(read.as_mut()).await.is_pending());
                client.write_all(b"1").await?;
            }
            assert_eq!(read.await?, 1);
        }
        assert_eq!(buffer[0], b'1');
        assert_eq!(take_byte(&other), None, "a byte came twice");
    }
    Ok(())
}

/// If somebody else has taken the bytes, a read waits for more.
pub fn bytes_that_somebody_else_takes(driver: DriverKind) {
    run(driver, |io| everywhere(io, lose_bytes));
}
