//! Waiting for a slot.

use core::fmt;
use core::future::Future;
use core::mem::MaybeUninit;
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
    /// Written when `is_waiting` is set.
    waiter: MaybeUninit<Node<Waiter>>,
}

impl<'a, M, const SIZE: usize> Spawn<'a, M, SIZE> {
    /// The caller has checked that what `make` gives fits into the slots of `pool`.
    #[inline]
    pub(super) const fn new(pool: &'a Pool, make: M, is_local: bool) -> Self {
        let waiter = MaybeUninit::uninit();
        Spawn { pool, make: Some(make), is_local, is_waiting: false, waiter }
    }
}

impl<M: FnOnce() -> C, C: Future, const SIZE: usize> Spawn<'_, M, SIZE> {
    /// Takes a slot or waits for it.
    #[cold]
    fn poll_slowly(&mut self, context: &Context<'_>) -> Poll<io::Result<JoinHandle<C::Output>>> {
        if self.is_local && !scheduler::is_current(self.pool) {
            return Poll::Ready(Err(scheduler::outside()));
        }
        match ready!(self.poll_slot(context)) {
            Ok(slot) => Poll::Ready(Ok(self.start(slot))),
            Err(NoSlot::Full | NoSlot::Closed) => Poll::Ready(Err(scheduler::ended())),
        }
    }

    fn poll_slot(&mut self, context: &Context<'_>) -> Poll<Result<Slot, NoSlot>> {
        if !self.is_waiting {
            match self.pool.take() {
                Err(NoSlot::Full) => {
                    self.waiter.write(Node::new(Waiter::new()));
                    self.is_waiting = true;
                }
                taken => return Poll::Ready(taken),
            }
        }
        // SAFETY: it was written before the flag was set.
        let waiter = unsafe { self.waiter.assume_init_ref() };
        // SAFETY: the node is pinned with the spawn, is used with this pool, and leaves it when it is
        // dropped.
        unsafe { self.pool.poll_take(waiter, context) }
    }

    /// Makes and starts the coroutine in a slot that was taken for it.
    #[inline(always)] // so that the arguments are written into the slot, and not the frame
    fn start(&mut self, slot: Slot) -> JoinHandle<C::Output> {
        let make = self.make.take().expect("a spawn was polled after it was done");
        // SAFETY:
        // - the slot was just taken, and the coroutine fits: `Fit::CHECK` before `Spawn::new`.
        // - the coroutine is `'static`: so are those that the makers of spawns take.
        // - it is `Send`, or this is the thread of its runtime, which was checked.
        let handle = unsafe { task::place_with(slot, make) };
        scheduler::start(slot);
        handle
    }
}

impl<M: FnOnce() -> C, C: Future, const SIZE: usize> Future for Spawn<'_, M, SIZE> {
    type Output = io::Result<JoinHandle<C::Output>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: the node does not move, and the function is not pinned.
        let spawn = unsafe { self.get_unchecked_mut() };
        if !spawn.is_waiting
            && !spawn.is_local
            && let Some(slot) = spawn.pool.take_free()
        {
            return Poll::Ready(Ok(spawn.start(slot)));
        }
        spawn.poll_slowly(context)
    }
}

impl<M, const SIZE: usize> Drop for Spawn<'_, M, SIZE> {
    #[inline]
    fn drop(&mut self) {
        if self.is_waiting {
            self.leave();
        }
    }
}

impl<M, const SIZE: usize> Spawn<'_, M, SIZE> {
    #[cold]
    fn leave(&mut self) {
        // SAFETY: it was written before the flag was set.
        let waiter = unsafe { self.waiter.assume_init_ref() };
        // SAFETY: the node is used with this pool only.
        unsafe { self.pool.leave(waiter) };
        // SAFETY: as above, and it is dropped once.
        unsafe { self.waiter.assume_init_drop() };
    }
}

impl<M, const SIZE: usize> fmt::Debug for Spawn<'_, M, SIZE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spawn").field("is_done", &self.make.is_none()).finish_non_exhaustive()
    }
}
