//! Descriptors that go from one process to another.

use core::pin::pin;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};

use coframe::io::{PipeReader, pipe};
use coframe::net::{UnixDatagram, UnixStream};
use coframe::{DriverKind, Io};

use super::{everywhere, poll_once, run, yield_now};

/// The end of a pipe that is read, and one that is written, as a plain descriptor.
fn watched(io: Io) -> io::Result<(PipeReader, OwnedFd)> {
    let (reader, writer) = pipe(io)?;
    Ok((reader, writer.into()))
}

/// Waits until nobody can write to the pipe any more.
async fn end_of(mut reader: PipeReader) -> io::Result<()> {
    assert_eq!(reader.read(&mut [0; 8]).await?, 0);
    Ok(())
}

async fn pass_by_stream(io: Io) -> io::Result<()> {
    let (mut here, mut there) = UnixStream::pair(io)?;
    let (first_reader, first) = io::pipe()?;
    let (second_reader, second) = io::pipe()?;
    let mut buffer = [0; 16];
    {
        let mut receive = pin!(there.recv_fds::<3>(&mut buffer));
        assert!(poll_once(receive.as_mut()).await.is_pending());
        assert_eq!(here.send_fds(b"two", [first.as_fd(), second.as_fd()]).await?, 3);
        drop((first, second));
        let (count, fds) = receive.await?;
        assert_eq!((count, fds.len(), fds.is_truncated()), (3, 2, false));
        let fds: Vec<OwnedFd> = fds.collect();
        for (fd, mut reader) in fds.into_iter().zip([first_reader, second_reader]) {
            io::PipeWriter::from(fd).write_all(b"through")?;
            let mut text = String::new();
            reader.read_to_string(&mut text)?;
            assert_eq!(text, "through");
        }
    }
    assert_eq!(&buffer[..3], b"two");
    // The next message has none.
    here.write_all(b"none").await?;
    let (count, mut fds) = there.recv_fds::<3>(&mut buffer).await?;
    assert_eq!((count, fds.len()), (4, 0));
    assert!(fds.next().is_none());
    drop(here);
    assert_eq!(there.recv_fds::<1>(&mut buffer).await?.0, 0);
    Ok(())
}

/// They come with the bytes that they were sent with, in order.
pub fn fds_pass_through_a_stream(driver: DriverKind) {
    run(driver, |io| everywhere(io, pass_by_stream));
}

async fn pass_by_datagram(io: Io) -> io::Result<()> {
    let (here, there) = UnixDatagram::pair(io)?;
    let (reader, writer) = watched(io)?;
    here.send_fds(b"", [writer.as_fd()]).await?;
    here.send(b"plain").await?;
    let mut buffer = vec![0; 16];
    let (count, fds) = there.recv_fds::<1>(&mut buffer).await?;
    assert_eq!((count, fds.len()), (0, 1));
    let (count, none) = there.recv_fds::<1>(&mut buffer).await?;
    assert_eq!((count, none.len()), (5, 0));
    drop(writer);
    drop(fds);
    end_of(reader).await
}

/// A datagram needs no bytes to take them along.
pub fn fds_pass_with_datagrams(driver: DriverKind) {
    run(driver, |io| everywhere(io, pass_by_datagram));
}

/// Those that there is no room for are closed, and that is told.
pub fn more_fds_than_room_are_closed(driver: DriverKind) {
    run(driver, |io| {
        everywhere(io, |io| async move {
            let (mut here, mut there) = UnixStream::pair(io)?;
            let (kept_reader, kept) = watched(io)?;
            let (closed_reader, closed) = watched(io)?;
            here.send_fds(b"x", [kept.as_fd(), closed.as_fd()]).await?;
            drop((kept, closed));
            let mut buffer = [0; 1];
            let (_, mut fds) = there.recv_fds::<1>(&mut buffer).await?;
            assert!(fds.is_truncated());
            let kept = fds.next().expect("one descriptor");
            assert!(fds.next().is_none());
            end_of(closed_reader).await?;
            drop(kept);
            end_of(kept_reader).await
        })
    });
}

/// Neither those that were received and not taken nor those that a plain read has met stay open.
pub fn fds_that_nobody_takes_are_closed(driver: DriverKind) {
    run(driver, |io| {
        everywhere(io, |io| async move {
            let (mut here, mut there) = UnixStream::pair(io)?;
            let (reader, writer) = watched(io)?;
            here.send_fds(b"x", [writer.as_fd()]).await?;
            drop(there.recv_fds::<4>(&mut [0; 1]).await?);
            here.send_fds(b"x", [writer.as_fd()]).await?;
            assert_eq!(there.read(&mut [0; 1]).await?, 1);
            here.send_fds(b"x", [writer.as_fd()]).await?;
            drop(there);
            drop(writer);
            end_of(reader).await
        })
    });
}

/// A receive that is dropped, perhaps after the kernel has done it, leaves nothing open.
pub fn a_dropped_receive_closes_its_fds(driver: DriverKind) {
    run(driver, |io| async move {
        for turns in 0..4 {
            let (mut here, mut there) = UnixStream::pair(io)?;
            let (reader, writer) = watched(io)?;
            {
                let mut buffer = [0; 4];
                let mut receive = pin!(there.recv_fds::<2>(&mut buffer));
                assert!(poll_once(receive.as_mut()).await.is_pending());
                here.send_fds(b"x", [writer.as_fd(), writer.as_fd()]).await?;
                for _ in 0..turns {
                    yield_now().await;
                }
            }
            drop((writer, there));
            end_of(reader).await?;
        }
        Ok(())
    });
}

/// What the kernel or a stream cannot do is an error.
pub fn fds_that_cannot_be_passed(driver: DriverKind) {
    run(driver, |io| {
        everywhere(io, |io| async move {
            let (mut here, _there) = UnixStream::pair(io)?;
            let zero = std::fs::File::open("/dev/zero")?;
            let error = here.send_fds(b"", [zero.as_fd()]).await.expect_err("no byte");
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            let error = here.send_fds(b"x", [zero.as_fd(); 254]).await.expect_err("too many");
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert_eq!(here.send_fds(b"x", [zero.as_fd(); 253]).await?, 1);
            drop(_there);
            let error = here.send_fds(b"x", [zero.as_fd()]).await.expect_err("nobody reads");
            assert_eq!(error.kind(), ErrorKind::BrokenPipe);
            Ok(())
        })
    });
}
