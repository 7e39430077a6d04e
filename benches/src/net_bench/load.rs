//! Clients that measure a server: each sends a request, waits for the answer, and sends the next.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use rustix::event::{Timespec, epoll};
use rustix::io::{Errno, retry_on_intr};
use rustix::net::{RecvFlags, SendFlags, recv, send};

use super::Workload;
use super::blocks::{self, BLOCK};

/// The longest latency that is told apart, in nanoseconds.
const LATENCY_MAX: u64 = 10_000_000_000;

/// How long a server may be silent.
const PATIENCE: Duration = Duration::from_secs(10);

/// The bytes of a request for a block.
const FILE_REQUEST: usize = 64;

/// Connections to one server.
#[derive(Debug)]
pub struct Clients {
    epoll: OwnedFd,
    server: SocketAddr,
    workload: Workload,
    connections: Vec<Connection>,
    /// The request and its answer, but for the numbers in them.
    request: Vec<u8>,
    answer: Vec<u8>,
    received: Vec<u8>,
    number: u64,
}

#[derive(Debug)]
struct Connection {
    socket: TcpStream,
    number: u64,
    sent: Instant,
    /// How much of the answer has arrived; all of it if no request is under way.
    received: usize,
}

/// What clients measured.
#[derive(Debug)]
pub struct Report {
    /// The number of requests that were answered.
    pub requests: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// The latencies, in nanoseconds.
    pub latencies: Histogram<u64>,
}

impl Clients {
    /// No connections yet to the server on this port, with messages of `size` bytes. The size of
    /// what is asked of a file is fixed.
    ///
    /// # Errors
    ///
    /// If there is no descriptor left.
    pub fn new(port: u16, workload: Workload, size: usize) -> io::Result<Self> {
        let (request, answer) = match workload {
            Workload::Echo => (size, size),
            Workload::File => (FILE_REQUEST, BLOCK),
        };
        Ok(Clients {
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            server: (Ipv4Addr::LOCALHOST, port).into(),
            workload,
            connections: Vec::new(),
            request: blocks::message(request),
            answer: blocks::message(answer),
            received: vec![0; answer],
            number: 0,
        })
    }

    /// Opens more connections.
    ///
    /// # Errors
    ///
    /// Those of connecting.
    pub fn connect(&mut self, count: usize) -> io::Result<()> {
        for _ in 0..count {
            let socket = TcpStream::connect(self.server)?;
            socket.set_nonblocking(true)?;
            socket.set_nodelay(true)?;
            let data = epoll::EventData::new_u64(self.connections.len() as u64);
            epoll::add(&self.epoll, &socket, data, epoll::EventFlags::IN)?;
            let (sent, received) = (Instant::now(), self.answer.len());
            self.connections.push(Connection { socket, number: 0, sent, received });
        }
        Ok(())
    }

    /// Lets all connections send and wait, again and again, for some time. What is under way at
    /// its end is counted in the next call.
    ///
    /// # Errors
    ///
    /// If an answer is wrong, or does not come for ten seconds, and those of sockets.
    pub fn run(&mut self, time: Duration) -> io::Result<Report> {
        let start = Instant::now();
        let mut latencies = Histogram::new_with_max(LATENCY_MAX, 3).map_err(io::Error::other)?;
        self.start_all()?;
        let mut now = start;
        while now - start < time {
            for index in self.wait()? {
                if let Some(sent) = self.receive(index)? {
                    now = Instant::now();
                    latencies.saturating_record((now - sent).as_nanos() as u64);
                    self.send(index, now)?;
                }
            }
        }
        Ok(Report { requests: latencies.len(), elapsed: start.elapsed(), latencies })
    }

    /// Lets each connection send one request and wait for its answer.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn run_once(&mut self) -> io::Result<()> {
        self.start_all()?;
        let mut left = self.connections.len();
        while left > 0 {
            for index in self.wait()? {
                left -= usize::from(self.receive(index)?.is_some());
            }
        }
        Ok(())
    }

    fn start_all(&mut self) -> io::Result<()> {
        for index in 0..self.connections.len() {
            if self.connections[index].received == self.answer.len() {
                self.send(index, Instant::now())?;
            }
        }
        Ok(())
    }

    /// The connections that have something to read.
    fn wait(&self) -> io::Result<impl Iterator<Item = usize> + use<>> {
        const EMPTY: epoll::Event =
            epoll::Event { flags: epoll::EventFlags::empty(), data: epoll::EventData::new_u64(0) };
        let mut events = [EMPTY; 256];
        let patience = Timespec { tv_sec: PATIENCE.as_secs() as i64, tv_nsec: 0 };
        let wait = || epoll::wait(&self.epoll, &mut events[..], Some(&patience));
        let count = retry_on_intr(wait)?;
        if count == 0 {
            return Err(io::Error::new(ErrorKind::TimedOut, "the server does not answer"));
        }
        Ok(events.into_iter().take(count).map(|event| event.data.u64() as usize))
    }

    fn send(&mut self, index: usize, now: Instant) -> io::Result<()> {
        let connection = &mut self.connections[index];
        self.number += 1;
        connection.number = match self.workload {
            Workload::Echo => self.number,
            // An odd factor: all blocks are asked for, and no two neighbours.
            Workload::File => self.number.wrapping_mul(2_654_435_761) % blocks::COUNT,
        };
        (connection.sent, connection.received) = (now, 0);
        blocks::set_number(&mut self.request, connection.number);
        let sent = send(&connection.socket, &self.request, SendFlags::NOSIGNAL)?;
        // There is one message under way on each connection, so there is always room for it.
        if sent == self.request.len() { Ok(()) } else { Err(ErrorKind::WriteZero.into()) }
    }

    /// Takes what has arrived. When the answer is complete, gives when the request was sent.
    fn receive(&mut self, index: usize) -> io::Result<Option<Instant>> {
        let connection = &mut self.connections[index];
        let before = connection.received;
        let count = match recv(&connection.socket, &mut self.received[..], RecvFlags::empty()) {
            Ok((0, _)) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok((count, _)) => count,
            Err(Errno::AGAIN) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        blocks::set_number(&mut self.answer, connection.number);
        if self.answer.get(before..before + count) != Some(&self.received[..count]) {
            return Err(io::Error::new(ErrorKind::InvalidData, "the answer is wrong"));
        }
        connection.received += count;
        Ok((connection.received == self.answer.len()).then_some(connection.sent))
    }
}
