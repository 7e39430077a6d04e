//! Waiting for a slot.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io;

use super::{NoSlot, Pool, Waiter};
use crate::list::Node;
use crate::scheduler;
use crate::task::{self, JoinHandle, Slot};

/// Waits for a free slot and spawns a coroutine into it, which a function makes there. Made by
/// [`Frames::spawn`](super::Frames::spawn) and [`Frames::spawn_with`](super::Frames::spawn_with).
///
/// Gives the handle of the task. Dropping it before that drops the function and what it has captured.
#[must_use = "a spawn does nothing unless it is awaited"]
pub struct Spawn<'a, M, const SIZE: usize> {
    pool: &'a Pool,
    make: Option<M>,
    is_local: bool,
    is_waiting: bool,
    waiter: Node<Waiter>,
}

impl<'a, M, const SIZE: usize> Spawn<'a, M, SIZE> {
    /// The caller has checked that what `make` gives fits into the slots of `pool`.
    pub(super) const fn new(pool: &'a Pool, make: M, is_local: bool) -> Self {
        let waiter = Node::new(Waiter::new());
        Spawn { pool, make: Some(make), is_local, is_waiting: false, waiter }
    }
}

impl<M, const SIZE: usize> Spawn<'_, M, SIZE> {
    fn poll_slot(&mut self, context: &Context<'_>) -> Poll<Result<Slot, NoSlot>> {
        if !self.is_waiting {
            match self.pool.take() {
                Err(NoSlot::Full) => self.is_waiting = true,
                taken => return Poll::Ready(taken),
            }
        }
        // SAFETY: the node is pinned with the spawn, is used with this pool, and leaves it when it is
        // dropped.
        unsafe { self.pool.poll_take(&self.waiter, context) }
    }
}

impl<M: FnOnce() -> C, C: Future, const SIZE: usize> Future for Spawn<'_, M, SIZE> {
    type Output = io::Result<JoinHandle<C::Output>>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: the node does not move, and the function is not pinned.
        let spawn = unsafe { self.get_unchecked_mut() };
        if spawn.is_local && !scheduler::is_current(spawn.pool) {
            return Poll::Ready(Err(scheduler::outside()));
        }
        let slot = match ready!(spawn.poll_slot(context)) {
            Ok(slot) => slot,
            Err(NoSlot::Full | NoSlot::Closed) => return Poll::Ready(Err(scheduler::ended())),
        };
        let make = spawn.make.take().expect("a spawn was polled after it was done");
        // SAFETY:
        // - the slot was just taken, and the coroutine fits: `Fit::CHECK` before `Spawn::new`.
        // - the coroutine is `'static`: so are those that the makers of spawns take.
        // - it is `Send`, or this is the thread of its runtime, which was checked.
        let handle = unsafe { task::place_with(slot, make) };
        scheduler::start(slot);
        Poll::Ready(Ok(handle))
    }
}

impl<M, const SIZE: usize> Drop for Spawn<'_, M, SIZE> {
    fn drop(&mut self) {
        if self.is_waiting {
            // SAFETY: the node is used with this pool only.
            unsafe { self.pool.leave(&self.waiter) };
        }
    }
}

impl<M, const SIZE: usize> fmt::Debug for Spawn<'_, M, SIZE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawn").field("is_done", &self.make.is_none()).finish_non_exhaustive()
    }
}
