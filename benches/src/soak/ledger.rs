//! What was sent, arrived, and came back: of each connection, and in sum.

use super::bytes::Bytes;
use super::connection::Connection;
use super::plan::{Ending, Reading};
use super::report::{End, Report};

/// Sums over all connections that have ended on both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// Connections that were read to their end.
    pub finished: u64,
    /// Connections that the client has reset.
    pub reset: u64,
    /// Connections that the client has closed at some time.
    pub left: u64,
    /// Connections of any kind whose client stalled.
    pub stalled: u64,
    /// Connections of any kind whose client read slowly.
    pub slow: u64,
    /// Connections that were broken for the server before it knew of their end.
    pub broken: u64,
    /// The bytes of connections that were read to their end: all three are the same.
    pub whole: Passed,
    /// The bytes of the others: a reset drops what is on the way.
    pub cut: Passed,
}

/// How many bytes came how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// Sent by clients.
    pub sent: u64,
    /// Received by the server.
    pub arrived: u64,
    /// Received back by clients.
    pub returned: u64,
}

/// What a client says of its side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    pub(super) number: u32,
    pub(super) ending: Ending,
    pub(super) sent: u64,
    pub(super) received: u64,
}

impl Side {
    pub(super) const fn of(connection: &Connection) -> Self {
        Side {
            number: connection.number,
            ending: connection.plan.ending,
            sent: connection.sent(),
            received: connection.received(),
        }
    }

    /// What does not agree with what the server reports.
    pub(super) fn contradiction(&self, report: &Report) -> Option<&'static str> {
        let Report { end, received, checksum, returned, .. } = *report;
        let is_finished = self.ending == Ending::Finish;
        match end {
            End::Failed(_) => return Some("the server had an error that no client causes"),
            End::Broken if is_finished => return Some("the server lost a connection that went on"),
            End::Complete if received != self.sent => return Some("the server missed some bytes"),
            End::Complete if returned != received => return Some("the server kept some bytes"),
            End::Complete | End::Broken => {}
        }
        match () {
            () if received > self.sent => Some("the server received more than was sent"),
            () if returned > received => Some("the server sent more than it received"),
            () if self.received > received => Some("more came back than the server received"),
            () if is_finished && self.received != self.sent => Some("some bytes did not come back"),
            () if Bytes::of(self.number).checksum(received) != checksum => {
                Some("the server received other bytes than were sent")
            }
            () => None,
        }
    }
}

impl Ledger {
    /// The number of connections.
    pub const fn connections(&self) -> u64 {
        self.finished + self.reset + self.left
    }

    /// Enters a connection and what the server reported of it.
    pub(super) fn enter(&mut self, connection: &Connection, report: &Report) {
        let passed = match connection.plan.ending {
            Ending::Finish => (&mut self.finished, &mut self.whole),
            Ending::Reset(_) => (&mut self.reset, &mut self.cut),
            Ending::Leave(_) => (&mut self.left, &mut self.cut),
        };
        *passed.0 += 1;
        passed.1.sent += connection.sent();
        passed.1.arrived += report.received;
        passed.1.returned += connection.received();
        match connection.plan.reading {
            Reading::Eager => {}
            Reading::Slow { .. } => self.slow += 1,
            Reading::Stalled(_) => self.stalled += 1,
        }
        self.broken += u64::from(report.end == End::Broken);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Side;
    use crate::soak::bytes::{Bytes, Checksum};
    use crate::soak::plan::{Departure, Ending};
    use crate::soak::report::{End, Report};

    const NUMBER: u32 = 300;

    fn side(ending: Ending, sent: u64, received: u64) -> Side {
        Side { number: NUMBER, ending, sent, received }
    }

    fn report(end: End, received: u64, returned: u64) -> Report {
        let checksum = Bytes::of(NUMBER).checksum(received);
        Report { connection: NUMBER, end, received, checksum, returned }
    }

    #[test]
    fn a_finished_connection_loses_nothing() {
        let side = side(Ending::Finish, 1000, 1000);
        let whole = report(End::Complete, 1000, 1000);
        assert_eq!(side.contradiction(&whole), None);
        for wrong in [
            report(End::Complete, 999, 999),
            report(End::Complete, 1001, 1001),
            report(End::Complete, 1000, 999),
            report(End::Broken, 1000, 1000),
            report(End::Failed(9), 1000, 1000),
            Report { checksum: Checksum::default(), ..whole },
            Report { checksum: Bytes::of(301).checksum(1000), ..whole },
        ] {
            assert!(side.contradiction(&wrong).is_some(), "{wrong:?}");
        }
        let missing = Side { received: 999, ..side };
        assert!(missing.contradiction(&whole).is_some());
    }

    #[test]
    fn a_reset_connection_has_a_part_of_its_bytes() {
        let departure = Departure { sent: 1000, time: Duration::ZERO };
        let side = side(Ending::Reset(departure), 1000, 500);
        for right in [
            report(End::Broken, 1000, 1000),
            report(End::Broken, 1000, 400),
            report(End::Broken, 700, 600),
            report(End::Complete, 1000, 1000),
        ] {
            assert_eq!(side.contradiction(&right), None, "{right:?}");
        }
        for wrong in [
            report(End::Broken, 1001, 1000),
            report(End::Broken, 499, 499),
            report(End::Broken, 600, 601),
            report(End::Complete, 999, 999),
            report(End::Failed(9), 1000, 1000),
            Report { checksum: Bytes::of(NUMBER).checksum(699), ..report(End::Broken, 700, 600) },
        ] {
            assert!(side.contradiction(&wrong).is_some(), "{wrong:?}");
        }
    }
}
