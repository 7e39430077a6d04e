//! What the server says of a connection that has ended.
//!
//! It says so in a datagram of a Unix socket with an abstract name: those are whole, in order, and
//! not lost, and a server that is faster than its reader waits.

use std::io;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use super::bytes::Checksum;

/// The bytes of a report.
pub(super) const SIZE: usize = 40;

/// What the server has had of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Report {
    /// Whose it is.
    pub(super) connection: u32,
    /// How it ended.
    pub(super) end: End,
    /// How many bytes arrived.
    pub(super) received: u64,
    /// The checksum of those.
    pub(super) checksum: Checksum,
    /// How many of them were sent back for certain.
    pub(super) returned: u64,
}

/// How a connection ended for the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The client sends no more.
    Complete,
    /// The client has gone.
    Broken,
    /// In a way that no client causes: the number of the error.
    Failed(u32),
}

impl End {
    fn number(self) -> u32 {
        match self {
            End::Complete => 0,
            End::Broken => 1,
            End::Failed(error) => error.max(2),
        }
    }

    const fn from_number(number: u32) -> Self {
        match number {
            0 => End::Complete,
            1 => End::Broken,
            error => End::Failed(error),
        }
    }

    /// The end that the result of serving means.
    pub(super) fn of(result: &io::Result<()>) -> Self {
        use io::ErrorKind::{BrokenPipe, ConnectionReset};
        match result {
            Ok(()) => End::Complete,
            Err(error) if matches!(error.kind(), BrokenPipe | ConnectionReset) => End::Broken,
            Err(error) => End::Failed(error.raw_os_error().unwrap_or(i32::MAX) as u32),
        }
    }
}

impl Report {
    pub(super) fn to_bytes(self) -> [u8; SIZE] {
        let [sum, sums] = self.checksum.words();
        let first = u64::from(self.connection) << 32 | u64::from(self.end.number());
        let mut bytes = [0; SIZE];
        let words = [first, self.received, sum, sums, self.returned];
        for (place, word) in bytes.chunks_exact_mut(8).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    pub(super) fn from_bytes(bytes: &[u8; SIZE]) -> Self {
        let word = |number: usize| {
            let word = bytes[8 * number..][..8].try_into().expect("eight bytes");
            u64::from_le_bytes(word)
        };
        Report {
            connection: (word(0) >> 32) as u32,
            end: End::from_number(word(0) as u32),
            received: word(1),
            checksum: Checksum::from_words([word(2), word(3)]),
            returned: word(4),
        }
    }
}

/// Where reports arrive, under a name that no other process has.
pub(super) fn inbox(name: &str) -> io::Result<UnixDatagram> {
    let inbox = UnixDatagram::bind_addr(&address(name)?)?;
    inbox.set_nonblocking(true)?;
    Ok(inbox)
}

/// Where reports are sent from.
pub(super) fn outbox(name: &str) -> io::Result<UnixDatagram> {
    let outbox = UnixDatagram::unbound()?;
    outbox.connect_addr(&address(name)?)?;
    Ok(outbox)
}

fn address(name: &str) -> io::Result<SocketAddr> {
    SocketAddr::from_abstract_name(name)
}

#[cfg(test)]
mod tests {
    use super::{End, Report};
    use crate::soak::bytes::Bytes;

    #[test]
    fn a_report_is_read_as_it_was_written() {
        for end in [End::Complete, End::Broken, End::Failed(104)] {
            let checksum = Bytes::of(5).checksum(9);
            let (connection, received, returned) = (0xfe_dc_ba, 9, u64::MAX);
            let report = Report { connection, end, received, checksum, returned };
            assert_eq!(Report::from_bytes(&report.to_bytes()), report);
        }
    }
}
