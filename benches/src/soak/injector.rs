//! The client: many connections that do what their plans say, on one thread.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::time::{Duration, Instant};

use rustix::event::{Timespec, epoll};
use rustix::io::retry_on_intr;

use super::address;
use super::connection::{Connection, Next, Scratch};
use super::ledger::{Ledger, Side};
use super::report::{self, Report};

/// What marks the events of the inbox; connections have other numbers.
const INBOX: u64 = u64::MAX;

/// How many connections are begun before those that are there have their turn.
const BEGUN_AT_ONCE: usize = 64;

/// How long anything may take after which nothing else has to happen: then it is stuck.
const PATIENCE: Duration = Duration::from_secs(60);

/// Many connections to one server, and what became of those before.
#[derive(Debug)]
pub(super) struct Injector {
    epoll: OwnedFd,
    inbox: UnixDatagram,
    server: SocketAddr,
    seed: u64,
    /// By their numbers: those that have not ended on both sides.
    connections: HashMap<u32, Held>,
    most: usize,
    begun: u64,
    timers: BinaryHeap<Reverse<(Instant, u32)>>,
    scratch: Scratch,
    ledger: Ledger,
}

/// A connection and the report about it, if there is one already.
#[derive(Debug)]
struct Held {
    connection: Connection,
    report: Option<Report>,
    /// The only one of the timers that counts.
    timer: Option<Instant>,
}

