//! What streams can do besides reading and writing.

use core::future::Future;
use core::pin::pin;
use core::task::Poll;
use core::time::Duration;
use std::io::{self, ErrorKind, IoSlice, IoSliceMut};
use std::net::{self, SocketAddr};
use std::os::fd::{AsRawFd, OwnedFd};

use coframe::net::{
    Keepalive, OwnedReadHalf, OwnedWriteHalf, ReadHalf, TcpListener, TcpSocket, TcpStream,
    WriteHalf,
};
use coframe::{DriverKind, Io};

use super::{connected, everywhere, poll_once, run, yield_now};

async fn read_vectors(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    let parts = [IoSlice::new(b"he"), IoSlice::new(b""), IoSlice::new(b"llo")];
    assert_eq!(client.write_vectored(&parts).await?, 5);
    let (mut first, mut second) = ([0; 3], [0; 3]);
    let mut buffers = [IoSliceMut::new(&mut first), IoSliceMut::new(&mut second)];
    assert_eq!(server.read_vectored(&mut buffers).await?, 5);
    assert_eq!((&first, &second[..2]), (b"hel", &b"lo"[..]));
    for round in 0..10 {
        let mut bytes = [[0_u8; 8]; 2];
        {
            let [first, second] = &mut bytes;
            let mut buffers = [IoSliceMut::new(first), IoSliceMut::new(second)];
            let mut read = pin!(server.read_vectored(&mut buffers));
            assert!(poll_once(read.as_mut()).await.is_pending());
        }
        bytes = [[round; 8]; 2];
        client.write_all(b"late").await?;
        yield_now().await;
        assert_eq!(bytes, [[round; 8]; 2], "the kernel wrote after the read was dropped");
        let mut late = [0; 4];
        assert_eq!(server.read(&mut late).await?, 4);
    }
    Ok(())
}

/// Several buffers are filled and sent one after the other, and left alone once dropped.
pub fn several_buffers_in_one_call(driver: DriverKind) {
    run(driver, |io| everywhere(io, read_vectors));
}

async fn peek(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    let mut buffer = [0; 4];
    {
        let mut peek = pin!(server.peek(&mut buffer));
        assert!(poll_once(peek.as_mut()).await.is_pending());
        client.write_all(b"hello").await?;
        assert_eq!(peek.await?, 4);
    }
    assert_eq!(&buffer, b"hell");
    for expected in [4, 1] {
        assert_eq!(server.peek(&mut buffer).await?, expected);
        assert_eq!(server.read(&mut buffer).await?, expected);
    }
    drop(client);
    assert_eq!(server.peek(&mut buffer).await?, 0);
    Ok(())
}

/// What was looked at is still there.
pub fn a_peek_leaves_the_bytes(driver: DriverKind) {
    run(driver, |io| everywhere(io, peek));
}

const LARGE: usize = 4 << 20;

async fn send_much(mut half: WriteHalf<'_, TcpStream>) -> io::Result<()> {
    half.write_all(&vec![5; LARGE]).await?;
    half.shutdown()
}

async fn receive_much(mut half: ReadHalf<'_, TcpStream>) -> io::Result<usize> {
    let (mut bytes, mut total) = (vec![0; 1 << 16], 0);
    loop {
        match half.read(&mut bytes).await? {
            0 => return Ok(total),
            count => total += count,
        }
    }
}

/// Both at the same time.
async fn both<A, B>(first: impl Future<Output = A>, second: impl Future<Output = B>) -> (A, B) {
    let (mut first, mut second) = (pin!(first), pin!(second));
    let (mut a, mut b) = (None, None);
    core::future::poll_fn(move |context| {
        if a.is_none()
            && let Poll::Ready(value) = first.as_mut().poll(context)
        {
            a = Some(value);
        }
        if b.is_none()
            && let Poll::Ready(value) = second.as_mut().poll(context)
        {
            b = Some(value);
        }
        match (a.take(), b.take()) {
            (Some(first), Some(second)) => Poll::Ready((first, second)),
            rest => {
                (a, b) = rest;
                Poll::Pending
            }
        }
    })
    .await
}

async fn receive_exactly(socket: &mut TcpStream, mut count: usize) -> io::Result<()> {
    let mut bytes = [0; 4096];
    while count > 0 {
        count -= match socket.read(&mut bytes).await? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            some => some,
        };
    }
    Ok(())
}

