//! The handle of a runtime.

use core::fmt;
use core::future::Future;
use core::time::Duration;
use std::io;

use crate::blocking::{self, Blocking};
use crate::frame::PoolFull;
use crate::pool::Frames;
use crate::scheduler::{self, RuntimeId, Shared};
use crate::task::{self, JoinHandle, Slot, YieldNow};
use crate::time::Sleep;

/// The handle of a runtime, passed to whatever does I/O, like an allocator.
///
/// It is small, is copied freely and can be sent to other threads. It does not keep the runtime
/// alive: after that has ended, operations give errors, and what cannot give an error panics.
#[derive(Clone, Copy)]
pub struct Io {
    shared: &'static Shared,
    id: RuntimeId,
}

impl Io {
    pub(crate) const fn new(shared: &'static Shared, id: RuntimeId) -> Self {
        Io { shared, id }
    }

    pub(crate) const fn shared(self) -> &'static Shared {
        self.shared
    }

    pub(crate) const fn id(self) -> RuntimeId {
        self.id
    }

    /// An error if the runtime has ended.
    pub(crate) fn check(self) -> io::Result<()> {
        if self.shared.is_open(self.id) { Ok(()) } else { Err(scheduler::ended()) }
    }

    /// Starts a task and gives its handle. Drop the handle to let the task go on by itself.
    ///
    /// The task's memory comes from pools that grow when they are full; see
    /// [`pool_growths`](Self::pool_growths). Use [`frames`](Self::frames) for tasks whose memory
    /// is taken up front. It can be called on any thread.
    ///
    /// # Panics
    ///
    /// If the runtime has ended, or if there is no memory.
    #[inline(always)] // so that the arguments are written into the slot, and not the frame
    pub fn spawn<F>(self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let slot = self.take_slot::<F>();
        // SAFETY:
        // - the slot was just taken, for this type.
        // - the future is `'static` and `Send`.
        let handle = unsafe { task::place(slot, future) };
        scheduler::start(slot);
        handle
    }

    /// Like [`spawn`](Self::spawn), without a panic.
    ///
    /// # Errors
    ///
    /// Gives the future back if there is no memory for it, or no room in a runtime of
    /// [`fixed memory`](crate::Builder::fixed_memory), or if the runtime has ended.
    #[inline(always)] // so that the arguments are written into the slot, and not the frame
    pub fn try_spawn<F>(self, future: F) -> Result<JoinHandle<F::Output>, PoolFull<F>>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let (size, align) = (task::payload_size::<F>(), task::payload_align::<F>());
        let Ok(slot) = self.shared.take_slot(self.id, size, align) else {
            return Err(PoolFull(future));
        };
        // SAFETY:
        // - the slot was just taken, for this type.
        // - the future is `'static` and `Send`.
        let handle = unsafe { task::place(slot, future) };
        scheduler::start(slot);
        Ok(handle)
    }

    /// Like [`spawn`](Self::spawn) for a future that cannot move to another thread.
    ///
    /// # Panics
    ///
    /// If this thread is not the one that runs the runtime, and as `spawn` does.
    #[inline(always)] // so that the arguments are written into the slot, and not the frame
    pub fn spawn_local<F>(self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + 'static,
    {
        let is_here = scheduler::with(|core| core.is_some_and(|core| core.id() == self.id));
        assert!(is_here, "a local task can only be spawned on the thread of its runtime");
        let slot = self.take_slot::<F>();
        // SAFETY:
        // - the slot was just taken, for this type.
        // - the future is `'static`.
        // - this is the thread of the runtime.
        let handle = unsafe { task::place(slot, future) };
        scheduler::start(slot);
        handle
    }

    fn take_slot<F: Future>(self) -> Slot {
        let (size, align) = (task::payload_size::<F>(), task::payload_align::<F>());
        match self.shared.take_slot(self.id, size, align) {
            Ok(slot) => slot,
            Err(error) => panic!("cannot spawn a task: {error}"),
        }
    }

    /// Makes a pool of `count` frames of up to `SIZE` bytes each. All its memory is taken now.
    ///
    /// Use [`frame_size!`](crate::frame_size) for the size:
    /// `io.frames::<{ frame_size!(echo) }>(10_000)`.
    ///
    /// # Errors
    ///
    /// If `count` is 0 (`InvalidInput`), if there is not enough memory (`OutOfMemory`), or if the
    /// runtime has ended.
    pub fn frames<const SIZE: usize>(self, count: usize) -> io::Result<Frames<SIZE>> {
        self.check()?;
        let frames = Frames::new(self.shared, self.id, count)?;
        scheduler::with(|core| match core {
            Some(core) if core.id() == self.id => core.reserve(count),
            _ => (),
        });
        Ok(frames)
    }

    /// Waits until `time` has passed, with a resolution of less than 0.1 ms.
    pub fn sleep(self, time: Duration) -> Sleep {
        Sleep::new(self, time)
    }

    /// Runs a closure that blocks on a thread of its own, and gives what it returns.
    ///
    /// Threads are started when they are needed, up to
    /// [`blocking_threads`](crate::Builder::blocking_threads), and end when there is nothing to do
    /// for a while. The closure begins whether this is awaited or not, and goes on by itself when
    /// this is dropped. It can be called on any thread.
    ///
    /// When the runtime is dropped, what has not begun never does; what has begun goes on, and is
    /// not waited for.
    ///
    /// ```
    /// # fn main() -> std::io::Result<()> {
    /// let mut runtime = coframe::Runtime::new()?;
    /// let sum = runtime.run(|io| async move { io.blocking(|| (1..=1000).sum::<u32>()).await });
    /// assert_eq!(sum.unwrap(), 500_500);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If the runtime has ended.
    pub fn blocking<F, T>(self, work: F) -> Blocking<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        match self.try_blocking(work) {
            Ok(blocking) => blocking,
            Err(error) => panic!("cannot start what blocks: {error}"),
        }
    }

    /// Like [`blocking`](Self::blocking), with an error if the runtime has ended.
    pub(crate) fn try_blocking<F, T>(self, work: F) -> io::Result<Blocking<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        Ok(blocking::start(&self.shared.threads(self.id)?, work))
    }

    /// The number of threads for what blocks.
    pub fn blocking_thread_count(self) -> usize {
        self.shared.threads(self.id).map_or(0, |threads| threads.count())
    }

    /// Lets the tasks that are ready run before this one goes on.
    ///
    /// Between two rounds of the run queue the runtime also asks the kernel for completions, so a
    /// long calculation that yields now and then holds nobody up.
    pub const fn yield_now(self) -> YieldNow {
        YieldNow::new()
    }

    /// How often tasks without a pool of their own made the runtime take memory.
    pub fn pool_growths(self) -> usize {
        if self.check().is_ok() { self.shared.growths() } else { 0 }
    }
}

impl fmt::Debug for Io {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Io").field("runtime", &self.id.get()).finish()
    }
}
