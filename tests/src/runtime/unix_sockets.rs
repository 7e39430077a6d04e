//! Unix sockets.

use core::pin::pin;
use core::time::Duration;
use std::io::{self, ErrorKind};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{self, SocketAddr};
use std::sync::Arc;

use coframe::net::{UnixDatagram, UnixListener, UnixStream};
use coframe::{DriverKind, Io};

use super::{Folder, everywhere, poll_once, run, yield_now};

async fn echo(mut socket: UnixStream) -> io::Result<()> {
    let mut buffer = [0; 64];
    loop {
        let count = socket.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        socket.write_all(&buffer[..count]).await?;
    }
}

async fn talk(mut client: UnixStream) -> io::Result<()> {
    client.write_all(b"hello").await?;
    let mut buffer = [0; 8];
    assert_eq!(client.read(&mut buffer).await?, 5);
    Ok(())
}

async fn connect_to_a_path(io: Io) -> io::Result<()> {
    let folder = Folder::new()?;
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(io, &path)?;
    assert_eq!(listener.local_addr()?.as_pathname(), Some(path.as_path()));
    let mut accept = pin!(listener.accept());
    assert!(poll_once(accept.as_mut()).await.is_pending());
    let client = UnixStream::connect(io, &path).await?;
    assert_eq!(client.peer_addr()?.as_pathname(), Some(path.as_path()));
    let (server, peer) = accept.await?;
    assert!(peer.is_unnamed());
    let server = io.spawn(echo(server));
    talk(client).await?;
    server.await??;
    let error = UnixListener::bind(io, &path).expect_err("the path is there");
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
    assert!(error.to_string().contains("socket"), "{error}");
    let error = UnixStream::connect(io, folder.path().join("none")).await.expect_err("no file");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let error = UnixStream::connect(io, "x".repeat(200)).await.expect_err("too long");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    Ok(())
}

/// Connections through a path in the file system.
pub fn unix_connections_at_a_path(driver: DriverKind) {
    run(driver, |io| everywhere(io, connect_to_a_path));
}

/// Connections through a name that is in no file system.
pub fn unix_connections_by_name(driver: DriverKind) {
    run(driver, |io| async move {
        let name = format!("coframe-{}-{driver}", std::process::id());
        let address = SocketAddr::from_abstract_name(name)?;
        let listener = UnixListener::bind_addr(io, &address)?;
        let client = UnixStream::connect_addr(io, &address).await?;
        let server = io.spawn(echo(listener.accept().await?.0));
        talk(client).await?;
        server.await?
    });
}

/// A full listener makes connects wait, and none is refused.
pub fn a_full_unix_listener(driver: DriverKind) {
    run(driver, |io| async move {
        let folder = Folder::new()?;
        let path = folder.path().join("socket");
        let listener = UnixListener::bind(io, &path)?;
        rustix::net::listen(&listener, 1)?;
        let connect = |_| {
            let path = path.clone();
            io.spawn(async move { talk(UnixStream::connect(io, path).await?).await })
        };
        let clients: Vec<_> = (0..6).map(connect).collect();
        for _ in 0..10 {
            yield_now().await;
        }
        for _ in 0..6 {
            drop(io.spawn(echo(listener.accept().await?.0)));
        }
        for client in clients {
            client.await??;
        }
        Ok(())
    });
}

/// Two ends, without a listener; and those of the standard library.
pub fn pairs_of_unix_streams(driver: DriverKind) {
    run(driver, |io| async move {
        let (here, there) = UnixStream::pair(io)?;
        let server = io.spawn(echo(there));
        talk(here).await?;
        server.await??;
        let (here, there) = net::UnixStream::pair()?;
        let server = io.spawn(echo(UnixStream::from_std(there)?));
        let (mut read, mut write) = UnixStream::try_from(here)?.into_split();
        write.write_all(b"hello").await?;
        drop(write);
        let mut buffer = [0; 8];
        assert_eq!(read.read(&mut buffer).await?, 5);
        assert_eq!(read.read(&mut buffer).await?, 0);
        server.await?
    });
}