async fn write_into_no_room(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    let mut filled = 0;
    while let Ok(count) = client.try_write(&[7; 4096]) {
        filled += count;
    }
    // What arrives alone is answered by a call, which finds no room.
    server.write_all(b"go on").await?;
    let mut word = [0; 5];
    assert_eq!(client.read(&mut word).await?, 5);
    let answer = [9; 64];
    let total = filled + answer.len();
    let (written, received) =
        both(client.write_all(&answer), receive_exactly(&mut server, total)).await;
    written.and(received)
}

/// A write to a connection that takes nothing waits, whatever arrived before.
pub fn a_write_into_no_room(driver: DriverKind) {
    run(driver, |io| everywhere(io, write_into_no_room));
}

async fn exchange(mut socket: TcpStream) -> io::Result<()> {
    let (read, write) = socket.split();
    let (sent, received) = both(send_much(write), receive_much(read)).await;
    sent?;
    assert_eq!(received?, LARGE);
    Ok(())
}

/// More than all buffers on the way hold goes in both directions at once.
pub fn borrowed_halves_work_at_once(driver: DriverKind) {
    run(driver, |io| async move {
        let (_listener, client, server) = connected(io).await?;
        let task = io.spawn(exchange(server));
        exchange(client).await?;
        task.await?
    });
}

async fn send_all(mut half: OwnedWriteHalf<TcpStream>) -> io::Result<()> {
    half.write_all(&vec![5; LARGE]).await
}

async fn receive_all(mut half: OwnedReadHalf<TcpStream>) -> io::Result<usize> {
    let (mut bytes, mut total) = ([0; 4096], 0);
    loop {
        match half.read(&mut bytes).await? {
            0 => return Ok(total),
            count => total += count,
        }
    }
}

/// Halves in tasks of their own; the dropped half ends its direction.
pub fn owned_halves_go_to_tasks(driver: DriverKind) {
    run(driver, |io| async move {
        let (_listener, client, server) = connected(io).await?;
        let mut tasks = Vec::new();
        for socket in [client, server] {
            let (read, write) = socket.into_split();
            tasks.push((io.spawn(receive_all(read)), io.spawn(send_all(write))));
        }
        for (receiver, sender) in tasks {
            sender.await??;
            assert_eq!(receiver.await??, LARGE);
        }
        Ok(())
    });
}

/// Halves make a whole again, but not those of two streams.
pub fn halves_are_reunited(driver: DriverKind) {
    run(driver, |io| async move {
        let (_listener, client, server) = connected(io).await?;
        let (read, write) = client.into_split();
        let (other_read, other_write) = server.into_split();
        let error = read.reunite(other_write).expect_err("halves of two streams");
        assert_eq!(error.to_string(), "the halves are not of the same stream");
        let mut client = error.0.reunite(write).expect("halves of one stream");
        let mut server = other_read.reunite(error.1).expect("halves of one stream");
        client.write_all(b"whole").await?;
        assert_eq!(server.read(&mut [0; 8]).await?, 5);
        Ok(())
    });
}

async fn await_readiness(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    let mut buffer = [0; 64];
    assert_eq!(server.try_read(&mut buffer).expect_err("empty").kind(), ErrorKind::WouldBlock);
    for _ in 0..3 {
        {
            let mut readable = pin!(server.readable());
            assert!(poll_once(readable.as_mut()).await.is_pending());
            client.write_all(b"x").await?;
            readable.await?;
        }
        server.readable().await?;
        assert_eq!(server.try_read(&mut buffer)?, 1);
    }
    client.writable().await?;
    let mut sent = 0;
    while let Ok(count) = client.try_write(&[7; 4096]) {
        sent += count;
    }
    {
        let mut writable = pin!(client.writable());
        assert!(poll_once(writable.as_mut()).await.is_pending());
        while sent > 0 {
            sent -= server.read(&mut buffer).await?;
        }
        writable.await?;
    }
    assert_eq!(client.try_write(b"x")?, 1);
    drop(client);
    assert_eq!(server.read(&mut buffer).await?, 1);
    server.readable().await?;
    assert_eq!(server.try_read(&mut buffer)?, 0);
    Ok(())
}

