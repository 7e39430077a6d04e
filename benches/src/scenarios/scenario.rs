//! The scenarios.

use std::fmt;

use clap::ValueEnum;

/// Something that libuv or libxev measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// A client and a server of the same loop send five bytes to and fro.
    PingPongs,
    /// Two sockets of the same loop send datagrams of five bytes to and fro.
    UdpPings,
    /// Timers, a thousand for each of the next milliseconds.
    Timers,
    /// One thread wakes the loop for ever.
    #[value(name = "pummel-1")]
    Pummel1,
    /// Two do.
    #[value(name = "pummel-2")]
    Pummel2,
    /// Four do.
    #[value(name = "pummel-4")]
    Pummel4,
    /// Eight do.
    #[value(name = "pummel-8")]
    Pummel8,
    /// Two loops, each on a thread, accept and close connections of the same listener.
    MultiAccept,
}

/// The message that is sent to and fro.
pub(super) const PING: &[u8] = b"PING\n";

/// So many timers end in the same millisecond.
pub(super) const TIMERS_PER_MS: u64 = 1000;

/// The loops that share a listener.
pub(super) const ACCEPTORS: usize = 2;

impl Scenario {
    /// How much of it is usual: round trips, timers, wakes that were seen, connections.
    pub const fn amount(self) -> u64 {
        match self {
            Scenario::PingPongs | Scenario::UdpPings => 100_000,
            Scenario::Timers => 1_000_000,
            Scenario::Pummel1 | Scenario::Pummel2 | Scenario::Pummel4 | Scenario::Pummel8 => 5_000,
            Scenario::MultiAccept => 20_000,
        }
    }

    /// The threads that wake the loop.
    pub(super) const fn threads(self) -> usize {
        match self {
            Scenario::Pummel1 => 1,
            Scenario::Pummel2 => 2,
            Scenario::Pummel4 => 4,
            Scenario::Pummel8 => 8,
            _ => 0,
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Scenario::PingPongs => "TCP round trips",
            Scenario::UdpPings => "UDP round trips",
            Scenario::Timers => "timers",
            Scenario::Pummel1 => "wakes from a thread",
            Scenario::Pummel2 => "wakes from 2 threads",
            Scenario::Pummel4 => "wakes from 4 threads",
            Scenario::Pummel8 => "wakes from 8 threads",
            Scenario::MultiAccept => "accepts on 2 threads",
        })
    }
}
