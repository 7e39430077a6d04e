//! Timers over a clock that the user supplies, in a list whose nodes lie in the frames that sleep.
//!
//! # Invariants
//!
//! * `SleepPinned`: a sleep in the list does not move, and leaves the list before its memory is used
//!   again. Established by `Pin` and by its drop; one that is leaked stays valid for ever, because
//!   it is pinned.
//! * `SleepLocked`: the link and the waker of a sleep, and the start of the list, are touched in a
//!   critical section only. No foreign code runs there but the clock's.

use core::cell::Cell;
use core::fmt;
use core::future::Future;
use core::marker::PhantomPinned;
use core::pin::Pin;
use core::ptr;
use core::task::{Context, Poll, Waker};

use critical_section::CriticalSection;

/// A source of time with an alarm, which the user supplies: a timer of the chip.
///
/// The trait is the counterpart of `embassy_time_driver::Driver` with one alarm instead of a queue: a
/// driver's `now` can serve both. Tasks can await `embassy_time` as well, over any driver whose queue
/// does not depend on Embassy's executor (feature `generic-queue-*` of `embassy-time-queue-utils`).
pub trait Clock: Sync {
    /// The ticks since a fixed moment. Never less than before.
    fn now(&self) -> u64;

    /// Makes [`Timers::fire`] be called when `at` has come, and not for an earlier alarm; `u64::MAX`
    /// is no alarm. False: `at` has passed already, and there will be no call for it.
    ///
    /// It is called in a critical section. A clock that calls `fire` at each of its ticks has nothing
    /// to do here.
    fn set_alarm(&self, at: u64) -> bool {
        let _ = at;
        true
    }
}

/// Those who sleep until a moment of a clock. Made for a `static`.
///
/// ```
/// use coframe::executor::{Clock, Timers};
/// use coframe::{Executor, frame_pool};
/// use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
///
/// /// Counts the interrupts of a timer.
/// struct Ticks(AtomicU64);
///
/// impl Clock for Ticks {
///     fn now(&self) -> u64 {
///         self.0.load(Relaxed)
///     }
/// }
///
/// static TIMERS: Timers<Ticks> = Timers::new(Ticks(AtomicU64::new(0)));
///
/// // #[interrupt]
/// fn tick() {
///     TIMERS.clock().0.fetch_add(1, Relaxed);
///     TIMERS.fire();
/// }
///
/// #[coframe::coroutine]
/// async fn blink(led: &'static AtomicU64) {
///     let mut at = TIMERS.now();
///     loop {
///         at += 10; // no drift
///         TIMERS.sleep_until(at).await;
///         led.fetch_xor(1, Relaxed);
///     }
/// }
///
/// frame_pool! { static FRAMES: [blink; 1]; }
/// static EXECUTOR: Executor = Executor::new();
/// static LED: AtomicU64 = AtomicU64::new(0);
///
/// # fn main() {
/// FRAMES.spawn(&EXECUTOR, blink(&LED)).unwrap();
/// for _ in 0..15 {
///     EXECUTOR.poll();
///     tick();
/// }
/// assert_eq!(LED.load(Relaxed), 1);
/// # }
/// ```
///
/// To sleep and to fire take time that grows with the number of those who sleep: the list is sorted,
/// and searched in a critical section.
pub struct Timers<C: 'static> {
    clock: C,
    /// Who wakes first. `SleepLocked`.
    first: Cell<*const Sleep<C>>,
}

// SAFETY: the clock is shared as such, the list in critical sections: `SleepLocked`. Wakers are
// `Send`.
unsafe impl<C: Sync> Sync for Timers<C> {}

/// Waits until a moment of a clock. Made by [`Timers::sleep_until`].
///
/// Dropping it takes it out of the list of those who sleep.
#[must_use = "a future does nothing unless it is awaited"]
pub struct Sleep<C: 'static> {
    timers: &'static Timers<C>,
    at: u64,
    /// Who wakes next, while there is a waker. `SleepLocked`.
    next: Cell<*const Sleep<C>>,
    /// Whom to wake, while it is in the list. `SleepLocked`.
    waker: Cell<Option<Waker>>,
    _pinned: PhantomPinned,
}

