//! Operations that own their buffers.

use core::pin::pin;
use std::io::{self, ErrorKind};
use std::sync::Arc;

use coframe::io::OwnedBytes;
use coframe::net::{TcpStream, UnixStream};
use coframe::{DriverKind, Io, Runtime};

use super::{connected, everywhere, poll_once, run, yield_now};

/// Sends a buffer of any kind, and gives it back.
async fn pass<B: OwnedBytes>(from: &mut TcpStream, to: &mut TcpStream, bytes: B) -> io::Result<B> {
    let (count, bytes) = from.write_owned(bytes).await;
    assert_eq!(count?, bytes.bytes().len());
    let (count, buffer) = to.read_owned(vec![0; 64]).await;
    let count = count?;
    assert_eq!((&buffer[..count], buffer.len()), (bytes.bytes(), 64));
    Ok(bytes)
}

async fn pass_all_kinds(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    let (near, far) = (&mut client, &mut server);
    assert_eq!(pass(near, far, vec![1, 2, 3]).await?, [1, 2, 3]);
    assert_eq!(*pass(near, far, vec![4; 5].into_boxed_slice()).await?, [4; 5]);
    assert_eq!(*pass(near, far, Arc::<[u8]>::from([6; 7])).await?, [6; 7]);
    assert_eq!(pass(near, far, "text".to_owned()).await?, "text");
    assert_eq!(pass(near, far, "static").await?, "static");
    assert_eq!(pass(near, far, &[8_u8; 9][..]).await?, [8; 9]);
    let (result, empty) = near.write_all_owned(String::new()).await;
    assert_eq!((result?, &*empty), ((), ""));
    {
        let mut read = pin!(far.read_owned(vec![7; 4].into_boxed_slice()));
        assert!(poll_once(read.as_mut()).await.is_pending());
        let (result, bytes) = near.write_all_owned(vec![5; 6]).await;
        result?;
        assert_eq!(bytes, [5; 6]);
        let (count, buffer) = read.await;
        assert_eq!((count?, &*buffer), (4, &[5; 4][..]));
    }
    // What was not read is still there, and the rest of a buffer stays as it was.
    let (count, buffer) = far.read_owned(vec![7; 4]).await;
    assert_eq!((count?, &*buffer), (2, &[5, 5, 7, 7][..]));
    drop(client);
    let (count, buffer) = server.read_owned(vec![7; 4]).await;
    assert_eq!((count?, buffer), (0, vec![7; 4]));
    Ok(())
}

/// Buffers of all kinds come back with the result.
pub fn owned_buffers_come_back(driver: DriverKind) {
    run(driver, |io| everywhere(io, pass_all_kinds));
}

async fn drop_owned(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    for round in 0..50_u8 {
        {
            let mut read = pin!(server.read_owned(vec![0; 8]));
            assert!(poll_once(read.as_mut()).await.is_pending());
        }
        let mut leaked = Box::pin(server.read_owned(vec![0; 8]));
        assert!(poll_once(leaked.as_mut()).await.is_pending());
        core::mem::forget(leaked);
        {
            let mut write = pin!(client.write_owned(vec![round; 8]));
            let _ = poll_once(write.as_mut()).await;
            yield_now().await;
        }
        let (result, _) = client.write_all_owned(vec![round; 8]).await;
        result?;
        let (count, buffer) = server.read_owned(vec![0; 64]).await;
        assert!(buffer[..count?].iter().all(|&byte| byte == round), "bytes of another round");
        while server.try_read(&mut [0; 64]).is_ok() {}
    }
    Ok(())
}

/// Operations that are dropped or leaked half-way harm nobody.
pub fn owned_buffers_of_dropped_operations(driver: DriverKind) {
    run(driver, |io| everywhere(io, drop_owned));
}

/// What was received goes on in the same buffer, which comes back to the runtime.
pub fn a_lease_is_sent_on(driver: DriverKind) {
    let builder = Runtime::builder().driver(driver).receive_buffers(1, 16);
    let Ok(mut runtime) = builder.build() else { return };
    runtime.run(|io| async move {
        let (_listener, mut client, mut server) = connected(io).await.expect("a connection");
        let echo = io.spawn(async move {
            loop {
                let bytes = server.recv().await?;
                if bytes.is_empty() {
                    return io::Result::Ok(());
                }
                let (result, lease) = server.write_all_owned(bytes).await;
                result?;
                let (count, lease) = server.write_owned(lease).await;
                assert_eq!(count?, lease.len());
            }
        });
        for round in 0..100_u8 {
            client.write_all(&[round; 4]).await.expect("a write");
            let mut answer = [0; 8];
            let mut count = 0;
            while count < 8 {
                count += client.read(&mut answer[count..]).await.expect("an answer");
            }
            assert_eq!(answer, [round; 8]);
        }
        drop(client);
        echo.await.expect("no panic").expect("the end");
    });
}

