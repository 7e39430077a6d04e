//! The same loop without what stays and what is registered, in three ways to receive: each part of the
//! tuned loop can be judged by itself. Echoes only.

use std::io::{self, ErrorKind};
use std::os::fd::AsRawFd;

use io_uring::cqueue::buffer_select;
use io_uring::squeue::{Entry, Flags};
use io_uring::types::Fd;
use io_uring::{IoUring, opcode};

use super::super::BUFFER;
use super::buffers::{Buffers, GROUP};
use super::{QUEUE, value};
use crate::net_bench::Job;

/// Where what arrives is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::net_bench) enum Receiving {
    /// Into a buffer of the connection's.
    Own,
    /// Into one that the kernel chooses when something has arrived.
    Chosen,
    /// Into one that is taken when the connection is ready, by a call of its own.
    WhenReady,
}

/// What a completion is of: in the user data, the upper half says which, the lower half has the socket.
#[derive(Clone, Copy)]
enum Done {
    Accept,
    Ready(i32),
    Receive(i32),
    Send(i32),
}

impl Done {
    fn bits(self) -> u64 {
        let (kind, socket) = match self {
            Done::Accept => (0, 0),
            Done::Ready(socket) => (1, socket),
            Done::Receive(socket) => (2, socket),
            Done::Send(socket) => (3, socket),
        };
        kind << 32 | u64::from(socket as u32)
    }

    fn from_bits(bits: u64) -> Self {
        match bits >> 32 {
            0 => Done::Accept,
            1 => Done::Ready(bits as i32),
            2 => Done::Receive(bits as i32),
            _ => Done::Send(bits as i32),
        }
    }
}

struct Loop<'a> {
    job: &'a Job,
    receiving: Receiving,
    ring: IoUring,
    buffers: Buffers,
    /// Buffers that nobody has, unless the kernel chooses.
    free: Vec<u16>,
    /// The buffer of each socket that has one.
    held: Vec<u16>,
}

impl Loop<'_> {
    fn run(&mut self) -> io::Result<()> {
        self.accept();
        let mut done = Vec::with_capacity(4 * QUEUE as usize);
        loop {
            if self.receiving == Receiving::Chosen {
                self.buffers.publish();
            }
            match self.ring.submit_and_wait(1) {
                Err(error) if error.kind() != ErrorKind::Interrupted => return Err(error),
                _ => {}
            }
            let entries = self.ring.completion();
            done.extend(entries.map(|entry| (entry.user_data(), entry.result(), entry.flags())));
            for (bits, result, flags) in done.drain(..) {
                match Done::from_bits(bits) {
                    Done::Accept => self.accepted(value(result)?),
                    Done::Ready(socket) => self.ready(socket),
                    Done::Receive(socket) => self.received(socket, result, flags),
                    Done::Send(socket) => self.sent(socket),
                }
            }
        }
    }

    fn accept(&mut self) {
        let listener = Fd(self.job.listener.as_raw_fd());
        let entry = opcode::Accept::new(listener, std::ptr::null_mut(), std::ptr::null_mut());
        self.push(entry.build().user_data(Done::Accept.bits()));
    }

    fn accepted(&mut self, socket: i32) {
        self.accept();
        let count = self.held.len().max(socket as usize + 1);
        self.held.resize(count, 0);
        if self.receiving == Receiving::Own {
            self.held[socket as usize] = self.free.pop().expect("one for each connection");
        }
        self.receive(socket);
    }

    fn receive(&mut self, socket: i32) {
        let entry = match self.receiving {
            Receiving::Own => {
                let start = self.buffers.start(self.held[socket as usize]);
                let entry = opcode::Recv::new(Fd(socket), start, BUFFER as u32).build();
                entry.user_data(Done::Receive(socket).bits())
            }
            Receiving::Chosen => {
                let entry = opcode::Recv::new(Fd(socket), std::ptr::null_mut(), BUFFER as u32);
                let entry = entry.buf_group(GROUP).build().flags(Flags::BUFFER_SELECT);
                entry.user_data(Done::Receive(socket).bits())
            }
            Receiving::WhenReady => {
                let entry = opcode::PollAdd::new(Fd(socket), libc::POLLIN as u32).build();
                entry.user_data(Done::Ready(socket).bits())
            }
        };
        self.push(entry);
    }

    fn ready(&mut self, socket: i32) {
        let buffer = self.free.pop().expect("one for each connection");
        self.held[socket as usize] = buffer;
        let (start, flags) = (self.buffers.start(buffer), libc::MSG_DONTWAIT);
        // SAFETY: the buffer has so many bytes, and nobody else has it.
        let count = unsafe { libc::recv(socket, start.cast(), BUFFER, flags) };
        self.received(socket, count as i32, 0);
    }

    fn received(&mut self, socket: i32, result: i32, flags: u32) {
        if let Some(buffer) = buffer_select(flags) {
            self.held[socket as usize] = buffer;
        }
        if result <= 0 {
            if self.receiving != Receiving::Chosen {
                self.free.push(self.held[socket as usize]);
            }
            // SAFETY: it is open, and nobody else knows it.
            unsafe { libc::close(socket) };
            return;
        }
        let start = self.buffers.start(self.held[socket as usize]);
        let flags = libc::MSG_WAITALL | libc::MSG_NOSIGNAL;
        let send = opcode::Send::new(Fd(socket), start, result as u32).flags(flags).build();
        self.push(send.user_data(Done::Send(socket).bits()));
    }

    fn sent(&mut self, socket: i32) {
        match self.receiving {
            Receiving::Own => {}
            Receiving::Chosen => self.buffers.give(self.held[socket as usize]),
            Receiving::WhenReady => self.free.push(self.held[socket as usize]),
        }
        self.receive(socket);
    }

    fn push(&mut self, entry: Entry) {
        // SAFETY: the buffers in entries stay, and are the kernel's until their completions.
        while unsafe { self.ring.submission().push(&entry) }.is_err() {
            // The queue is full; an error here is one of the wait as well.
            let _ = self.ring.submit();
        }
    }
}

/// Serves on one thread.
pub(in crate::net_bench) fn serve_raw_uring_single(
    receiving: Receiving,
    job: &Job,
    is_ready: impl FnOnce(),
) -> io::Result<()> {
    let mut builder = IoUring::builder();
    builder.setup_single_issuer().setup_defer_taskrun().setup_submit_all();
    let ring: IoUring = builder.setup_cqsize(4 * QUEUE).build(QUEUE)?;
    // Some more than there are clients: connections that end while others begin.
    let count = (job.connections + 8).next_power_of_two() as u16;
    let buffers = match receiving {
        Receiving::Chosen => Buffers::new(&ring.submitter(), count)?,
        Receiving::Own | Receiving::WhenReady => Buffers::unregistered(count),
    };
    let free = if receiving == Receiving::Chosen { Vec::new() } else { (0..count).collect() };
    is_ready();
    Loop { job, receiving, ring, buffers, free, held: Vec::new() }.run()
}
