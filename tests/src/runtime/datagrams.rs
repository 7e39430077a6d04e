//! Datagrams over UDP.

use core::pin::pin;
use std::io::{self, ErrorKind};
use std::net::{self, Ipv4Addr};

use coframe::net::UdpSocket;
use coframe::{DriverKind, Io};

use super::{everywhere, poll_once, run, yield_now};

fn pair(io: Io) -> io::Result<(UdpSocket, UdpSocket)> {
    let first = UdpSocket::bind(io, "127.0.0.1:0")?;
    let second = UdpSocket::bind(io, "127.0.0.1:0")?;
    Ok((first, second))
}

async fn send_and_receive(io: Io) -> io::Result<()> {
    let (first, second) = pair(io)?;
    let (here, there) = (first.local_addr()?, second.local_addr()?);
    let mut buffer = [0; 64];
    {
        let mut receive = pin!(second.recv_from(&mut buffer));
        assert!(poll_once(receive.as_mut()).await.is_pending());
        assert_eq!(first.send_to(b"hello", there).await?, 5);
        assert_eq!(receive.await?, (5, here));
    }
    assert_eq!(&buffer[..5], b"hello");
    // Boundaries are kept, what does not fit is lost, and nothing at all is a datagram as well.
    for text in [&b"one"[..], b"", b"three"] {
        first.send_to(text, there).await?;
    }
    assert_eq!(second.peek_from(&mut buffer).await?, (3, here));
    assert_eq!(second.recv_from(&mut buffer[..2]).await?, (2, here));
    assert_eq!(second.recv_from(&mut buffer).await?, (0, here));
    assert_eq!(second.recv_from(&mut buffer).await?, (5, here));
    let error = first.send_to(&[0; 70_000], there).await.expect_err("too large");
    assert_eq!(error.raw_os_error(), Some(rustix::io::Errno::MSGSIZE.raw_os_error()));
    Ok(())
}

/// Datagrams arrive with the address they came from.
pub fn datagrams_arrive(driver: DriverKind) {
    run(driver, |io| everywhere(io, send_and_receive));
}

async fn talk_to_one(io: Io) -> io::Result<()> {
    let (first, second) = pair(io)?;
    let stranger = UdpSocket::bind(io, "127.0.0.1:0")?;
    let mut buffer = [0; 64];
    assert_eq!(first.peer_addr().expect_err("no peer").kind(), ErrorKind::NotConnected);
    first.connect(second.local_addr()?)?;
    second.connect(first.local_addr()?)?;
    assert_eq!(first.peer_addr()?, second.local_addr()?);
    stranger.send_to(b"not for you", second.local_addr()?).await?;
    first.send(b"for you").await?;
    assert_eq!(second.peek(&mut buffer).await?, 7);
    assert_eq!(second.recv(&mut buffer).await?, 7);
    let error = second.try_recv(&mut buffer).expect_err("nothing else");
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    assert_eq!(second.try_send(b"back")?, 4);
    first.readable().await?;
    assert_eq!(first.try_recv(&mut buffer)?, 4);
    first.writable().await?;
    drop(second);
    // The refusal of one datagram is the error of a later call.
    let mut refusal = first.send(b"anybody?").await.err();
    while refusal.is_none() {
        refusal = first.recv(&mut buffer).await.err();
    }
    assert_eq!(refusal.map(|error| error.kind()), Some(ErrorKind::ConnectionRefused));
    Ok(())
}

/// A connected socket talks to one peer, and hears when that is gone.
pub fn a_connected_socket_has_one_peer(driver: DriverKind) {
    run(driver, |io| everywhere(io, talk_to_one));
}