async fn send_datagrams(io: Io) -> io::Result<()> {
    let folder = Folder::new()?;
    let (here, there) = (folder.path().join("here"), folder.path().join("there"));
    let first = UnixDatagram::bind(io, &here)?;
    let second = UnixDatagram::bind(io, &there)?;
    let mut buffer = [0; 64];
    {
        let mut receive = pin!(second.recv_from(&mut buffer));
        assert!(poll_once(receive.as_mut()).await.is_pending());
        assert_eq!(first.send_to(b"hello", &there).await?, 5);
        let (count, peer) = receive.await?;
        assert_eq!((count, peer.as_pathname()), (5, Some(here.as_path())));
    }
    UnixDatagram::unbound(io)?.send_to(b"who?", &there).await?;
    let (count, peer) = second.recv_from(&mut buffer).await?;
    assert!(count == 4 && peer.is_unnamed());
    let error = first.send_to(b"x", folder.path().join("none")).await.expect_err("no file");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let error = first.send_to(b"x", "x".repeat(200)).await.expect_err("too long");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    first.connect(&there)?;
    first.send(b"again").await?;
    assert_eq!(second.peek(&mut buffer).await?, 5);
    assert_eq!(second.recv(&mut buffer).await?, 5);
    Ok(())
}

/// Datagrams arrive with the path they came from.
pub fn unix_datagrams_arrive(driver: DriverKind) {
    run(driver, |io| everywhere(io, send_datagrams));
}

/// A sender waits while the receiver's queue is full, and everything arrives in order.
pub fn a_full_unix_receiver(driver: DriverKind) {
    run(driver, |io| async move {
        let (first, second) = UnixDatagram::pair(io)?;
        let sender = io.spawn(async move {
            for number in 0..2000_u32 {
                first.send(&number.to_ne_bytes()).await?;
            }
            io::Result::Ok(())
        });
        for number in 0..2000_u32 {
            let mut buffer = [0; 4];
            assert_eq!(second.recv(&mut buffer).await?, 4);
            assert_eq!(u32::from_ne_bytes(buffer), number);
        }
        sender.await?
    });
}

/// Sends `COUNT` datagrams to a socket that takes them from anybody, from a task of its own, and
/// compares what arrives.
async fn overwhelm(io: Io, is_connected: bool) -> io::Result<()> {
    const COUNT: u32 = 500;
    let folder = Folder::new()?;
    let path = folder.path().join("receiver");
    let receiver = UnixDatagram::bind(io, &path)?;
    let sender = UnixDatagram::unbound(io)?;
    if is_connected {
        sender.connect(&path)?;
    }
    let sender = io.spawn(async move {
        let _folder = folder;
        for number in 0..COUNT {
            let bytes = number.to_ne_bytes();
            let sent = match is_connected {
                true => sender.send(&bytes).await?,
                false => sender.send_to(&bytes, &path).await?,
            };
            assert_eq!(sent, 4);
        }
        io::Result::Ok(())
    });
    for number in 0..COUNT {
        let mut buffer = [0; 8];
        // The sender fills the queue again and again, and waits.
        if number % 20 == 0 {
            io.sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(receiver.recv(&mut buffer).await?, 4);
        assert_eq!(buffer[..4], number.to_ne_bytes());
    }
    sender.await?
}

/// Nothing is lost, cut or doubled if the receiver, which others may send to, has no room.
pub fn a_full_receiver_of_anybody(driver: DriverKind) {
    run(driver, |io| overwhelm(io, true));
    run(driver, |io| overwhelm(io, false));
}

/// Of many who send to the same receiver again and again, and let others run after each datagram,
/// everybody has his turn.
pub fn all_senders_have_their_turn(driver: DriverKind) {
    const SENDERS: usize = 40;
    const COUNT: usize = 100 * SENDERS;
    run(driver, |io| async move {
        let folder = Folder::new()?;
        let path = folder.path().join("receiver");
        let receiver = UnixDatagram::bind(io, &path)?;
        let sender = UnixDatagram::unbound(io)?;
        sender.connect(&path)?;
        let sender = Arc::new(sender);
        for number in 0..SENDERS as u8 {
            let sender = Arc::clone(&sender);
            io.spawn(async move {
                let bytes = [number];
                // Until the receiver is gone.
                while sender.send(&bytes).await.is_ok() {
                    yield_now().await;
                }
            });
        }
        let mut counts = [0; SENDERS];
        for number in 0..COUNT {
            if number % 20 == 0 {
                io.sleep(Duration::from_millis(1)).await;
            }
            let mut buffer = [0];
            assert_eq!(receiver.recv(&mut buffer).await?, 1);
            counts[buffer[0] as usize] += 1;
        }
        assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
        Ok(())
    });
}
