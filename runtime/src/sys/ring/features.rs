//! What a ring may have, and what it is to do without.

use std::str::FromStr;

use rustix::io_uring::IoringSetupFlags;

use super::Code;

/// What a ring does without, as if the kernel had no such thing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Without {
    pub(super) flags: IoringSetupFlags,
    /// The codes of operations, a bit for each.
    pub(super) operations: u128,
}

/// The names of the flags that a kernel may not know.
const FLAGS: [(&str, IoringSetupFlags); 3] = [
    ("defer_taskrun", IoringSetupFlags::DEFER_TASKRUN),
    ("single_issuer", IoringSetupFlags::SINGLE_ISSUER),
    ("coop_taskrun", IoringSetupFlags::COOP_TASKRUN),
];

/// The names of the operations that a kernel may not have. What is not here every ring can do.
const OPERATIONS: [(&str, Code); 13] = [
    ("fsync", Code::Sync),
    ("ftruncate", Code::Truncate),
    ("linkat", Code::LinkAt),
    ("mkdirat", Code::MakeFolderAt),
    ("openat", Code::OpenAt),
    ("read", Code::Read),
    ("readv", Code::ReadVectored),
    ("renameat", Code::RenameAt),
    ("send_zc", Code::SendZeroCopy),
    ("symlinkat", Code::SymlinkAt),
    ("unlinkat", Code::UnlinkAt),
    ("write", Code::Write),
    ("writev", Code::WriteVectored),
];

impl Without {
    /// It uses all that there is.
    pub(crate) const NOTHING: Without = Without { flags: IoringSetupFlags::empty(), operations: 0 };
}

impl FromStr for Without {
    type Err = String;

    /// Names, with commas between them.
    fn from_str(names: &str) -> Result<Self, String> {
        let mut without = Without::NOTHING;
        for name in names.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            if let Some((_, flag)) = FLAGS.iter().find(|(known, _)| *known == name) {
                without.flags |= *flag;
            } else if let Some((_, code)) = OPERATIONS.iter().find(|(known, _)| *known == name) {
                without.operations |= 1 << *code as u8;
            } else {
                return Err(format!("`{name}` is nothing that a ring can do without"));
            }
        }
        Ok(without)
    }
}

#[cfg(test)]
mod tests {
    use super::{FLAGS, Without};

    #[test]
    fn names_are_read() {
        let all = FLAGS.map(|(name, _)| name).join(",") + ", send_zc";
        let without: Without = all.parse().expect("known names");
        assert_eq!(
            without.flags,
            FLAGS.iter().fold(super::IoringSetupFlags::empty(), |a, b| a | b.1)
        );
        assert_eq!(without.operations.count_ones(), 1);
        assert!("".parse::<Without>().is_ok_and(|without| without.operations == 0));
        assert!("send_zc,warp".parse::<Without>().is_err_and(|error| error.contains("`warp`")));
    }
}
