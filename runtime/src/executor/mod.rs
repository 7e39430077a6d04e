//! An executor without a heap: tasks in static pools, a run queue through their headers.
//!
//! ```
//! use coframe::{Executor, FramePool, PoolFull, frame_size};
//! use core::sync::atomic::{AtomicU32, Ordering};
//!
//! static COUNT: AtomicU32 = AtomicU32::new(0);
//!
//! #[coframe::coroutine]
//! async fn count(by: u32) {
//!     core::future::ready(()).await;
//!     COUNT.fetch_add(by, Ordering::Relaxed);
//! }
//!
//! static FRAMES: FramePool<{ frame_size!(count) }, 2> = FramePool::new(); // .bss, no heap
//! static EXECUTOR: Executor = Executor::new();
//!
//! FRAMES.spawn(&EXECUTOR, count(1)).unwrap();
//! FRAMES.spawn(&EXECUTOR, count(2)).unwrap();
//! let Err(PoolFull(_third)) = FRAMES.spawn(&EXECUTOR, count(3)) else { panic!() };
//! while EXECUTOR.poll() {}
//! assert_eq!(COUNT.load(Ordering::Relaxed), 3);
//! ```
//!
//! A task is a header of two words and a frame, side by side in a slot of a
//! [`FramePool`](crate::FramePool). Nothing of it is allocated, counted or given back.
//!
//! * Tasks are resumed in the order in which they were woken.
//! * Waking, and spawning what is `Send`, is possible from every thread and every interrupt. It does
//!   not wait: it disables no interrupt and takes no lock.
//! * Several pools, of frames of different sizes, may use one executor, and a pool several executors.
//! * One context resumes the tasks of an executor. Priorities are several executors, each resumed in
//!   an interrupt of its own: see [`Executor::with_notify`].
//!
//! On cores without compare-and-swap (as thumbv6m) the features `portable-atomic` and
//! `critical-section` are needed.
//!
//! # Invariants
//!
//! * `OneExecutor`: the frame of a task, and what resumes it, are touched by whoever has taken its
//!   slot until it is in a queue, and then only by the context that has the turn of the executor
//!   that took it from there. Established by [`Executor::poll`] and [`Local`], which keep all others
//!   out while tasks run.
//! * `OneList`, `WakeSeen`: see `link`.

mod header;
mod link;
mod local;
mod output;
mod queue;
#[cfg(feature = "critical-section")]
mod timers;
mod turns;
mod waker;

use core::fmt;

pub(crate) use header::{Header, Task};
pub use local::Local;
pub use output::TaskOutput;
#[cfg(feature = "critical-section")]
pub use timers::{Clock, Sleep, Timers};
pub use turns::{Turns, every_turn};

use queue::{Batch, RunQueue, Turn};

/// Resumes the tasks of static pools. Made for a `static`: two words, all zeros without
/// [`with_notify`](Self::with_notify), so that it lies in `.bss`.
pub struct Executor {
    queue: RunQueue,
    notify: Option<fn()>,
}

#[cfg(not(loom))]
const _: () = assert!(size_of::<Executor>() == 2 * size_of::<usize>());

impl Executor {
    /// An executor without tasks.
    pub const fn new() -> Self {
        Executor { queue: RunQueue::new(), notify: None }
    }

    /// An executor that calls `notify` when there is something to do after there was nothing.
    ///
    /// The function is called by whoever wakes or spawns, so it may run in any interrupt and on any
    /// thread, and it may be called for nothing. It must not resume the executor's tasks: it makes
    /// sure that somebody does. That can be setting an event flag (`sev`), unparking a thread, or
    /// pending the interrupt that calls [`poll`](Self::poll), by which its tasks get the priority of
    /// that interrupt:
    ///
    /// ```
    /// # struct NVIC; impl NVIC { fn pend(_: u16) {} } const SWI0: u16 = 0;
    /// use coframe::Executor;
    ///
    /// static URGENT: Executor = Executor::with_notify(|| NVIC::pend(SWI0));
    ///
    /// // #[interrupt]
    /// fn swi0() {
    ///     URGENT.poll(); // tasks of `URGENT` interrupt those of an executor in the main function
    /// }
    /// ```
    pub const fn with_notify(notify: fn()) -> Self {
        Executor { queue: RunQueue::new(), notify: Some(notify) }
    }

    /// Resumes once each task that is ready, and tells whether there was any.
    ///
    /// This is for super-loops and interrupts. Tasks that are woken meanwhile are resumed by the next
    /// call. If the tasks are being resumed already, by a caller that this one interrupts or that
    /// runs on another core, or if somebody has a [`Local`], it does nothing and gives false.
    ///
    /// # Panics
    ///
    /// When a task does. That task has ended then, and the others go on with the next call.
    pub fn poll(&'static self) -> bool {
        if !self.queue.begin() {
            return false;
        }
        let _taken = Taken { executor: self, after: Turn::Free };
        self.resume_ready()
    }

