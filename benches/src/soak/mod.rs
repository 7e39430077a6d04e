//! A server under clients that stall, reset and go away, for a long time.
//!
//! ```text
//! options.rs      how long, and how hard
//! dice.rs         random numbers that follow from a seed
//! plan.rs         what a client will do with a connection
//! bytes.rs        the bytes of a connection, and checksums
//! address.rs      an address of its own for each connection
//! connection.rs   a connection of the client's
//! injector.rs     all connections of the client's, on one thread
//! report.rs       what the server says of a connection
//! ledger.rs       what was sent, arrived and came back, and whether it agrees
//! server.rs       the server, in a process of its own
//! outcome.rs      what is wrong, and the table
//! ```
//!
//! The client knows every byte, and the server reports of each connection how many bytes arrived and
//! their checksum. So whatever is lost, doubled or mixed up on the way is noticed at the connection
//! where it happens. What takes arbitrary time is never judged by a clock: only a connection on which
//! nothing happens for a minute is one that is stuck.

mod address;
mod bytes;
mod connection;
mod dice;
mod injector;
mod ledger;
mod options;
mod outcome;
mod plan;
mod report;
mod server;

use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use coframe::{DriverKind, Runtime};

use self::injector::Injector;
use crate::process::{Child, descriptors};

pub use ledger::{Ledger, Passed};
pub use options::Options;
pub use outcome::{Memory, Outcome};
pub use server::serve_soak;

/// How often the server's memory is looked at.
const SAMPLED_EACH: Duration = Duration::from_secs(1);

/// How long a turn of the client waits at most.
const TURN_MAX: Duration = Duration::from_millis(100);

/// Lets clients loose on a server, and tells how far it is.
///
/// # Errors
///
/// If there are too few descriptors, if the driver does not work here, and as soon as the server loses
/// a byte, fails, or is stuck.
pub fn soak(options: &Options, progress: &mut impl Write) -> io::Result<Outcome> {
    let clients = clients(options);
    if descriptors::raise() < clients {
        return Err(io::Error::other("there are too few descriptors for so many connections"));
    }
    let driver = driver(options)?;
    let name = format!("coframe-soak-{}", std::process::id());
    let inbox = report::inbox(&name)?;
    let connections = options.connections.to_string();
    let arguments = ["serve".to_owned(), driver.to_string(), connections, name];
    let (child, port) = Child::start(&arguments)?;
    let port = u16::try_from(port).map_err(io::Error::other)?;
    let injector = Injector::new(inbox, port, clients, options.seed)?;
    let start = Instant::now();
    Soak { child, port, injector, memory: Memory::default(), start }.run(options, progress)
}

/// Some more than the server serves at once, so that a few always wait for their turn.
const fn clients(options: &Options) -> usize {
    options.connections + options.connections / 8 + 1
}

/// The driver of the server.
///
/// # Errors
///
/// If there is none.
pub fn driver(options: &Options) -> io::Result<DriverKind> {
    match options.driver {
        Some(driver) => Ok(driver),
        None => Ok(Runtime::new()?.driver().kind()),
    }
}

struct Soak {
    child: Child,
    port: u16,
    injector: Injector,
    memory: Memory,
    start: Instant,
}

impl Soak {
    fn run(mut self, options: &Options, progress: &mut impl Write) -> io::Result<Outcome> {
        let descriptors = self.child.descriptors()?;
        let allocations = self.child.allocations().ok();
        if let Err(error) = self.inject(options, progress) {
            let said = self.child.refusal();
            return Err(io::Error::new(error.kind(), format!("{error}\nthe server: {said}")));
        }
        let ledger = self.injector.ledger().clone();
        let elapsed = self.start.elapsed();
        let now = self.child.allocations().ok();
        Ok(Outcome {
            ledger,
            elapsed,
            cpu_time: self.child.cpu_time()?,
            memory: self.memory,
            allocations: allocations.zip(now).map(|(start, now)| now - start),
            descriptors: [descriptors, self.child.descriptors()?],
            slots_in_use: stop(self.child, self.port)?,
        })
    }

    /// Until the time is over, and all connections have ended.
    fn inject(&mut self, options: &Options, progress: &mut impl Write) -> io::Result<()> {
        let (end, most) = match options.count {
            Some(count) => (None, count),
            None => (Some(self.start + Duration::from_secs(options.seconds)), u64::MAX),
        };
        let mut next = self.start + SAMPLED_EACH;
        loop {
            let now = Instant::now();
            let is_over = end.is_some_and(|end| now >= end) || self.injector.begun() >= most;
            if is_over && self.injector.is_idle() {
                return Ok(());
            }
            if !is_over {
                self.injector.begin(most)?;
            }
            self.injector.turn(TURN_MAX)?;
            if now >= next {
                next += SAMPLED_EACH;
                self.sample(progress)?;
            }
        }
    }

    fn sample(&mut self, progress: &mut impl Write) -> io::Result<()> {
        let bytes = self.child.resident()?;
        self.memory.samples.push(bytes);
        let seconds = self.start.elapsed().as_secs();
        let connections = self.injector.ledger().connections();
        write!(progress, "\r{seconds} s: {connections} connections, {bytes} bytes resident ")?;
        progress.flush()?;
        self.injector.check()
    }
}

/// Ends the server, and gives the number of slots that were still in use.
fn stop(mut child: Child, port: u16) -> io::Result<u64> {
    let caller = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    let line = child.read_line()?;
    drop(caller);
    let Ok(slots) = line.parse() else { return Err(child.refusal()) };
    child.wait()?;
    Ok(slots)
}