async fn drop_and_use_again(io: Io) -> io::Result<()> {
    let (first, second) = pair(io)?;
    let mut buffer = [0; 16];
    for round in 0..20 {
        {
            let mut receive = pin!(second.recv_from(&mut buffer));
            assert!(poll_once(receive.as_mut()).await.is_pending());
        }
        buffer = [round; 16];
        first.send_to(b"late", second.local_addr()?).await?;
        yield_now().await;
        assert_eq!(buffer, [round; 16], "the kernel wrote after the operation was dropped");
        assert_eq!(second.recv_from(&mut buffer).await?.0, 4);
    }
    Ok(())
}

/// After it was dropped, an operation leaves its buffer alone, and nothing is lost.
pub fn a_dropped_receive_leaves_its_buffer_alone(driver: DriverKind) {
    run(driver, |io| everywhere(io, drop_and_use_again));
}

/// Several tasks share a socket, and each datagram goes to one of them.
pub fn tasks_share_a_socket(driver: DriverKind) {
    run(driver, |io| async move {
        let (first, second) = pair(io)?;
        let there = second.local_addr()?;
        let second = std::sync::Arc::new(second);
        let receive = |socket: std::sync::Arc<UdpSocket>| async move {
            let mut buffer = [0; 8];
            let (count, _) = socket.recv_from(&mut buffer).await?;
            io::Result::Ok(buffer[..count].to_vec())
        };
        let tasks: Vec<_> = (0..8).map(|_| io.spawn(receive(second.clone()))).collect();
        yield_now().await;
        for number in 0..8 {
            first.send_to(&[number], there).await?;
        }
        let mut received = Vec::new();
        for task in tasks {
            received.extend(task.await??);
        }
        received.sort_unstable();
        assert_eq!(received, [0, 1, 2, 3, 4, 5, 6, 7]);
        Ok(())
    });
}

/// A group is heard after it was joined, where the machine has groups at all.
pub fn a_group_is_joined_and_left(driver: DriverKind) {
    run(driver, |io| async move {
        let (group, interface) = (Ipv4Addr::new(239, 255, 77, 77), Ipv4Addr::LOCALHOST);
        let receiver = UdpSocket::bind(io, "0.0.0.0:0")?;
        let sender = UdpSocket::bind(io, "127.0.0.1:0")?;
        if let Err(error) = receiver.join_multicast_v4(group, interface) {
            println!("skipped: {error}");
            return Ok(());
        }
        sender.set_multicast_loop_v4(true)?;
        sender.set_multicast_ttl_v4(0)?;
        sender.set_multicast_interface_v4(interface)?;
        let port = receiver.local_addr()?.port();
        let mut buffer = [0; 8];
        // On this interface a datagram has arrived when it was sent, or it never does.
        let sent = sender.send_to(b"all", (group, port).into()).await;
        if let Err(error) = sent.and_then(|_| receiver.try_recv(&mut buffer)) {
            println!("skipped: {error}");
            return Ok(());
        }
        sender.send_to(b"all", (group, port).into()).await?;
        assert_eq!(receiver.recv_from(&mut buffer).await?, (3, sender.local_addr()?));
        receiver.leave_multicast_v4(group, interface)?;
        assert!(receiver.leave_multicast_v4(group, interface).is_err());
        assert!(receiver.join_multicast_v4(Ipv4Addr::LOCALHOST, interface).is_err());
        Ok(())
    });
}

/// Options are what they were set to, and sockets of the standard library are taken over.
pub fn options_of_datagram_sockets(driver: DriverKind) {
    run(driver, |io| async move {
        let socket = UdpSocket::from_std(net::UdpSocket::bind("127.0.0.1:0")?)?;
        socket.set_broadcast(true)?;
        assert!(socket.broadcast()?);
        socket.set_ttl(9)?;
        assert_eq!(socket.ttl()?, 9);
        let error = UdpSocket::bind(io, socket.local_addr()?).expect_err("the address is in use");
        assert!(error.to_string().starts_with("cannot bind to 127.0.0.1:"), "{error}");
        assert_eq!(socket.into_std()?.ttl()?, 9);
        Ok(())
    });
}
