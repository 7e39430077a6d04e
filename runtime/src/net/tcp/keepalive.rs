//! Finding out that a silent peer is gone.

use core::time::Duration;

/// When a silent connection is probed, and when it is given up.
///
/// What is not set is left to the system.
///
/// ```
/// use std::time::Duration;
///
/// let keepalive = coframe::net::Keepalive::new()
///     .idle(Duration::from_secs(60))
///     .interval(Duration::from_secs(10))
///     .probes(3);
/// # let _ = keepalive;
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use = "it does nothing until it is given to a socket"]
pub struct Keepalive {
    idle: Option<Duration>,
    interval: Option<Duration>,
    probes: Option<u32>,
}

impl Keepalive {
    /// The system's times.
    pub const fn new() -> Self {
        Keepalive { idle: None, interval: None, probes: None }
    }

    /// How long a connection is silent before it is probed, in whole seconds.
    pub const fn idle(mut self, time: Duration) -> Self {
        self.idle = Some(time);
        self
    }

    /// The time between two probes, in whole seconds.
    pub const fn interval(mut self, time: Duration) -> Self {
        self.interval = Some(time);
        self
    }

    /// How many probes without an answer end the connection.
    pub const fn probes(mut self, count: u32) -> Self {
        self.probes = Some(count);
        self
    }

    /// The form of the library.
    pub(super) fn options(self) -> socket2::TcpKeepalive {
        let mut options = socket2::TcpKeepalive::new();
        if let Some(time) = self.idle {
            options = options.with_time(time);
        }
        if let Some(time) = self.interval {
            options = options.with_interval(time);
        }
        if let Some(count) = self.probes {
            options = options.with_retries(count);
        }
        options
    }
}