/// A buffer that is larger than the kernel takes at once is sent in parts.
pub fn large_owned_writes(driver: DriverKind) {
    const SIZE: usize = 4 << 20;
    run(driver, |io| async move {
        for is_zero_copy in [false, true] {
            let (_listener, mut client, mut server) = connected(io).await?;
            let sender = io.spawn(async move {
                let mut bytes: Vec<u8> = (0..SIZE).map(|index| (index % 251) as u8).collect();
                if !is_zero_copy {
                    let (result, bytes) = client.write_all_owned(bytes).await;
                    return result.map(|()| bytes.len());
                }
                let mut total = 0;
                while !bytes.is_empty() {
                    let (count, mut rest) = client.write_zero_copy(bytes).await;
                    let count = count?;
                    assert!(count > 0);
                    total += count;
                    rest.drain(..count);
                    bytes = rest;
                }
                Ok(total)
            });
            let mut total = 0;
            let mut buffer = vec![0; 1 << 16];
            loop {
                let (count, filled) = server.read_owned(buffer).await;
                let count = count?;
                if count == 0 {
                    break;
                }
                for (place, &byte) in filled[..count].iter().enumerate() {
                    assert_eq!(byte, ((total + place) % 251) as u8);
                }
                total += count;
                buffer = filled;
            }
            assert_eq!((total, sender.await??), (SIZE, SIZE));
        }
        Ok(())
    });
}

async fn fail(io: Io) -> io::Result<()> {
    let (_listener, mut client, server) = connected(io).await?;
    drop(server);
    let (error, bytes) = loop {
        let (result, bytes) = client.write_all_owned(vec![3; 1 << 16]).await;
        if let Err(error) = result {
            break (error, bytes);
        }
    };
    assert!(matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset), "{error}");
    assert_eq!(bytes, vec![3; 1 << 16]);
    let (result, bytes) = client.write_zero_copy(vec![4; 1 << 16]).await;
    let error = result.expect_err("the peer is gone");
    assert!(matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset), "{error}");
    assert_eq!(bytes, vec![4; 1 << 16]);
    let outside = std::thread::spawn(move || coframe::block_on(client.read_owned(vec![5; 3])));
    let (result, bytes) = outside.join().expect("no panic");
    assert!(result.is_err());
    assert_eq!(bytes, [5; 3]);
    Ok(())
}

/// A buffer comes back with an error, too.
pub fn owned_calls_that_fail(driver: DriverKind) {
    run(driver, |io| everywhere(io, fail));
}

async fn send_from_place(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    for size in [0, 1, 1000, 40_000] {
        let (count, bytes) = client.write_zero_copy(vec![9; size]).await;
        assert_eq!((count?, bytes.len()), (size, size));
        let mut total = 0;
        while total < size {
            let lease = server.recv().await?;
            assert!(lease.iter().all(|&byte| byte == 9));
            total += lease.len();
        }
    }
    // Unix sockets copy.
    let (mut near, mut far) = UnixStream::pair(io)?;
    let (count, _) = near.write_zero_copy(vec![9; 40_000]).await;
    assert_eq!(count?, 40_000);
    assert_eq!(far.read(&mut vec![0; 50_000]).await?, 40_000);
    Ok(())
}

/// Small and large buffers are sent from where they are, or copied if that is not possible.
pub fn buffers_are_sent_from_their_place(driver: DriverKind) {
    run(driver, |io| everywhere(io, send_from_place));
}

async fn drop_zero_copy(io: Io) -> io::Result<()> {
    let (_listener, mut client, mut server) = connected(io).await?;
    // Nobody reads: sooner or later there is no room, and still nothing waits for ever.
    for round in 0..200 {
        let mut send = Box::pin(client.write_zero_copy(vec![7; 1 << 16]));
        for _ in 0..3 {
            if poll_once(send.as_mut()).await.is_ready() {
                break;
            }
            yield_now().await;
        }
        if round % 10 == 0 {
            core::mem::forget(send);
        }
    }
    let mut buffer = vec![0; 1 << 16];
    let mut total = 0;
    while let Ok(count) = server.try_read(&mut buffer) {
        assert!(buffer[..count].iter().all(|&byte| byte == 7));
        total += count;
    }
    assert!(total > 0);
    Ok(())
}

/// Dropped zero-copy sends keep their memory as long as the kernel needs it, and nobody waits.
pub fn a_dropped_zero_copy_send(driver: DriverKind) {
    run(driver, |io| everywhere(io, drop_zero_copy));
}
