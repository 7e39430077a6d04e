//! Reads that come after an answer that went alone: what they read is not there yet.

use core::pin::pin;
use core::time::Duration;
use std::io::{self, Read as _, Write as _};
use std::net;
use std::os::fd::AsFd;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;

use coframe::net::{TcpListener, TcpStream};
use coframe::{DriverKind, Io};
use rustix::net::{RecvFlags, recv};

use super::readiness::poll_relayed;
use super::{everywhere, poll_once, run, yield_now};

/// A connection, and its other end, which no runtime has: so nothing else is completed.
async fn connected_to_std(io: Io) -> io::Result<(TcpStream, net::TcpStream)> {
    let listener = TcpListener::bind(io, "127.0.0.1:0")?;
    let peer = net::TcpStream::connect(listener.local_addr()?)?;
    let (socket, _) = listener.accept().await?;
    Ok((socket, peer))
}

/// Answers a question of the peer.
async fn answer(socket: &mut TcpStream, peer: &mut net::TcpStream) -> io::Result<()> {
    let mut buffer = [0; 8];
    {
        let mut read = pin!(socket.read(&mut buffer));
        assert!(poll_once(read.as_mut()).await.is_pending());
        peer.write_all(b"question")?;
        assert_eq!(read.await?, 8);
    }
    assert_eq!(&buffer, b"question");
    socket.write_all(b"answer").await?;
    peer.read_exact(&mut buffer[..6])?;
    assert_eq!(&buffer[..6], b"answer");
    Ok(())
}

async fn read_on(io: Io) -> io::Result<()> {
    let (mut socket, mut peer) = connected_to_std(io).await?;
    let mut buffer = [0; 8];
    for _ in 0..3 {
        answer(&mut socket, &mut peer).await?;
    }
    // What is there is read as well.
    peer.write_all(b"more")?;
    assert_eq!(socket.read(&mut []).await?, 0);
    assert_eq!(socket.read(&mut buffer).await?, 4);
    assert_eq!(&buffer[..4], b"more");
    answer(&mut socket, &mut peer).await?;
    drop(peer);
    assert_eq!(socket.read(&mut buffer).await?, 0);
    Ok(())
}

/// It gets the next question, what was there, or the end.
pub fn a_read_after_an_answer(driver: DriverKind) {
    run(driver, |io| everywhere(io, read_on));
}

async fn drop_reads(io: Io) -> io::Result<()> {
    let (mut socket, mut peer) = connected_to_std(io).await?;
    for round in 0..10 {
        answer(&mut socket, &mut peer).await?;
        let mut buffer = [round; 8];
        {
            let mut read = pin!(socket.read(&mut buffer));
            assert!(poll_once(read.as_mut()).await.is_pending());
        }
        peer.write_all(b"late")?;
        yield_now().await;
        assert_eq!(buffer, [round; 8], "somebody wrote after the read was dropped");
        assert_eq!(socket.read(&mut buffer).await?, 4);
    }
    Ok(())
}

/// Dropping it leaves its buffer alone, and the bytes for the next one.
pub fn a_dropped_read_after_an_answer(driver: DriverKind) {
    run(driver, |io| everywhere(io, drop_reads));
}

async fn change_wakers(io: Io) -> io::Result<()> {
    let (mut socket, mut peer) = connected_to_std(io).await?;
    let mut buffer = [0; 8];
    for round in 0..8 {
        answer(&mut socket, &mut peer).await?;
        let mut read = pin!(socket.read(&mut buffer));
        let mut relay = None;
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
        peer.write_all(b"x")?;
        if let Some(relay) = &relay {
            while relay.wakes.load(SeqCst) == 0 {
                yield_now().await;
            }
        }
        assert_eq!(read.await?, 1);
    }
    Ok(())
}

/// It wakes whoever polled it last.
pub fn a_read_after_an_answer_whose_waker_changes(driver: DriverKind) {
    run(driver, |io| everywhere(io, change_wakers));
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

/// Takes a byte of a socket that has one.
fn take_byte(socket: &impl AsFd) -> Option<u8> {
    let mut byte = [0];
    let (count, _) = recv(socket, &mut byte, RecvFlags::DONTWAIT).ok()?;
    (count == 1).then_some(byte[0])
}

async fn lose_bytes(io: Io) -> io::Result<()> {
    let (mut socket, mut peer) = connected_to_std(io).await?;
    let other = socket.as_fd().try_clone_to_owned()?;
    for _ in 0..10 {
        answer(&mut socket, &mut peer).await?;
        let mut buffer = [0; 8];
        {
            let mut read = pin!(socket.read(&mut buffer));
            assert!(poll_once(read.as_mut()).await.is_pending());
            peer.write_all(b"1")?;
            yield_now().await;
            let taken = take_byte(&other);
            assert!(taken.is_none_or(|byte| byte == b'1'));
            if taken.is_some() {
                assert!(poll_once(read.as_mut()).await.is_pending());
                peer.write_all(b"1")?;
            }
            assert_eq!(read.await?, 1);
        }
        assert_eq!(buffer[0], b'1');
        assert_eq!(take_byte(&other), None, "a byte came twice");
    }
    Ok(())
}

/// If somebody else has taken the bytes that it was told of, it waits for more.
pub fn a_read_after_an_answer_that_finds_nothing(driver: DriverKind) {
    run(driver, |io| everywhere(io, lose_bytes));
}
