//! Sockets and their peers.

use core::time::Duration;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{self, Shutdown};
use std::thread;

use coframe::net::{TcpListener, TcpStream};
use coframe::{DriverKind, Io, Runtime};

use super::{connected, everywhere, run};

/// Sends everything back until the peer ends.
pub async fn echo(mut socket: TcpStream) -> io::Result<u64> {
    let mut buffer = [0; 1024];
    let mut total = 0;
    loop {
        let count = socket.read(&mut buffer).await?;
        if count == 0 {
            return Ok(total);
        }
        socket.write_all(&buffer[..count]).await?;
        total += count as u64;
    }
}

/// The size of the frames of [`echo`], rounded up.
pub const ECHO: usize = 2048;

async fn round_trip(mut socket: TcpStream, text: &[u8]) -> io::Result<()> {
    socket.write_all(text).await?;
    let mut answer = vec![0; text.len()];
    let mut count = 0;
    while count < text.len() {
        count += socket.read(&mut answer[count..]).await?;
    }
    assert_eq!(answer, text);
    Ok(())
}

/// What a client sends comes back, through frames of a pool.
pub fn bytes_come_back(driver: DriverKind) {
    run(driver, |io| async move {
        let frames = io.frames::<ECHO>(1)?;
        let (_listener, client, server) = connected(io).await?;
        let server = frames.spawn(echo(server)).await?;
        round_trip(client, b"hello").await?;
        assert_eq!(server.await??, 5);
        Ok(())
    });
}

async fn serve(io: Io, listener: TcpListener, count: usize) -> io::Result<u64> {
    let frames = io.frames::<ECHO>(count)?;
    let mut handles = Vec::new();
    for _ in 0..count {
        handles.push(frames.spawn(echo(listener.accept().await?.0)).await?);
    }
    let mut total = 0;
    for handle in handles {
        total += handle.await??;
    }
    Ok(total)
}

/// A thousand connections, all open at the same time.
pub fn many_connections_at_once(driver: DriverKind) {
    const COUNT: usize = 1000;
    run(driver, |io| async move {
        let listener = TcpListener::bind(io, "127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let server = io.spawn(serve(io, listener, COUNT));
        let mut clients = Vec::new();
        for _ in 0..COUNT {
            clients.push(TcpStream::connect(io, address).await?);
        }
        let trips = clients.into_iter().map(|client| io.spawn(round_trip(client, b"12345678")));
        for trip in trips.collect::<Vec<_>>() {
            trip.await??;
        }
        assert_eq!(server.await??, 8 * COUNT as u64);
        Ok(())
    });
}

/// A submission queue that is far too small only makes things slower.
pub fn a_small_queue(driver: DriverKind) {
    const COUNT: usize = 100;
    let Ok(mut runtime) = Runtime::builder().driver(driver).queue_size(2).build() else { return };
    runtime.run(|io| async move {
        let listener = TcpListener::bind(io, "127.0.0.1:0").expect("a listener");
        let address = listener.local_addr().expect("an address");
        let server = io.spawn(serve(io, listener, COUNT));
        let client = |_| {
            io.spawn(async move {
                let client = TcpStream::connect(io, address).await?;
                round_trip(client, b"12345678").await
            })
        };
        for client in (0..COUNT).map(client).collect::<Vec<_>>() {
            client.await.expect("no panic").expect("an answer");
        }
        assert_eq!(server.await.expect("no panic").expect("a sum"), 8 * COUNT as u64);
    });
}

/// A peer that sends no more can still be answered.
pub fn a_half_closed_peer_can_be_answered(driver: DriverKind) {
    run(driver, |io| async move {
        let (_listener, mut client, mut server) = connected(io).await?;
        client.write_all(b"question").await?;
        client.shutdown(Shutdown::Write)?;
        let mut buffer = [0; 64];
        assert_eq!(server.read(&mut buffer).await?, 8);
        assert_eq!(server.read(&mut buffer).await?, 0);
        server.write_all(b"answer").await?;
        drop(server);
        assert_eq!(client.read(&mut buffer).await?, 6);
        assert_eq!(client.read(&mut buffer).await?, 0);
        Ok(())
    });
}

/// A peer that resets the connection makes an error, and other connections go on.
pub fn a_reset_peer_is_an_error(driver: DriverKind) {
    run(driver, |io| async move {
        let listener = TcpListener::bind(io, "127.0.0.1:0")?;
        let frames = io.frames::<ECHO>(2)?;
        let rude = net::TcpStream::connect(listener.local_addr()?)?;
        let victim = frames.spawn(echo(listener.accept().await?.0)).await?;
        // Unread bytes at the peer turn its close into a reset.
        rustix::net::sockopt::set_socket_linger(&rude, Some(core::time::Duration::ZERO))?;
        drop(rude);
        let error = victim.await?.expect_err("the connection was reset");
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
        let client = TcpStream::connect(io, listener.local_addr()?).await?;
        let server = frames.spawn(echo(listener.accept().await?.0)).await?;
        round_trip(client, b"still there").await?;
        assert_eq!(server.await??, 11);
        Ok(())
    });
}

async fn write_until_error(mut socket: TcpStream) -> io::Error {
    let bytes = [7; 1024];
    loop {
        if let Err(error) = socket.write_all(&bytes).await {
            return error;
        }
    }
}

/// Writing to a peer that is gone is an error and not a signal.
pub fn a_write_to_a_closed_peer_is_an_error(driver: DriverKind) {
    run(driver, |io| async move {
        let (_listener, client, server) = connected(io).await?;
        drop(client);
        let error = io.spawn(write_until_error(server)).await?;
        assert!(matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset));
        Ok(())
    });
}

