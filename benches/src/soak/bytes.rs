//! The bytes of a connection, which both sides can tell apart from any others.
//!
//! They follow from the number of the connection and their place, so nobody has to keep them.

use super::dice;

/// The bytes of a word.
const WORD: usize = 8;

/// The bytes that a client sends on one connection, in order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes {
    key: u64,
}

impl Bytes {
    pub(super) fn of(connection: u32) -> Self {
        Bytes { key: dice::mix(connection.into()) }
    }

    /// Writes the bytes from a place on.
    pub(super) fn fill(self, place: u64, out: &mut [u8]) {
        let mut word = place / WORD as u64;
        let skip = (place % WORD as u64) as usize;
        let (first, rest) = out.split_at_mut(out.len().min((WORD - skip) % WORD));
        if !first.is_empty() {
            first.copy_from_slice(&self.word(word)[skip..][..first.len()]);
            word += 1;
        }
        for part in rest.chunks_mut(WORD) {
            part.copy_from_slice(&self.word(word)[..part.len()]);
            word += 1;
        }
    }

    /// The checksum of the first `count` bytes.
    pub(super) fn checksum(self, count: u64) -> Checksum {
        let mut sum = Checksum::default();
        let mut buffer = [0; 4096];
        let mut place = 0;
        while place < count {
            let len = (count - place).min(buffer.len() as u64);
            let part = &mut buffer[..len as usize];
            self.fill(place, part);
            sum.add(part);
            place += len;
        }
        sum
    }

    fn word(self, number: u64) -> [u8; WORD] {
        dice::mix(self.key ^ number).to_le_bytes()
    }
}

/// A checksum that notices bytes which are missing, doubled, changed or in another order: the sum of
/// the bytes, and the sum of those sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Checksum {
    bytes: u64,
    sums: u64,
}

impl Checksum {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.bytes = self.bytes.wrapping_add(u64::from(*byte) + 1);
            self.sums = self.sums.wrapping_add(self.bytes);
        }
    }

    pub(super) const fn words(self) -> [u64; 2] {
        [self.bytes, self.sums]
    }

    pub(super) const fn from_words([bytes, sums]: [u64; 2]) -> Self {
        Checksum { bytes, sums }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bytes, Checksum};

    #[test]
    fn any_piece_is_the_same_as_in_the_whole() {
        let bytes = Bytes::of(7);
        let mut whole = [0; 100];
        bytes.fill(0, &mut whole);
        for start in 0..whole.len() {
            for end in start..=whole.len() {
                let mut piece = vec![0; end - start];
                bytes.fill(start as u64, &mut piece);
                assert_eq!(piece, whole[start..end], "{start}..{end}");
            }
        }
        let mut other = [0; 100];
        Bytes::of(8).fill(0, &mut other);
        assert_ne!(whole, other);
    }

    #[test]
    fn a_checksum_notices_what_is_wrong() {
        let bytes = Bytes::of(7);
        let mut whole = [0; 5000];
        bytes.fill(0, &mut whole);
        let sum = |bytes: &[u8]| {
            let mut sum = Checksum::default();
            bytes.chunks(77).for_each(|chunk| sum.add(chunk));
            sum
        };
        assert_eq!(sum(&whole), bytes.checksum(5000));
        assert_ne!(sum(&whole[..4999]), bytes.checksum(5000));
        assert_ne!(sum(&[&whole[..], &[0]].concat()), bytes.checksum(5000));
        let mut swapped = whole;
        let other = (1..whole.len()).find(|place| whole[*place] != whole[0]).expect("they vary");
        swapped.swap(0, other);
        assert_ne!(sum(&swapped), bytes.checksum(5000));
    }
}
