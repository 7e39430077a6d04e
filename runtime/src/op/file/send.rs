//! Sending a part of a file to a connection, without the program's memory in between.

use std::fs;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;

use crate::blocking::{Pending, Work};
use crate::fs::File;
use crate::op::Writable;
use crate::sys::file;

/// The most bytes that are asked for at once: then a thread is free for others.
const STEP: u64 = 1 << 20;

/// Sends some bytes, and blocks only to read them.
#[derive(Debug)]
struct Sending {
    file: Arc<fs::File>,
    /// Its own, so that it is still this one when the connection is closed meanwhile.
    socket: Arc<OwnedFd>,
    offset: u64,
    len: usize,
}

impl Work for Sending {
    fn run(&mut self) -> io::Result<usize> {
        file::send(self.socket.as_fd(), self.file.as_fd(), self.offset, self.len)
    }
}

/// Sends up to `len` bytes of the file at `offset`, and gives their number, which is less at the end
/// of the file only.
pub(crate) async fn send_file(
    socket: BorrowedFd<'_>,
    file: &File,
    offset: u64,
    len: u64,
) -> io::Result<u64> {
    let own = Arc::new(socket.try_clone_to_owned()?);
    let mut done = 0;
    while done < len {
        let (file, socket_of_work) = (Arc::clone(file.shared()), Arc::clone(&own));
        let step = (len - done).min(STEP) as usize;
        let sending = Sending { file, socket: socket_of_work, offset: offset + done, len: step };
        let mut pending = Pending::new(sending);
        let sent = core::future::poll_fn(|context| pending.poll(context, |result, _| result));
        match sent.await? {
            Ok(0) => break,
            Ok(count) => done += count as u64,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                Writable::new(socket).await?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}