// SAFETY: what is not constant is touched in critical sections: `SleepLocked`.
unsafe impl<C: Sync> Send for Sleep<C> {}
// SAFETY: as above; a shared reference gives access to nothing.
unsafe impl<C: Sync> Sync for Sleep<C> {}

impl<C: Clock> Timers<C> {
    /// Nobody sleeps.
    pub const fn new(clock: C) -> Self {
        Timers { clock, first: Cell::new(ptr::null()) }
    }

    /// The clock.
    pub const fn clock(&self) -> &C {
        &self.clock
    }

    /// The time of the clock.
    pub fn now(&self) -> u64 {
        self.clock.now()
    }

    /// Waits for a number of ticks.
    pub fn sleep(&'static self, ticks: u64) -> Sleep<C> {
        self.sleep_until(self.now().saturating_add(ticks))
    }

    /// Waits until the clock shows `at`.
    pub const fn sleep_until(&'static self, at: u64) -> Sleep<C> {
        Sleep {
            timers: self,
            at,
            next: Cell::new(ptr::null()),
            waker: Cell::new(None),
            _pinned: PhantomPinned,
        }
    }

    /// Wakes those whose time has come, and sets the alarm for the next. The clock's interrupt calls
    /// it.
    pub fn fire(&self) {
        while let Some(waker) = critical_section::with(|section| self.take_due(section)) {
            waker.wake();
        }
    }

    fn take_due(&self, section: CriticalSection<'_>) -> Option<Waker> {
        let first = self.first.get();
        // SAFETY:
        // - a sleep in the list is valid: `SleepPinned`.
        let Some(first) = (unsafe { first.as_ref() }) else {
            self.clock.set_alarm(u64::MAX);
            return None;
        };
        if first.at > self.clock.now() && self.clock.set_alarm(first.at) {
            return None;
        }
        first.leave(section)
    }
}

impl<C: Clock> Sleep<C> {
    /// Goes into the list, before those who wake later. False: the moment has passed.
    fn enter(&self, _section: CriticalSection<'_>) -> bool {
        let mut link = &self.timers.first;
        // SAFETY:
        // - a sleep in the list is valid: `SleepPinned`.
        while let Some(sleep) = unsafe { link.get().as_ref() } {
            if sleep.at > self.at {
                break;
            }
            link = &sleep.next;
        }
        self.next.set(link.get());
        link.set(self);
        !ptr::eq(link, &self.timers.first) || self.timers.clock.set_alarm(self.at)
    }
}

impl<C> Sleep<C> {
    /// Takes it out of the list, if it is there.
    fn leave(&self, _section: CriticalSection<'_>) -> Option<Waker> {
        let waker = self.waker.take()?;
        let mut link = &self.timers.first;
        // SAFETY:
        // - a sleep in the list is valid: `SleepPinned`.
        while let Some(sleep) = unsafe { link.get().as_ref() } {
            if ptr::eq(sleep, self) {
                link.set(self.next.get());
                break;
            }
            link = &sleep.next;
        }
        Some(waker)
    }
}

impl<C: Clock> Future for Sleep<C> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let sleep = self.as_ref().get_ref();
        // Wakers are cloned and dropped outside of the section: that may be anybody's code.
        let waker = context.waker().clone();
        let (poll, _before) = critical_section::with(|section| {
            if sleep.at <= sleep.timers.clock.now() {
                return (Poll::Ready(()), sleep.leave(section));
            }
            let before = sleep.waker.replace(Some(waker));
            if before.is_none() && !sleep.enter(section) {
                return (Poll::Ready(()), sleep.leave(section));
            }
            (Poll::Pending, before)
        });
        poll
    }
}

impl<C> Drop for Sleep<C> {
    fn drop(&mut self) {
        let _waker = critical_section::with(|section| self.leave(section));
    }
}

impl<C: fmt::Debug> fmt::Debug for Timers<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timers").field("clock", &self.clock).finish_non_exhaustive()
    }
}

impl<C> fmt::Debug for Sleep<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sleep").field("at", &self.at).finish_non_exhaustive()
    }
}
