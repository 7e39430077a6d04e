//! A connection of the client's, which does what its plan says.

use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, Shutdown, SocketFlags, SocketType, bind, connect, recv,
    send, shutdown, socket_with, sockopt,
};

use super::address;
use super::bytes::Bytes;
use super::dice::Dice;
use super::plan::{Ending, Plan, Reading};

/// The bytes of the socket's buffer for what comes back, as far as the system allows so few.
const SOCKET_BUFFER: usize = 16 << 10;

/// The most that is sent or received at once.
pub(super) const PIECE: usize = 64 << 10;

/// How often a connection sends and receives before others have their turn.
const BUDGET: usize = 8;

/// A connection of the client's.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) number: u32,
    pub(super) plan: Plan,
    /// `None` when the client is done with it.
    socket: Option<OwnedFd>,
    dice: Dice,
    bytes: Bytes,
    begun: Instant,
    is_connected: bool,
    has_said_end: bool,
    sending: Direction,
    receiving: Direction,
    /// When something last happened.
    pub(super) moved: Instant,
}

/// One of the two directions.
#[derive(Debug)]
struct Direction {
    /// How many bytes have passed.
    count: u64,
    /// Whether the socket was not found blocked since it was last found ready.
    is_ready: bool,
    /// The end of the pause.
    from: Instant,
}

/// Memory for the bytes of any connection.
#[derive(Debug)]
pub(super) struct Scratch {
    expected: Vec<u8>,
    received: Vec<u8>,
}

/// What a connection waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The socket.
    Event,
    /// The socket or a time.
    At(Instant),
    /// Nothing: the client is done.
    Gone,
}

impl Scratch {
    pub(super) fn new() -> Self {
        Scratch { expected: vec![0; PIECE], received: vec![0; PIECE] }
    }
}

impl Direction {
    const fn new(from: Instant) -> Self {
        Direction { count: 0, is_ready: false, from }
    }

    fn can(&self, now: Instant) -> bool {
        self.is_ready && self.from <= now
    }

    /// When it goes on without an event, if it does.
    fn wakes(&self) -> Option<Instant> {
        self.is_ready.then_some(self.from)
    }
}

