//! From a source to a sink.

use core::future::Future;
use core::pin::pin;
use core::task::Poll;
use std::io;
use std::net::Shutdown;
use std::os::fd::BorrowedFd;

use super::{AsyncRead, AsyncWrite};
use crate::net::Stream;
use crate::op::{Read, WriteAll};
use crate::sys::socket;

/// The bytes that are read at once. They are a part of the future.
const STEP: usize = 8192;

/// Writes all that `source` has to `sink`, and gives the number of bytes.
///
/// The sink is not told that nothing more will come. Dropping the future may lose bytes that were
/// read and not yet written.
///
/// # Errors
///
/// Those of both.
pub async fn copy<R: AsyncRead, W: AsyncWrite>(source: &mut R, sink: &mut W) -> io::Result<u64> {
    let mut bytes = [0; STEP];
    let mut total = 0;
    loop {
        let count = source.read(&mut bytes).await?;
        if count == 0 {
            return Ok(total);
        }
        let mut done = 0;
        while done < count {
            match sink.write(&bytes[done..count]).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                written => done += written,
            }
        }
        total += count as u64;
    }
}

/// Copies in both directions at the same time until both have ended, and gives the numbers of bytes
/// from `first` to `second` and back.
///
/// When one side ends, the other one is told so, and its answer still comes back.
///
/// # Errors
///
/// The first of any of the four directions; what is under way then is given up.
pub async fn copy_bidirectional<A: Stream, B: Stream>(
    first: &mut A,
    second: &mut B,
) -> io::Result<(u64, u64)> {
    let (first, second) = (first.as_fd(), second.as_fd());
    let mut there = pin!(copy_to_end(first, second));
    let mut back = pin!(copy_to_end(second, first));
    let (mut sent, mut received) = (None, None);
    core::future::poll_fn(|context| {
        if sent.is_none()
            && let Poll::Ready(count) = there.as_mut().poll(context)
        {
            sent = Some(count?);
        }
        if received.is_none()
            && let Poll::Ready(count) = back.as_mut().poll(context)
        {
            received = Some(count?);
        }
        match (sent, received) {
            (Some(sent), Some(received)) => Poll::Ready(Ok((sent, received))),
            _ => Poll::Pending,
        }
    })
    .await
}

/// Copies from one socket to another, which is told of the end.
///
/// It names neither traits nor their types: for those rustc does not see that the future is `Send`.
async fn copy_to_end(source: BorrowedFd<'_>, sink: BorrowedFd<'_>) -> io::Result<u64> {
    let mut bytes = [0; STEP];
    let mut total = 0;
    loop {
        let count = Read::new(source, &mut bytes).await?;
        if count == 0 {
            break;
        }
        WriteAll::new(sink, &bytes[..count]).await?;
        total += count as u64;
    }
    match socket::shutdown(sink, Shutdown::Write) {
        // It has gone meanwhile.
        Err(error) if error.kind() == io::ErrorKind::NotConnected => Ok(total),
        result => result.map(|()| total),
    }
}