/// Readiness is told when it comes, and calls that do not wait work after it.
pub fn readiness_and_calls_that_do_not_wait(driver: DriverKind) {
    run(driver, |io| everywhere(io, await_readiness));
}

/// Sockets of the standard library become ours, and ours theirs.
pub fn sockets_of_std_and_back(driver: DriverKind) {
    use io::{Read as _, Write as _};
    run(driver, |io| async move {
        let std = net::TcpListener::bind("127.0.0.1:0")?;
        let listener = TcpListener::from_std(std)?;
        let client = net::TcpStream::connect(listener.local_addr()?)?;
        let (server, _) = listener.accept().await?;
        let mut client = TcpStream::try_from(client)?;
        let mut reader = io.spawn(async move {
            let (mut server, mut buffer) = (server, [0; 8]);
            let count = server.read(&mut buffer).await?;
            io::Result::Ok((server, count))
        });
        assert!(poll_once(pin!(&mut reader)).await.is_pending());
        client.write_all(b"ping").await?;
        let (server, count) = reader.await??;
        assert_eq!(count, 4);
        let (mut server, mut client) = (server.into_std()?, client.into_std()?);
        server.write_all(b"pong")?;
        let mut answer = [0; 4];
        client.read_exact(&mut answer)?;
        assert_eq!(&answer, b"pong");
        let number = listener.as_raw_fd();
        assert_eq!(OwnedFd::from(listener).as_raw_fd(), number);
        Ok(())
    });
}

/// Options of connections are what they were set to.
pub fn options_of_connections(driver: DriverKind) {
    run(driver, |io| async move {
        let (_listener, client, _server) = connected(io).await?;
        assert!(!client.keepalive()?);
        let keepalive = Keepalive::new().idle(Duration::from_secs(60)).probes(3);
        client.set_keepalive(Some(keepalive.interval(Duration::from_secs(10))))?;
        assert!(client.keepalive()?);
        assert_eq!(
            rustix::net::sockopt::tcp_keepidle(&client)?,
            Duration::from_secs(60),
            "the time reaches the kernel"
        );
        client.set_keepalive(None)?;
        assert!(!client.keepalive()?);
        assert_eq!(client.linger()?, None);
        client.set_linger(Some(Duration::from_secs(2)))?;
        assert_eq!(client.linger()?, Some(Duration::from_secs(2)));
        client.set_linger(None)?;
        client.set_ttl(33)?;
        assert_eq!(client.ttl()?, 33);
        assert!(client.take_error()?.is_none());
        Ok(())
    });
}

/// Two sockets listen on one address, and both can be reached.
pub fn a_port_is_shared(driver: DriverKind) {
    run(driver, |io| async move {
        let listen = |address: SocketAddr| -> io::Result<TcpListener> {
            let socket = TcpSocket::new_v4(io)?;
            socket.set_reuse_port(true)?;
            socket.bind(address)?;
            socket.listen(16)
        };
        let first = listen("127.0.0.1:0".parse().expect("an address"))?;
        let address = first.local_addr()?;
        let second = listen(address)?;
        for _ in 0..20 {
            let client = TcpSocket::new_v4(io)?.connect(address).await?;
            let (first, second) = (pin!(first.accept()), pin!(second.accept()));
            let (_server, peer) = either(first, second).await?;
            assert_eq!(peer, client.local_addr()?);
        }
        Ok(())
    });
}

async fn either<T>(
    mut first: impl Future<Output = T> + Unpin,
    mut second: impl Future<Output = T> + Unpin,
) -> T {
    core::future::poll_fn(|context| match core::pin::Pin::new(&mut first).poll(context) {
        Poll::Pending => core::pin::Pin::new(&mut second).poll(context),
        ready => ready,
    })
    .await
}

/// Addresses that refuse are passed over.
pub fn the_next_address_is_tried(driver: DriverKind) {
    run(driver, |io| async move {
        let listener = TcpListener::bind(io, "127.0.0.1:0")?;
        let good = listener.local_addr()?;
        let refusing = TcpListener::bind(io, "127.0.0.1:0")?.local_addr()?;
        let addresses = [refusing, refusing, good];
        let client = TcpStream::connect(io, &addresses[..]).await?;
        assert_eq!(client.peer_addr()?, good);
        let error = TcpStream::connect(io, &addresses[..2]).await.expect_err("all refuse");
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        Ok(())
    });
}
