//! Sleeping.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use std::time::Instant;

use super::Timer;
use crate::list::Node;
use crate::scheduler::{self, Shared};
use crate::task::Wake;
use crate::{Io, time::LockedTimers};

/// Waits until some time has passed. Made by [`Io::sleep`].
///
/// It can be awaited on any thread, by any executor, while its runtime runs. Dropping it takes the
/// timer back.
///
/// # Panics
///
/// When it is polled after its runtime has ended.
#[must_use = "a sleep does nothing unless it is awaited"]
pub struct Sleep {
    io: Io,
    deadline: Deadline,
    node: Node<Timer>,
}

#[derive(Clone, Copy, Debug)]
enum Deadline {
    At(Instant),
    /// Later than the clock can say.
    Never,
    /// The timer is set, or has fired.
    Set,
}

impl Sleep {
    pub(crate) fn new(io: Io, time: Duration) -> Self {
        let deadline = Instant::now().checked_add(time).map_or(Deadline::Never, Deadline::At);
        Sleep { io, deadline, node: Node::new(Timer::new()) }
    }

    const fn shared(&self) -> &'static Shared {
        self.io.shared()
    }

    const fn timers(&self) -> &'static LockedTimers {
        &self.shared().timers
    }

    /// Whom the timer wakes.
    ///
    /// A timer of another runtime fires on another thread, which must keep the task's slot valid:
    /// only a timer of this runtime does without a reference count.
    fn wake(&self, context: &Context<'_>) -> Wake {
        let home = scheduler::with(|core| {
            let core = core.filter(|core| core.id() == self.io.id())?;
            core.home_of(self)
        });
        Wake::new(context, home)
    }

    /// Sets the timer.
    fn set(&self, deadline: Instant, context: &Context<'_>) {
        let wake = self.wake(context);
        let mut timers = self.timers().lock();
        // SAFETY:
        // - the lock is held, and the node is used with it only.
        // - the node is pinned with the sleep, whose drop removes it; it was not set before.
        unsafe { timers.insert(&self.node, deadline, wake) };
        drop(timers);
        let is_here = scheduler::with(|core| core.is_some_and(|core| core.id() == self.io.id()));
        if !is_here {
            self.shared().unpark();
        }
    }

    /// Whether the timer has fired; if not, it will wake the one who polls.
    fn poll_fired(&self, context: &Context<'_>) -> Poll<()> {
        let wake = self.wake(context);
        let timers = self.timers().lock();
        // SAFETY: the lock is held.
        if !unsafe { self.node.is_linked() } {
            return Poll::Ready(());
        }
        // SAFETY: the lock is held: `LinksLocked`.
        let timer = unsafe { &mut *self.node.value() };
        let before = core::mem::replace(&mut timer.wake, wake);
        // The destructor of a waker may be anybody's code.
        drop(timers);
        drop(before);
        Poll::Pending
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        // SAFETY: the node is not moved.
        let sleep = unsafe { self.get_unchecked_mut() };
        assert!(sleep.io.check().is_ok(), "a sleep was polled after its runtime had ended");
        match sleep.deadline {
            Deadline::Set => sleep.poll_fired(context),
            Deadline::Never => Poll::Pending,
            Deadline::At(deadline) if deadline <= Instant::now() => Poll::Ready(()),
            Deadline::At(deadline) => {
                sleep.deadline = Deadline::Set;
                sleep.set(deadline, context);
                Poll::Pending
            }
        }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if !matches!(self.deadline, Deadline::Set) {
            return;
        }
        let mut timers = self.timers().lock();
        // SAFETY: the lock is held.
        if unsafe { self.node.is_linked() } {
            // SAFETY: the lock is held, and the node is set: only these timers link it.
            let wake = unsafe { timers.remove(&self.node) };
            drop(timers);
            drop(wake);
        }
    }
}

impl fmt::Debug for Sleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sleep").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