    /// As `poll`, for the one who has the [`Local`].
    fn poll_local(&'static self) -> bool {
        if !self.queue.is_owned() {
            return false;
        }
        let _taken = Taken { executor: self, after: Turn::Owned };
        self.resume_ready()
    }

    /// Resumes tasks for ever, and calls `idle` when there is nothing to do.
    ///
    /// `idle` is where the core sleeps. A wake that comes after the executor has seen an empty queue
    /// must end the sleep at once: `wfe` of Cortex-M does that, as the return from an interrupt sets
    /// its event flag (and [`with_notify`](Self::with_notify) can set it for wakes from another
    /// core). `wfi` does only if interrupts are masked while [`is_idle`](Self::is_idle) is asked
    /// again:
    ///
    /// ```no_run
    /// # mod cortex_m { pub mod interrupt { pub fn free(_: impl FnOnce(&())) {} }
    /// #     pub mod asm { pub fn wfi() {} pub fn wfe() {} } }
    /// # static EXECUTOR: coframe::Executor = coframe::Executor::new();
    /// EXECUTOR.run(|| {
    ///     cortex_m::interrupt::free(|_| {
    ///         if EXECUTOR.is_idle() {
    ///             cortex_m::asm::wfi(); // a pending interrupt ends this, and runs afterwards
    ///         }
    ///     })
    /// })
    /// ```
    ///
    /// # Panics
    ///
    /// When a task does, and if the executor is in use.
    pub fn run(&'static self, idle: impl FnMut()) -> ! {
        if !self.queue.begin() {
            in_use();
        }
        self.resume_for_ever(Turn::Free, idle)
    }

    /// Takes the executor for good: from now on only this context resumes its tasks, so it may spawn
    /// tasks that are not `Send`. `None` if it has been taken, or is in use.
    pub fn claim(&'static self) -> Option<Local> {
        self.queue.own().then(|| Local::new(self))
    }

    /// Whether no task is ready.
    pub fn is_idle(&self) -> bool {
        self.queue.is_empty()
    }

    fn address(&'static self) -> usize {
        (&raw const *self).expose_provenance()
    }

    /// Puts a task into the queue.
    ///
    /// # Safety
    ///
    /// * `take` or `wake` has told the caller to append this task, and it has not done so yet.
    unsafe fn push(&self, task: Task) {
        // SAFETY:
        // - by this function's contract.
        let was_empty = unsafe { self.queue.push(task) };
        if was_empty && let Some(notify) = self.notify {
            notify();
        }
    }

    /// Resumes once each task that is ready. The caller has the turn, or the [`Local`] whose it is, and
    /// a `Taken` to end it.
    #[inline]
    fn resume_ready(&'static self) -> bool {
        let mut rest = Rest { executor: self, batch: self.queue.take() };
        let was_ready = !rest.batch.is_empty();
        while let Some(task) = rest.batch.leave(self.address()) {
            // SAFETY:
            // - it has left the batch of this executor, whose turn this caller has.
            unsafe { task.resume(self.address()) };
        }
        core::mem::forget(rest);
        was_ready
    }

    /// As `run`, for the one who has the [`Local`].
    fn run_local(&'static self, idle: impl FnMut()) -> ! {
        if !self.queue.is_owned() {
            in_use();
        }
        self.resume_for_ever(Turn::Owned, idle)
    }

    /// The caller has the turn, which is `after` if this ends with a panic.
    #[inline(always)]
    fn resume_for_ever(&'static self, after: Turn, mut idle: impl FnMut()) -> ! {
        let _taken = Taken { executor: self, after };
        loop {
            if !self.resume_ready() {
                idle();
            }
        }
    }
}

#[inline(always)]
fn in_use() -> ! {
    panic!("the executor is in use")
}

/// The right to resume the tasks of an executor, given back when it is dropped.
struct Taken {
    executor: &'static Executor,
    after: Turn,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.executor.queue.end(self.after);
    }
}

/// Those who are not resumed yet: after a panic, they go back into the queue.
struct Rest {
    executor: &'static Executor,
    batch: Batch,
}

impl Drop for Rest {
    fn drop(&mut self) {
        while let Some(task) = self.batch.leave(self.executor.address()) {
            task.wake();
        }
    }
}

impl Task {
    /// Asks for the task to be resumed.
    fn wake(self) {
        let Some(executor) = self.header().link.wake() else { return };
        // SAFETY:
        // - a task waits on an executor, which is static.
        let executor = unsafe { &*core::ptr::with_exposed_provenance::<Executor>(executor) };
        // SAFETY:
        // - `wake` has told this caller to append it.
        unsafe { executor.push(self) };
    }
}

impl Default for Executor {
    fn default() -> Self {
        Executor::new()
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executor").field("is_idle", &self.is_idle()).finish_non_exhaustive()
    }
}

#[cfg(all(test, loom))]
#[path = "tests/loom.rs"]
mod loom_tests;