impl Injector {
    /// No connections yet, and at most so many at once, to the server on this port.
    pub(super) fn new(inbox: UnixDatagram, port: u16, most: usize, seed: u64) -> io::Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC)?;
        let data = epoll::EventData::new_u64(INBOX);
        epoll::add(&epoll, &inbox, data, epoll::EventFlags::IN)?;
        Ok(Injector {
            epoll,
            inbox,
            server: (Ipv4Addr::LOCALHOST, port).into(),
            seed,
            connections: HashMap::with_capacity(most),
            most,
            begun: 0,
            timers: BinaryHeap::new(),
            scratch: Scratch::new(),
            ledger: Ledger::default(),
        })
    }

    pub(super) const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// How many connections were begun so far.
    pub(super) const fn begun(&self) -> u64 {
        self.begun
    }

    /// Whether all connections have ended on both sides.
    pub(super) fn is_idle(&self) -> bool {
        self.connections.is_empty()
    }

    /// Begins connections where there is room for them, up to so many in all.
    pub(super) fn begin(&mut self, until: u64) -> io::Result<()> {
        let room = (self.most - self.connections.len()).min(BEGUN_AT_ONCE);
        for _ in 0..room {
            if self.begun >= until {
                break;
            }
            let number = address::number(self.begun);
            let connection = Connection::begin(number, self.seed, self.server)?;
            let data = epoll::EventData::new_u64(number.into());
            let flags = epoll::EventFlags::IN | epoll::EventFlags::OUT | epoll::EventFlags::ET;
            let socket = connection.socket().expect("it has just been made");
            epoll::add(&self.epoll, socket, data, flags)?;
            self.connections.insert(number, Held { connection, report: None, timer: None });
            self.begun += 1;
        }
        Ok(())
    }

    /// Waits for events and times, but not longer than this, and lets connections go on.
    ///
    /// # Errors
    ///
    /// If the server did what it must not: the error says what, and what the connection was.
    pub(super) fn turn(&mut self, longest: Duration) -> io::Result<()> {
        const EMPTY: epoll::Event =
            epoll::Event { flags: epoll::EventFlags::empty(), data: epoll::EventData::new_u64(0) };
        let mut events = [EMPTY; 256];
        let now = Instant::now();
        let time = match self.timers.peek() {
            Some(Reverse((time, _))) => longest.min(time.saturating_duration_since(now)),
            None => longest,
        };
        let limit = Timespec { tv_sec: time.as_secs() as i64, tv_nsec: time.subsec_nanos().into() };
        let count = retry_on_intr(|| epoll::wait(&self.epoll, &mut events[..], Some(&limit)))?;
        let now = Instant::now();
        for event in &events[..count] {
            match event.data.u64() {
                INBOX => self.take_reports()?,
                number => self.take_event(number as u32, event.flags, now)?,
            }
        }
        self.take_times(now)
    }

    fn take_event(
        &mut self,
        number: u32,
        flags: epoll::EventFlags,
        now: Instant,
    ) -> io::Result<()> {
        let Some(held) = self.connections.get_mut(&number) else { return Ok(()) };
        let is_broken = flags.intersects(epoll::EventFlags::ERR | epoll::EventFlags::HUP);
        let can_send = is_broken || flags.contains(epoll::EventFlags::OUT);
        let can_receive = is_broken || flags.contains(epoll::EventFlags::IN);
        held.connection.may(can_send, can_receive);
        self.step(number, now)
    }

    fn take_times(&mut self, now: Instant) -> io::Result<()> {
        while let Some(&Reverse((time, number))) = self.timers.peek() {
            if time > now {
                break;
            }
            self.timers.pop();
            let Some(held) = self.connections.get_mut(&number) else { continue };
            if held.timer == Some(time) {
                held.timer = None;
                self.step(number, now)?;
            }
        }
        Ok(())
    }

    fn step(&mut self, number: u32, now: Instant) -> io::Result<()> {
        let Some(held) = self.connections.get_mut(&number) else { return Ok(()) };
        if held.connection.socket().is_none() {
            return Ok(());
        }
        match held.connection.step(now, &mut self.scratch) {
            Ok(Next::Event) => {}
            Ok(Next::At(time)) => {
                // Later than now, so that others have their turn.
                let time = time.max(now + Duration::from_nanos(1));
                if held.timer.is_none_or(|timer| time < timer) {
                    held.timer = Some(time);
                    self.timers.push(Reverse((time, number)));
                }
            }
            Ok(Next::Gone) => return self.settle(number),
            Err(error) => return Err(fault(&held.connection, error)),
        }
        Ok(())
    }

    fn take_reports(&mut self) -> io::Result<()> {
        let mut bytes = [0; report::SIZE];
        loop {
            match self.inbox.recv(&mut bytes) {
                Ok(report::SIZE) => self.take_report(Report::from_bytes(&bytes))?,
                Ok(count) => {
                    let text = format!("a report of {count} bytes: {:?}", &bytes[..count]);
                    return Err(io::Error::new(ErrorKind::InvalidData, text));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    fn take_report(&mut self, report: Report) -> io::Result<()> {
        let Some(held) = self.connections.get_mut(&report.connection) else {
            return Err(io::Error::other(format!("there is no such connection: {report:?}")));
        };
        held.connection.moved = Instant::now();
        if let Some(first) = held.report.replace(report) {
            return Err(io::Error::other(format!("reported twice: {first:?} and {report:?}")));
        }
        self.settle(report.connection)
    }

    /// Compares both sides, if both have ended.
    fn settle(&mut self, number: u32) -> io::Result<()> {
        let Some(held) = self.connections.get(&number) else { return Ok(()) };
        let (connection, Some(report)) = (&held.connection, &held.report) else { return Ok(()) };
        if connection.socket().is_some() {
            return Ok(());
        }
        if let Some(text) = Side::of(connection).contradiction(report) {
            return Err(fault(connection, io::Error::other(format!("{text}: {report:?}"))));
        }
        self.ledger.enter(connection, report);
        self.connections.remove(&number);
        Ok(())
    }

    /// An error if anything is stuck.
    pub(super) fn check(&self) -> io::Result<()> {
        let now = Instant::now();
        for Held { connection, report, .. } in self.connections.values() {
            if now.saturating_duration_since(connection.moved) > PATIENCE {
                let text = format!("nothing happens any more; the server has reported: {report:?}");
                return Err(fault(connection, io::Error::new(ErrorKind::TimedOut, text)));
            }
        }
        Ok(())
    }
}

fn fault(connection: &Connection, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{error}; {connection:?}"))
}