/// A write that is larger than all buffers on the way arrives whole, in the right order.
pub fn a_large_write_is_complete(driver: DriverKind) {
    const SIZE: usize = 32 << 20;
    run(driver, |io| async move {
        let listener = TcpListener::bind(io, "127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let reader = thread::spawn(move || -> io::Result<Vec<u8>> {
            let mut bytes = Vec::new();
            net::TcpStream::connect(address)?.read_to_end(&mut bytes)?;
            Ok(bytes)
        });
        let (mut server, _) = listener.accept().await?;
        let bytes: Vec<u8> = (0..SIZE).map(|index| (index % 251) as u8).collect();
        server.write_all(&bytes).await?;
        drop(server);
        assert!(reader.join().expect("the reader")? == bytes);
        Ok(())
    });
}

/// The error for an address in use names the address.
pub fn a_taken_address_is_named(driver: DriverKind) {
    run(driver, |io| async move {
        let listener = TcpListener::bind(io, "127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let error = TcpListener::bind(io, address).expect_err("the address is in use");
        assert_eq!(error.kind(), ErrorKind::AddrInUse);
        assert!(error.to_string().contains(&address.to_string()), "{error}");
        Ok(())
    });
}

/// Nobody listens: an error.
pub fn a_refused_connection_is_an_error(driver: DriverKind) {
    run(driver, |io| async move {
        let address = TcpListener::bind(io, "127.0.0.1:0")?.local_addr()?;
        let error = TcpStream::connect(io, address).await.expect_err("nobody listens");
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        // Of several addresses the first that works is used.
        let listener = TcpListener::bind(io, "127.0.0.1:0")?;
        let addresses = [address, listener.local_addr()?];
        let stream = TcpStream::connect(io, &addresses[..]).await?;
        assert_eq!(stream.peer_addr()?, addresses[1]);
        Ok(())
    });
}

async fn accept_one(listener: std::sync::Arc<TcpListener>) -> io::Result<TcpStream> {
    Ok(listener.accept().await?.0)
}

/// Several tasks wait at one listener, and each gets a connection.
pub fn accepts_share_a_listener(driver: DriverKind) {
    run(driver, |io| async move {
        let listener = std::sync::Arc::new(TcpListener::bind(io, "127.0.0.1:0")?);
        let address = listener.local_addr()?;
        let tasks: Vec<_> = (0..8).map(|_| io.spawn(accept_one(listener.clone()))).collect();
        let mut clients = Vec::new();
        for _ in 0..8 {
            super::yield_now().await;
            clients.push(TcpStream::connect(io, address).await?);
        }
        for task in tasks {
            task.await??;
        }
        Ok(())
    });
}

/// Nothing to read or to write is done at once.
pub fn reads_of_nothing_and_writes_of_nothing(driver: DriverKind) {
    run(driver, |io| async move {
        let (_listener, mut client, mut server) = connected(io).await?;
        client.write_all(&[]).await?;
        assert_eq!(client.write(&[]).await?, 0);
        client.write_all(b"x").await?;
        assert_eq!(server.read(&mut []).await?, 0);
        assert_eq!(server.read(&mut [0; 8]).await?, 1);
        Ok(())
    });
}

/// A name that means nothing is an error when it is awaited.
pub fn an_address_that_does_not_resolve(driver: DriverKind) {
    run(driver, |io| async move {
        assert!(TcpStream::connect(io, "not an address").await.is_err());
        assert!(TcpListener::bind(io, "not an address").is_err());
        let none: &[std::net::SocketAddr] = &[];
        let error = TcpStream::connect(io, none).await.expect_err("no address");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        Ok(())
    });
}

/// Options of sockets are set and read.
pub fn options_are_kept(driver: DriverKind) {
    run(driver, |io| async move {
        let (_listener, mut client, server) = connected(io).await?;
        client.set_nodelay(true)?;
        assert!(client.nodelay()?);
        assert_eq!(client.peer_addr()?, server.local_addr()?);
        // A blocking peer of the standard library can be on the other side.
        let listener = net::TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let peer =
            thread::spawn(move || -> io::Result<()> { listener.accept()?.0.write_all(b"std") });
        client = TcpStream::connect(io, address).await?;
        let mut buffer = [0; 3];
        let mut count = 0;
        while count < 3 {
            count += client.read(&mut buffer[count..]).await?;
        }
        assert_eq!(&buffer, b"std");
        peer.join().expect("the peer")?;
        Ok(())
    });
}

/// Sends back what it receives, at once or a little later.
fn echo_on_a_thread(listener: net::TcpListener) -> thread::JoinHandle<io::Result<()>> {
    thread::spawn(move || {
        let (mut socket, _) = listener.accept()?;
        let mut number = [0; 4];
        while socket.read_exact(&mut number).is_ok() {
            if u32::from_le_bytes(number).is_multiple_of(50) {
                thread::sleep(Duration::from_millis(1));
            }
            socket.write_all(&number)?;
        }
        Ok(())
    })
}

async fn tick(io: Io) {
    for _ in 0..100 {
        io.sleep(Duration::from_micros(150)).await;
    }
}

async fn converse(io: Io) -> io::Result<()> {
    let listener = net::TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let peer = echo_on_a_thread(listener);
    let ticks = io.spawn(tick(io));
    let mut socket = TcpStream::connect(io, address).await?;
    for number in 0..1000_u32 {
        socket.write_all(&number.to_le_bytes()).await?;
        let mut answer = [0; 4];
        assert_eq!(socket.read(&mut answer).await?, 4);
        assert_eq!(u32::from_le_bytes(answer), number);
    }
    drop(socket);
    ticks.await?;
    peer.join().expect("the peer panicked")
}

/// Whether the loop waits for the next word asleep or awake, each comes, and so do timers.
pub fn a_long_conversation(driver: DriverKind) {
    run(driver, |io| everywhere(io, converse));
}
