//! An address of its own for each connection, so that the server knows which it is before anything
//! has arrived.
//!
//! All of 127.0.0.0/8 is this machine.

use std::net::Ipv4Addr;

/// The first that is given to a connection: 127.0.1.0.
const FIRST: u32 = 0x100;
/// The last one: 127.254.255.255.
const LAST: u32 = 0xfe_ff_ff;

/// The number of the connection that is made after so many others. After sixteen million the numbers
/// begin again.
pub(super) const fn number(count: u64) -> u32 {
    FIRST + (count % (LAST - FIRST + 1) as u64) as u32
}

/// Where a connection comes from.
pub(super) fn of(number: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(127 << 24 | number)
}

/// Which connection comes from there, if any.
pub(super) fn number_of(address: Ipv4Addr) -> Option<u32> {
    let number = address.to_bits() & 0xff_ff_ff;
    (FIRST..=LAST).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::{number, number_of, of};

    #[test]
    fn each_connection_has_an_address() {
        for count in [0, 1, 255, 65_536, 10_000_000, 16_776_959, 16_776_960, 100_000_000] {
            assert_eq!(number_of(of(number(count))), Some(number(count)));
        }
        assert_eq!(of(number(0)), Ipv4Addr::new(127, 0, 1, 0));
        assert_eq!(number_of(Ipv4Addr::LOCALHOST), None);
        let last = (0xff_00_00 - 0x100) - 1;
        assert_eq!(of(number(last)), Ipv4Addr::new(127, 254, 255, 255));
        assert_eq!(number(last + 1), number(0));
    }
}
