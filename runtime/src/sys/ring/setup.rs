//! How a ring is set up, and what its kernel has.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::io_uring::{
    IoringFeatureFlags, IoringRegisterOp, IoringSetupFlags, io_uring_params, io_uring_register,
    io_uring_setup,
};

/// A way to set a ring up, and its name.
type Mode = (&'static str, IoringSetupFlags);

/// The ways to set a ring up, best first; an older kernel refuses the first ones.
const MODES: [Mode; 4] = [
    (
        "single issuer, deferred task work",
        IoringSetupFlags::SINGLE_ISSUER
            .union(IoringSetupFlags::DEFER_TASKRUN)
            .union(IoringSetupFlags::TASKRUN_FLAG)
            .union(IoringSetupFlags::SUBMIT_ALL),
    ),
    (
        "single issuer, cooperative task work",
        IoringSetupFlags::SINGLE_ISSUER
            .union(IoringSetupFlags::COOP_TASKRUN)
            .union(IoringSetupFlags::TASKRUN_FLAG)
            .union(IoringSetupFlags::SUBMIT_ALL),
    ),
    (
        "cooperative task work",
        IoringSetupFlags::COOP_TASKRUN
            .union(IoringSetupFlags::TASKRUN_FLAG)
            .union(IoringSetupFlags::SUBMIT_ALL),
    ),
    ("plain", IoringSetupFlags::empty()),
];

/// Makes a ring with room for `entries` submissions, in the best way that works and that has none of
/// the flags `without`.
pub(super) fn set_up(
    entries: u32,
    without: IoringSetupFlags,
) -> io::Result<(OwnedFd, io_uring_params, &'static str)> {
    let mut refusal = io::Error::from(io::ErrorKind::Unsupported);
    for (mode, flags) in MODES.into_iter().filter(|(_, flags)| !flags.intersects(without)) {
        let mut parameters = io_uring_params::default();
        parameters.flags = IoringSetupFlags::CLAMP | IoringSetupFlags::CQSIZE | flags;
        parameters.cq_entries = entries.saturating_mul(4).max(64);
        // SAFETY: the kernel allocates all memory, and is given no other ring.
        match unsafe { io_uring_setup(entries, &mut parameters) } {
            Ok(ring) => {
                check(parameters.features)?;
                return Ok((ring, parameters, mode));
            }
            Err(error) => refusal = error.into(),
        }
    }
    Err(refusal)
}

/// 5.11 waits with a timeout; before 5.5 completions could be lost; since 5.4 there is one mapping
/// for both queues.
fn check(features: IoringFeatureFlags) -> io::Result<()> {
    let needed =
        IoringFeatureFlags::EXT_ARG | IoringFeatureFlags::NODROP | IoringFeatureFlags::SINGLE_MMAP;
    if features.contains(needed) {
        return Ok(());
    }
    Err(io::Error::new(io::ErrorKind::Unsupported, "this kernel's io_uring is too old"))
}

/// What a kernel tells of its operations.
#[repr(C)]
struct Probe {
    last: u8,
    count: u8,
    _reserved: [u16; 7],
    /// The code, the flags and nothing.
    operations: [[u16; 4]; PROBED],
}

const PROBED: usize = 128;
const SUPPORTED: u16 = 1;

/// The codes of the operations that the kernel has, a bit for each.
pub(super) fn operations_of(ring: impl AsFd) -> u128 {
    let mut probe = Probe { last: 0, count: 0, _reserved: [0; 7], operations: [[0; 4]; PROBED] };
    let (operation, start) = (IoringRegisterOp::RegisterProbe, (&raw mut probe).cast());
    // SAFETY: the kernel writes at most so many operations into the probe, which is zeroed.
    let asked = unsafe { io_uring_register(ring, operation, start, PROBED as u32) };
    let count = if asked.is_ok() { usize::from(probe.count).min(PROBED) } else { 0 };
    let has = |&code: &usize| probe.operations[code][1] & SUPPORTED != 0;
    (0..count).filter(has).fold(0, |all, code| all | 1 << code)
}
