//! A piece of work that owns all its memory.
//!
//! # Invariants
//!
//! * `WorkByStage`: the work is touched by whoever made the unit until it is handed over, then by
//!   the thread or the kernel that got it until it is done, and then by the one future that waits
//!   for it, which may renew the unit and hand it over again. Established by `Unit::finish`, which is
//!   called once for each time, and by `Unit::poll`, which gives the result once. Who is done with
//!   the work may still have a count of the unit, and touches it no more.

use core::cell::UnsafeCell;
use core::fmt;
use core::task::{Context, Poll, Waker};
use std::io;
use std::sync::Arc;

use super::threads::Job;
use crate::primitive::Lock;

/// Something to be done that blocks.
pub(crate) trait Work: Send + 'static {
    /// Does it on this thread.
    fn run(&mut self) -> io::Result<usize>;

    /// The submission entry that does it in the kernel. It names no memory but that of the work,
    /// which does not move any more.
    #[cfg(target_os = "linux")]
    fn entry(&mut self) -> Option<crate::sys::ring::Entry> {
        None
    }

    /// Takes note of a descriptor that is the result, so that it is closed if nobody wants it.
    fn own(&mut self, _result: usize) {}

    /// The kernel has done the work: lets go of what is needed no more, as the one who waits may be
    /// leaked.
    fn let_go(&mut self) {}
}

/// A piece of work, how far it is, and who waits for it.
pub(crate) struct Unit<W> {
    /// Touched by one at a time: `WorkByStage`.
    work: UnsafeCell<W>,
    stage: Lock<Stage>,
}

#[derive(Debug)]
enum Stage {
    Working(Option<Waker>),
    Done(io::Result<usize>),
    Taken,
}

/// A unit whose work the kernel does.
pub(crate) trait Completable: Send + Sync + fmt::Debug {
    /// The kernel has done the work. Gives the one to wake.
    fn complete(&self, result: i32) -> Option<Waker>;
}

// SAFETY: the work goes from one thread to another, which `Send` allows, and is touched by one at a
// time: `WorkByStage`.
unsafe impl<W: Send> Sync for Unit<W> {}

impl<W: Work> Unit<W> {
    pub(crate) fn new(work: W) -> Arc<Self> {
        Arc::new(Unit { work: UnsafeCell::new(work), stage: Lock::new(Stage::Working(None)) })
    }

    /// The submission entry of the work, if there is one.
    ///
    /// # Safety
    ///
    /// * The unit was made or renewed just now, and was not handed over since.
    #[cfg(target_os = "linux")]
    pub(crate) unsafe fn entry(&self) -> Option<crate::sys::ring::Entry> {
        // SAFETY: nobody works on it: by this function's contract.
        unsafe { &mut *self.work.get() }.entry()
    }

    /// Changes the work, which is to be done again.
    ///
    /// # Safety
    ///
    /// * The caller made the unit, or has got its result, and did not hand it over since.
    pub(crate) unsafe fn renew(&self, change: impl FnOnce(&mut W)) {
        // SAFETY: nobody works on it: by this function's contract, `WorkByStage`.
        change(unsafe { &mut *self.work.get() });
        *self.stage.lock() = Stage::Working(None);
    }

    /// Marks the work as done and gives the one to wake.
    fn finish(&self, result: io::Result<usize>) -> Option<Waker> {
        match core::mem::replace(&mut *self.stage.lock(), Stage::Done(result)) {
            Stage::Working(waker) => waker,
            Stage::Done(_) | Stage::Taken => unreachable!("work is done once"),
        }
    }

    /// Whether the work is done.
    pub(crate) fn is_done(&self) -> bool {
        !matches!(*self.stage.lock(), Stage::Working(_))
    }

    /// Once the work is done: what `end` makes of the result, and of the work with what it produced.
    pub(crate) fn poll<T>(
        &self,
        context: &Context<'_>,
        end: impl FnOnce(io::Result<usize>, &mut W) -> T,
    ) -> Poll<T> {
        // Wakers are cloned and dropped outside the lock: that may be anybody's code.
        let waker = context.waker().clone();
        let mut stage = self.stage.lock();
        match &mut *stage {
            Stage::Working(registered) => {
                let before = registered.replace(waker);
                drop(stage);
                drop(before);
                Poll::Pending
            }
            done => {
                let Stage::Done(result) = core::mem::replace(done, Stage::Taken) else {
                    drop(stage);
                    panic!("polled after it gave its result");
                };
                drop(stage);
                // SAFETY: the work is done, and the result is given once: `WorkByStage`.
                Poll::Ready(end(result, unsafe { &mut *self.work.get() }))
            }
        }
    }
}

impl<W: Work> Completable for Unit<W> {
    fn complete(&self, result: i32) -> Option<Waker> {
        // SAFETY: the kernel has done the work, and `finish` was not called: `WorkByStage`.
        let work = unsafe { &mut *self.work.get() };
        work.let_go();
        let result = match usize::try_from(result) {
            Ok(value) => {
                work.own(value);
                Ok(value)
            }
            Err(_) => Err(io::Error::from_raw_os_error(result.wrapping_neg())),
        };
        self.finish(result)
    }
}

impl<W: Work> Job for Unit<W> {
    fn run(&self) {
        // SAFETY: the thread that got the unit is the only one to touch it until it is done.
        let result = unsafe { &mut *self.work.get() }.run();
        if let Some(waker) = self.finish(result) {
            waker.wake();
        }
    }

    fn refuse(&self, error: io::Error) {
        if let Some(waker) = self.finish(Err(error)) {
            waker.wake();
        }
    }
}

impl<W> fmt::Debug for Unit<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unit").field("stage", &*self.stage.lock()).finish_non_exhaustive()
    }
}
