//! A loop over `io_uring`, without tasks, with all that the kernel offers for it: deferred task
//! work, accepts and receives that stay, buffers that the kernel takes from a group, descriptors
//! and memory that are registered, and one call for each turn.
#![allow(unsafe_code, reason = "the ring takes addresses")]

mod buffers;
mod single;

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::fd::AsRawFd;

use io_uring::cqueue::{buffer_select, more};
use io_uring::squeue::{Entry, Flags};
use io_uring::types::{Fd, Fixed};
use io_uring::{IoUring, opcode};

use self::buffers::{Buffers, GROUP, REGISTERED};
use super::{BUFFER, offset};
use crate::net_bench::{Job, Workload};

pub(in crate::net_bench) use self::single::{Receiving, serve_raw_uring_single};

const QUEUE: u32 = 1024;
/// The place of the file among the registered descriptors.
const FILE: Fixed = Fixed(0);
/// How many buffers the group has at most.
const BUFFERS_MAX: usize = 1024;

/// What a completion is of: in the user data, the upper half says which, the lower half has the number.
#[derive(Clone, Copy)]
enum Done {
    /// A connection was accepted.
    Accept,
    /// Something arrived at this connection.
    Receive(u32),
    /// What was in this buffer was sent.
    Send(u16),
    /// Something that completes only if it fails. A connection that is broken ends its receive,
    /// too, and that is where it is closed.
    Other,
}

impl Done {
    fn bits(self) -> u64 {
        let (kind, number) = match self {
            Done::Accept => (0, 0),
            Done::Receive(socket) => (1, socket),
            Done::Send(buffer) => (2, buffer.into()),
            Done::Other => (3, 0),
        };
        kind << 32 | u64::from(number)
    }

    fn from_bits(bits: u64) -> Self {
        match bits >> 32 {
            0 => Done::Accept,
            1 => Done::Receive(bits as u32),
            2 => Done::Send(bits as u16),
            _ => Done::Other,
        }
    }
}

struct Loop<'a> {
    job: &'a Job,
    ring: IoUring,
    buffers: Buffers,
    /// Connections whose receive ended because there was no buffer.
    starved: Vec<u32>,
}

impl Loop<'_> {
    fn run(&mut self) -> io::Result<()> {
        self.accept();
        let mut done = Vec::with_capacity(4 * QUEUE as usize);
        loop {
            self.buffers.publish();
            match self.ring.submit_and_wait(1) {
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
                _ => {}
            }
            let entries = self.ring.completion();
            done.extend(entries.map(|entry| (entry.user_data(), entry.result(), entry.flags())));
            for (bits, result, flags) in done.drain(..) {
                match Done::from_bits(bits) {
                    Done::Accept => self.accepted(result, flags)?,
                    Done::Receive(socket) => self.received(socket, result, flags)?,
                    Done::Send(buffer) => self.sent(buffer),
                    Done::Other => {}
                }
            }
        }
    }

    fn accept(&mut self) {
        let listener = Fd(self.job.listener.as_raw_fd());
        let entry = opcode::AcceptMulti::new(listener).allocate_file_index(true).build();
        self.push(entry.user_data(Done::Accept.bits()));
    }

    fn accepted(&mut self, result: i32, flags: u32) -> io::Result<()> {
        if !more(flags) {
            self.accept();
        }
        self.receive(value(result)? as u32);
        Ok(())
    }

    fn receive(&mut self, socket: u32) {
        let entry = opcode::RecvMulti::new(Fixed(socket), GROUP).build();
        self.push(entry.user_data(Done::Receive(socket).bits()));
    }

    fn received(&mut self, socket: u32, result: i32, flags: u32) -> io::Result<()> {
        match buffer_select(flags) {
            Some(buffer) if result > 0 => self.answer(socket, buffer, result as u32)?,
            _ if result == -libc::ENOBUFS => {
                self.starved.push(socket);
                return Ok(());
            }
            _ => {
                let close = opcode::Close::new(Fixed(socket)).build();
                self.push(close.flags(Flags::SKIP_SUCCESS).user_data(Done::Other.bits()));
                return Ok(());
            }
        }
        if !more(flags) {
            self.receive(socket);
        }
        Ok(())
    }

    fn answer(&mut self, socket: u32, buffer: u16, count: u32) -> io::Result<()> {
        let start = self.buffers.start(buffer);
        let count = match self.job.workload {
            Workload::Echo => count,
            Workload::File => {
                let offset = offset(&self.buffers.number(buffer))?;
                // The send begins when the read has filled the buffer.
                let read = opcode::ReadFixed::new(FILE, start, BUFFER as u32, REGISTERED);
                let read = read.offset(offset).build().user_data(Done::Other.bits());
                self.push(read.flags(Flags::IO_LINK | Flags::SKIP_SUCCESS));
                BUFFER as u32
            }
        };
        let flags = libc::MSG_WAITALL | libc::MSG_NOSIGNAL;
        let send = opcode::Send::new(Fixed(socket), start, count).flags(flags).build();
        self.push(send.user_data(Done::Send(buffer).bits()));
        Ok(())
    }

    fn sent(&mut self, buffer: u16) {
        self.buffers.give(buffer);
        if let Some(socket) = self.starved.pop() {
            self.receive(socket);
        }
    }

    fn push(&mut self, entry: Entry) {
        // SAFETY: the buffers in entries stay, and are the kernel's until their completions.
        while unsafe { self.ring.submission().push(&entry) }.is_err() {
            // The queue is full; an error here is one of the wait as well.
            let _ = self.ring.submit();
        }
    }
}

fn value(result: i32) -> io::Result<i32> {
    if result < 0 { Err(io::Error::from_raw_os_error(-result)) } else { Ok(result) }
}

/// Serves on one thread.
pub(in crate::net_bench) fn serve_raw_uring(job: &Job, is_ready: impl FnOnce()) -> io::Result<()> {
    let mut builder = IoUring::builder();
    builder.setup_single_issuer().setup_defer_taskrun().setup_submit_all();
    let ring: IoUring = builder.setup_cqsize(4 * QUEUE).build(QUEUE)?;
    let submitter = ring.submitter();
    // Two more than there are clients: the file, and a connection that ends while another begins.
    submitter.register_files_sparse(job.connections as u32 + 2)?;
    let file = File::open(&job.file)?;
    submitter.register_files_update(FILE.0, &[file.as_raw_fd()])?;
    let count = job.connections.next_power_of_two().clamp(64, BUFFERS_MAX) as u16;
    let buffers = Buffers::new(&submitter, count)?;
    if job.workload == Workload::File {
        buffers.register(&submitter)?;
    }
    is_ready();
    Loop { job, ring, buffers, starved: Vec::with_capacity(job.connections) }.run()
}
