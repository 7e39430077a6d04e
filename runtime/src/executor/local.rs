//! The right to resume an executor's tasks, held for good.

use core::marker::PhantomData;

use super::Executor;

/// The context that alone resumes the tasks of an executor. Made by [`Executor::claim`].
///
/// It can be copied, but not sent, so tasks that are not `Send` may be spawned with it: with
/// [`FramePool::spawn_local`](crate::FramePool::spawn_local), also by tasks it was given to.
#[derive(Clone, Copy, Debug)]
pub struct Local {
    executor: &'static Executor,
    /// Neither `Send` nor `Sync`.
    _context: PhantomData<*mut ()>,
}

impl Local {
    pub(super) const fn new(executor: &'static Executor) -> Self {
        Local { executor, _context: PhantomData }
    }

    /// The executor, to spawn from elsewhere.
    pub const fn executor(self) -> &'static Executor {
        self.executor
    }

    /// As [`Executor::poll`]. Inside one of its tasks it does nothing and gives false.
    pub fn poll(self) -> bool {
        self.executor.poll_local()
    }

    /// As [`Executor::run`].
    ///
    /// # Panics
    ///
    /// When a task does, and inside one of the executor's tasks.
    pub fn run(self, idle: impl FnMut()) -> ! {
        self.executor.run_local(idle)
    }
}
