//! Who waits for which descriptor to be ready.

use std::os::fd::RawFd;

use super::Interest;
use super::completion::{Completions, Index, NONE};

/// For each descriptor a list of waiting records, linked through the records.
#[derive(Debug)]
pub(crate) struct Interests {
    /// The first record that waits for a descriptor, plus one; zero for none.
    heads: Vec<u32>,
}

/// The number of descriptors for which there is room from the start.
const HEADS: usize = 1 << 16;

impl Interests {
    /// Nobody waits.
    pub(crate) fn new() -> Self {
        // Zeroed pages cost nothing until they are touched.
        Interests { heads: vec![0; HEADS] }
    }

    /// Adds a record to those that wait for its descriptor.
    pub(crate) fn link(&mut self, completions: &mut Completions, index: Index) {
        let record = completions.get(index);
        let position = record.fd as usize;
        if position >= self.heads.len() {
            self.heads.resize((position + 1).next_power_of_two(), 0);
        }
        record.next = self.heads[position].wrapping_sub(1);
        self.heads[position] = index.wrapping_add(1);
    }

    /// The first record that waits for `fd`.
    pub(crate) fn first(&self, fd: RawFd) -> Index {
        self.heads.get(fd as usize).copied().unwrap_or(0).wrapping_sub(1)
    }

    /// Removes a record from those that wait for its descriptor.
    pub(crate) fn unlink(&mut self, completions: &mut Completions, index: Index) {
        let (fd, next) = {
            let record = completions.get(index);
            (record.fd, record.next)
        };
        let mut position = self.first(fd);
        if position == index {
            self.heads[fd as usize] = next.wrapping_add(1);
            return;
        }
        while position != NONE {
            let record = completions.get(position);
            if record.next == index {
                record.next = next;
                return;
            }
            position = record.next;
        }
    }

    /// Finds a record that waits for `fd` and whose interest `select` accepts.
    pub(crate) fn find(
        &self,
        completions: &mut Completions,
        fd: RawFd,
        select: impl Fn(Interest) -> bool,
    ) -> Option<Index> {
        let mut index = self.first(fd);
        while index != NONE {
            let record = completions.get(index);
            if select(record.interest) {
                return Some(index);
            }
            index = record.next;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::Interests;
    use crate::driver::Interest;
    use crate::driver::completion::{Completions, Index, NONE, Stage};
    use crate::task::Wake;

    fn wait(interests: &mut Interests, completions: &mut Completions, fd: i32) -> Index {
        let index = completions.insert(Stage::Waiting, Wake::Nobody);
        completions.get(index).fd = fd;
        interests.link(completions, index);
        index
    }

    #[test]
    fn records_of_one_descriptor_leave_in_any_order() {
        let (mut interests, mut completions) = (Interests::new(), Completions::with_capacity(4));
        let first = wait(&mut interests, &mut completions, 7);
        let second = wait(&mut interests, &mut completions, 7);
        let third = wait(&mut interests, &mut completions, 7);
        interests.unlink(&mut completions, second);
        interests.unlink(&mut completions, third);
        assert_eq!(interests.first(7), first);
        interests.unlink(&mut completions, first);
        assert_eq!(interests.first(7), NONE);
    }

    #[test]
    fn a_large_descriptor_makes_room() {
        let (mut interests, mut completions) = (Interests::new(), Completions::with_capacity(4));
        assert_eq!(interests.first(1 << 20), NONE);
        let index = wait(&mut interests, &mut completions, 1 << 20);
        assert_eq!(interests.find(&mut completions, 1 << 20, |i| i == Interest::Read), Some(index));
        assert_eq!(interests.find(&mut completions, 1 << 20, |i| i == Interest::Write), None);
    }
}
