//! A loop over epoll, without tasks: one buffer, and nothing kept for a connection but its number.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::fd::{AsRawFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use std::os::unix::fs::FileExt;

use rustix::event::{PollFd, PollFlags, epoll, poll};
use rustix::fd::BorrowedFd;
use rustix::io::{Errno, retry_on_intr};
use rustix::net::{RecvFlags, SendFlags, SocketFlags, accept_with, recv, send};

use super::{BUFFER, offset};
use crate::net_bench::{Job, Workload};

struct Loop<'a> {
    job: &'a Job,
    epoll: OwnedFd,
    file: File,
    buffer: [u8; BUFFER],
}

impl Loop<'_> {
    fn run(&mut self) -> io::Result<()> {
        const EMPTY: epoll::Event =
            epoll::Event { flags: epoll::EventFlags::empty(), data: epoll::EventData::new_u64(0) };
        let listener = self.job.listener.as_raw_fd();
        self.add(listener)?;
        let mut events = [EMPTY; 1024];
        loop {
            let count = retry_on_intr(|| epoll::wait(&self.epoll, &mut events[..], None))?;
            for event in &events[..count] {
                let socket = event.data.u64() as RawFd;
                if socket == listener {
                    self.accept()?;
                } else if !self.answer(socket)? {
                    close(socket);
                }
            }
        }
    }

    fn add(&self, socket: RawFd) -> io::Result<()> {
        let data = epoll::EventData::new_u64(socket as u64);
        Ok(epoll::add(&self.epoll, borrow(socket), data, epoll::EventFlags::IN)?)
    }

    fn accept(&self) -> io::Result<()> {
        match accept_with(&self.job.listener, SocketFlags::NONBLOCK | SocketFlags::CLOEXEC) {
            Ok(socket) => self.add(socket.into_raw_fd()),
            Err(Errno::AGAIN) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads once and answers; `false` if the connection has ended.
    fn answer(&mut self, socket: RawFd) -> io::Result<bool> {
        let descriptor = borrow(socket);
        let count = match recv(descriptor, &mut self.buffer[..], RecvFlags::empty()) {
            Ok((0, _)) | Err(Errno::CONNRESET) => return Ok(false),
            Ok((count, _)) => count,
            Err(Errno::AGAIN) => return Ok(true),
            Err(error) => return Err(error.into()),
        };
        let count = match self.job.workload {
            Workload::Echo => count,
            Workload::File => {
                let offset = offset(&self.buffer[..count])?;
                self.file.read_at(&mut self.buffer, offset)?
            }
        };
        write_all(descriptor, &self.buffer[..count])
    }
}

/// Waits for room if there is none, which is when a client does not read its answers.
fn write_all(descriptor: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<bool> {
    while !bytes.is_empty() {
        match send(descriptor, bytes, SendFlags::NOSIGNAL) {
            Ok(count) => bytes = &bytes[count..],
            Err(Errno::AGAIN) => {
                poll(&mut [PollFd::new(&descriptor, PollFlags::OUT)], None)?;
            }
            Err(Errno::PIPE | Errno::CONNRESET) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
}

#[expect(unsafe_code, reason = "the loop owns its sockets by their numbers alone")]
fn borrow<'a>(socket: RawFd) -> BorrowedFd<'a> {
    // SAFETY: the number is that of a socket which only `close` closes, after its last use.
    unsafe { BorrowedFd::borrow_raw(socket) }
}

#[expect(unsafe_code, reason = "the loop owns its sockets by their numbers alone")]
fn close(socket: RawFd) {
    // SAFETY: `accept` gave its ownership up, and it is closed once: no event names it after this.
    drop(unsafe { OwnedFd::from_raw_fd(socket) });
}

/// Serves on one thread.
pub(in crate::net_bench) fn serve_raw_epoll(job: &Job, is_ready: impl FnOnce()) -> io::Result<()> {
    job.listener.set_nonblocking(true)?;
    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    let file = File::open(&job.file)?;
    is_ready();
    match (Loop { job, epoll, file, buffer: [0; BUFFER] }).run() {
        Ok(()) => Err(ErrorKind::UnexpectedEof.into()),
        error => error,
    }
}
