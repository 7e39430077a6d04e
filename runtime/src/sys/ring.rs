//! An io_uring.

use core::time::Duration;
use std::io;

use io_uring::types::{SubmitArgs, Timespec};
use io_uring::{Builder, IoUring, Probe};

pub(crate) use io_uring::squeue::Entry;

/// A submission queue and a completion queue.
pub(crate) struct Ring {
    ring: IoUring,
    /// Entries that found the submission queue full, in order.
    backlog: Vec<Entry>,
    mode: &'static str,
    /// The codes of the operations that the kernel has, a bit for each.
    operations: u128,
}

/// A way to set a ring up, and its name.
type Mode = (&'static str, fn(&mut Builder));

/// The ways to set a ring up, best first; an older kernel refuses the first ones.
const MODES: [Mode; 4] = [
    ("single issuer, deferred task work", |builder| {
        builder.setup_single_issuer().setup_defer_taskrun().setup_taskrun_flag();
    }),
    ("single issuer, cooperative task work", |builder| {
        builder.setup_single_issuer().setup_coop_taskrun().setup_taskrun_flag();
    }),
    ("cooperative task work", |builder| {
        builder.setup_coop_taskrun().setup_taskrun_flag();
    }),
    ("plain", |_| ()),
];

impl Ring {
    /// A ring with room for `entries` submissions, used by the calling thread only.
    pub(crate) fn new(entries: u32) -> io::Result<Self> {
        let mut refusal = io::Error::from(io::ErrorKind::Unsupported);
        for (mode, configure) in MODES {
            let mut builder = IoUring::builder();
            builder.setup_clamp().setup_submit_all().dontfork();
            builder.setup_cqsize(entries.saturating_mul(4).max(64));
            configure(&mut builder);
            match builder.build(entries) {
                Ok(ring) => return Ring::check(ring, mode),
                Err(error) => refusal = error,
            }
        }
        Err(refusal)
    }

    fn check(ring: IoUring, mode: &'static str) -> io::Result<Self> {
        let parameters = ring.params();
        // 5.11 waits with a timeout; before 5.5 completions could be lost.
        if parameters.is_feature_ext_arg() && parameters.is_feature_nodrop() {
            let operations = operations_of(&ring);
            Ok(Ring { ring, backlog: Vec::new(), mode, operations })
        } else {
            Err(io::Error::new(io::ErrorKind::Unsupported, "this kernel's io_uring is too old"))
        }
    }

    /// How the ring was set up.
    pub(crate) const fn mode(&self) -> &'static str {
        self.mode
    }

    /// Whether the kernel has the operation with this code.
    pub(crate) const fn can_do(&self, code: u8) -> bool {
        code < 128 && self.operations >> code & 1 == 1
    }

    /// Forgets that the kernel has operations that are not needed for sockets.
    pub(crate) const fn restrict(&mut self) {
        self.operations = 0;
    }

    /// Queues an entry; it reaches the kernel with the next [`enter`](Self::enter) at the latest.
    ///
    /// # Safety
    ///
    /// * The memory that the entry names keeps `KernelOwnsBuffer`.
    #[inline]
    pub(crate) unsafe fn push(&mut self, entry: &Entry) {
        // SAFETY: by this function's contract.
        if !self.backlog.is_empty() || !unsafe { self.try_push(entry) } {
            // SAFETY: by this function's contract.
            unsafe { self.push_late(entry) };
        }
    }

    /// Queues an entry that finds the submission queue full.
    ///
    /// # Safety
    ///
    /// * The memory that the entry names keeps `KernelOwnsBuffer`.
    #[cold]
    unsafe fn push_late(&mut self, entry: &Entry) {
        self.flush_backlog();
        if self.ring.submission().is_full() {
            // An error leaves the queue full; the next turn reports it.
            let _ = self.ring.submit();
        }
        // SAFETY: by this function's contract.
        if !self.backlog.is_empty() || !unsafe { self.try_push(entry) } {
            self.backlog.push(entry.clone());
        }
    }

    /// # Safety
    ///
    /// * The memory that the entry names keeps `KernelOwnsBuffer`.
    #[inline]
    unsafe fn try_push(&mut self, entry: &Entry) -> bool {
        // SAFETY: by this function's contract.
        unsafe { self.ring.submission().push(entry) }.is_ok()
    }

    /// Submits until there is room for entries that waited.
    fn flush_backlog(&mut self) {
        while !self.backlog.is_empty() {
            // An error leaves the entries where they are; the next turn reports it.
            if self.ring.submission().is_full() && self.ring.submit().is_err() {
                return;
            }
            let entry = self.backlog[0].clone();
            // SAFETY: `KernelOwnsBuffer` was promised when the entry came.
            if !unsafe { self.try_push(&entry) } {
                return;
            }
            self.backlog.remove(0);
        }
    }

    /// Submits what is queued and waits for a completion: not at all with a timeout of zero, for
    /// ever with `None`.
    pub(crate) fn enter(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        self.flush_backlog();
        let is_idle = {
            let queue = self.ring.submission();
            queue.is_empty() && !queue.taskrun() && !queue.cq_overflow()
        };
        let has_completions = !self.ring.completion().is_empty();
        let timeout = if has_completions { Some(Duration::ZERO) } else { timeout };
        let result = match timeout {
            Some(Duration::ZERO) if is_idle => return Ok(()),
            Some(Duration::ZERO) => self.ring.submit(),
            Some(timeout) => {
                let timeout = Timespec::from(timeout);
                let arguments = SubmitArgs::new().timespec(&timeout);
                self.ring.submitter().submit_with_args(1, &arguments)
            }
            None => self.ring.submit_and_wait(1),
        };
        match result {
            Ok(_) => Ok(()),
            Err(error) if is_transient(&error) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Takes completions, as user data and result, until `take` gives something.
    #[inline]
    pub(crate) fn find_completion<R>(
        &mut self,
        mut take: impl FnMut(u64, i32) -> Option<R>,
    ) -> Option<R> {
        self.ring.completion().find_map(|entry| take(entry.user_data(), entry.result()))
    }
}

/// Asks the kernel what it has.
fn operations_of(ring: &IoUring) -> u128 {
    let mut probe = Probe::new();
    match ring.submitter().register_probe(&mut probe) {
        Ok(()) => {
            (0..128).filter(|&code| probe.is_supported(code)).fold(0, |all, code| all | 1 << code)
        }
        Err(_) => 0,
    }
}

/// The timeout passed, a signal came, or the kernel wants completions to be taken first.
fn is_transient(error: &io::Error) -> bool {
    use rustix::io::Errno;
    matches!(
        Errno::from_io_error(error),
        Some(Errno::TIME | Errno::INTR | Errno::BUSY | Errno::AGAIN)
    )
}

impl core::fmt::Debug for Ring {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Ring").field("mode", &self.mode).finish_non_exhaustive()
    }
}