impl Connection {
    /// Begins to connect, from the address of this number.
    pub(super) fn begin(number: u32, seed: u64, server: SocketAddr) -> io::Result<Self> {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let socket = socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)?;
        sockopt::set_socket_recv_buffer_size(&socket, SOCKET_BUFFER)?;
        sockopt::set_tcp_nodelay(&socket, true)?;
        bind(&socket, &SocketAddr::from((address::of(number), 0)))?;
        match connect(&socket, &server) {
            Ok(()) | Err(Errno::INPROGRESS) => {}
            Err(error) => return Err(error.into()),
        }
        let now = Instant::now();
        let mut dice = Dice::new(seed, number.into());
        let plan = Plan::draw(&mut dice);
        let stall = match plan.reading {
            Reading::Stalled(time) => time,
            Reading::Eager | Reading::Slow { .. } => Duration::ZERO,
        };
        Ok(Connection {
            number,
            plan,
            socket: Some(socket),
            dice,
            bytes: Bytes::of(number),
            begun: now,
            is_connected: false,
            has_said_end: false,
            sending: Direction::new(now),
            receiving: Direction::new(now + stall),
            moved: now,
        })
    }

    /// The socket, while the client has it.
    pub(super) fn socket(&self) -> Option<BorrowedFd<'_>> {
        self.socket.as_ref().map(AsFd::as_fd)
    }

    /// How many bytes were sent.
    pub(super) const fn sent(&self) -> u64 {
        self.sending.count
    }

    /// How many bytes came back.
    pub(super) const fn received(&self) -> u64 {
        self.receiving.count
    }

    /// Notes that the socket may be ready.
    pub(super) fn may(&mut self, send: bool, receive: bool) {
        self.is_connected |= send || receive;
        self.sending.is_ready |= send;
        self.receiving.is_ready |= receive;
    }

    /// Goes on as far as the plan, the socket and the budget let it.
    ///
    /// # Errors
    ///
    /// If the server did what it must not.
    pub(super) fn step(&mut self, now: Instant, scratch: &mut Scratch) -> io::Result<Next> {
        if !self.is_connected {
            return Ok(Next::Event);
        }
        for _ in 0..BUDGET {
            if self.is_time_to_go(now) {
                self.go()?;
                return Ok(Next::Gone);
            }
            let is_sending = self.sending.can(now) && !self.has_said_end;
            if is_sending {
                self.send(now, scratch)?;
            }
            let is_receiving = self.receiving.can(now);
            if is_receiving && self.receive(now, scratch)? == Flow::Ended {
                self.socket = None;
                return Ok(Next::Gone);
            }
            if !is_sending && !is_receiving {
                break;
            }
        }
        Ok(self.next())
    }

    fn next(&self) -> Next {
        let sending = self.sending.wakes().filter(|_| !self.has_said_end);
        let departure = self.plan.ending.departure().map(|departure| self.begun + departure.time);
        let times = [sending, self.receiving.wakes(), departure];
        times.into_iter().flatten().min().map_or(Next::Event, Next::At)
    }

    fn is_time_to_go(&self, now: Instant) -> bool {
        self.plan.ending.departure().is_some_and(|departure| {
            self.sending.count >= departure.sent || now >= self.begun + departure.time
        })
    }

    fn go(&mut self) -> io::Result<()> {
        if let (Ending::Reset(_), Some(socket)) = (self.plan.ending, &self.socket) {
            sockopt::set_socket_linger(socket, Some(Duration::ZERO))?;
        }
        self.socket = None;
        Ok(())
    }

    fn send(&mut self, now: Instant, scratch: &mut Scratch) -> io::Result<()> {
        let Some(socket) = &self.socket else { return Ok(()) };
        let end = match self.plan.ending.departure() {
            Some(departure) => departure.sent.min(self.plan.total),
            None => self.plan.total,
        };
        let left = end - self.sending.count;
        if left == 0 {
            // Who leaves has gone before.
            self.has_said_end = true;
            return Ok(shutdown(socket, Shutdown::Write)?);
        }
        let message = self.dice.number(1..=self.plan.message_max.min(PIECE as u64)).min(left);
        let piece = &mut scratch.expected[..message as usize];
        self.bytes.fill(self.sending.count, piece);
        match send(socket, piece, SendFlags::NOSIGNAL) {
            Ok(count) => {
                self.sending.count += count as u64;
                self.moved = now;
                if let Some(pause) = self.plan.pause(&mut self.dice) {
                    self.sending.from = now + pause;
                }
            }
            Err(Errno::AGAIN) => self.sending.is_ready = false,
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    fn receive(&mut self, now: Instant, scratch: &mut Scratch) -> io::Result<Flow> {
        let Some(socket) = &self.socket else { return Ok(Flow::Ended) };
        let most = match self.plan.reading {
            Reading::Slow { bytes, .. } => PIECE.min(bytes as usize),
            Reading::Eager | Reading::Stalled(_) => PIECE,
        };
        let count = match recv(socket, &mut scratch.received[..most], RecvFlags::empty()) {
            Ok((0, _)) => return self.ended(),
            Ok((count, _)) => count,
            Err(Errno::AGAIN) => {
                self.receiving.is_ready = false;
                return Ok(Flow::Goes);
            }
            Err(error) => return Err(error.into()),
        };
        let expected = &mut scratch.expected[..count];
        self.bytes.fill(self.receiving.count, expected);
        if *expected != scratch.received[..count] {
            return Err(invalid("it sent other bytes back than it was sent"));
        }
        self.receiving.count += count as u64;
        self.moved = now;
        if let Reading::Slow { pause, .. } = self.plan.reading {
            self.receiving.from = now + self.dice.time(pause);
        }
        Ok(Flow::Goes)
    }

    /// The server sends no more.
    fn ended(&self) -> io::Result<Flow> {
        if !self.has_said_end {
            return Err(invalid("it ended before the client did"));
        }
        if self.receiving.count != self.plan.total {
            return Err(invalid("it did not send back all that it was sent"));
        }
        Ok(Flow::Ended)
    }
}

/// Whether there is more to come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Goes,
    Ended,
}

fn invalid(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text)
}
