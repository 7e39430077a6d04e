//! Timers over a clock that the user supplies, in a list whose nodes lie in the frames that sleep.
//!
//! The list is a ring through the timers: the last sleep leads back to them. So a sleep that is dropped
//! finds the one before it without a word that says where its timers are, and one that is in no ring can
//! keep them in its link.
//!
//! | link | waker | the sleep |
//! |---|---|---|
//! | its timers | none | is in no ring: it was not polled yet, or is over |
//! | the next sleep, or the timers | whom to wake | is in the ring |
//!
//! # Invariants
//!
//! * `SleepPinned`: a sleep in the ring does not move, and leaves the ring before its memory is used
//!   again. Established by `Pin` and by its drop; one that is leaked stays valid for ever, because
//!   it is pinned.
//! * `SleepLocked`: the link and the waker of a sleep, and the link of the timers, are touched in a
//!   critical section only. No foreign code runs there but the clock's.
//! * `RingClosed`: links lead from the timers through each of their sleeps, and back to them; the link of a
//!   sleep in no ring leads to its timers. Where links lead is a `Node` that is the first field of one or
//!   the other. Established by `sleep_until`, `enter`, `take_due` and `leave`.

use core::cell::Cell;
use core::fmt;
use core::future::Future;
use core::marker::{PhantomData, PhantomPinned};
use core::mem::{ManuallyDrop, forget};
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
#[repr(C)]
pub struct Timers<C: 'static> {
    /// Who wakes first. Null before anybody has slept.
    node: Node,
    clock: C,
}

// SAFETY: the clock is shared as such, the list in critical sections: `SleepLocked`. Wakers are
// `Send`.
unsafe impl<C: Sync> Sync for Timers<C> {}

/// Waits until a moment of a clock. Made by [`Timers::sleep_until`].
///
/// Dropping it takes it out of the list of those who sleep.
#[must_use = "a future does nothing unless it is awaited"]
#[repr(C)]
pub struct Sleep<C: 'static> {
    node: Node,
    at: Moment,
    /// `SleepLocked`. The drop takes it.
    waker: ManuallyDrop<Cell<Option<Waker>>>,
    _pinned: PhantomPinned,
    /// What the node leads to before the first poll.
    _timers: PhantomData<&'static Timers<C>>,
}

/// The place of a sleep, or of the timers, in the ring: a link to the next place. `SleepLocked`.
struct Node(Cell<*const Node>);

/// A moment of a clock, aligned as words are: the frame of who sleeps need not be aligned to 8 bytes.
#[derive(Clone, Copy)]
#[repr(C, packed(4))]
struct Moment(u64);

#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<Sleep<()>>() == 20 && align_of::<Sleep<()>>() == 4);

// SAFETY: what is not constant is touched in critical sections: `SleepLocked`.
unsafe impl<C: Sync> Send for Sleep<C> {}
// SAFETY: as above; a shared reference gives access to nothing.
unsafe impl<C: Sync> Sync for Sleep<C> {}

impl<C: Clock> Timers<C> {
    /// Nobody sleeps.
    pub const fn new(clock: C) -> Self {
        Timers { node: Node(Cell::new(ptr::null())), clock }
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
            node: Node(Cell::new(ptr::from_ref(self).cast())),
            at: Moment(at),
            waker: ManuallyDrop::new(Cell::new(None)),
            _pinned: PhantomPinned,
            _timers: PhantomData,
        }
    }

    /// Wakes those whose time has come, and sets the alarm for the next. The clock's interrupt calls
    /// it.
    pub fn fire(&self) {
        while let Some(waker) = critical_section::with(|section| self.take_due(section)) {
            waker.wake();
        }
    }

    fn take_due(&self, _section: CriticalSection<'_>) -> Option<Waker> {
        let first = self.node.0.get();
        if first.is_null() || ptr::eq(first, &self.node) {
            self.clock.set_alarm(u64::MAX);
            return None;
        }
        // SAFETY:
        // - what is not the timers is a sleep: `RingClosed`, which is valid: `SleepPinned`.
        let first = unsafe { &*first.cast::<Sleep<C>>() };
        let at = first.at.0;
        if at > self.clock.now() && self.clock.set_alarm(at) {
            return None;
        }
        self.node.0.set(first.node.0.replace(ptr::from_ref(self).cast()));
        first.waker.take()
    }

    /// Puts a sleep into the ring, before those who wake later. False: the moment has passed, and the
    /// alarm is set for nobody.
    fn enter(&'static self, sleep: &Sleep<C>, _section: CriticalSection<'_>) -> bool {
        let mut before = &self.node;
        if before.0.get().is_null() {
            before.0.set(ptr::from_ref(self).cast());
        }
        let next = loop {
            let next = before.0.get();
            if ptr::eq(next, &self.node) {
                break next;
            }
            // SAFETY:
            // - what is not the timers is a sleep: `RingClosed`, which is valid: `SleepPinned`.
            let other = unsafe { &*next.cast::<Sleep<C>>() };
            if other.at.0 > sleep.at.0 {
                break next;
            }
            before = &other.node;
        };
        sleep.node.0.set(next);
        before.0.set(ptr::from_ref(sleep).cast());
        !ptr::eq(before, &self.node) || self.clock.set_alarm(sleep.at.0)
    }
}

/// What a poll finds.
enum Found<C: 'static> {
    /// The moment will come.
    Waits,
    /// It has passed.
    Passed,
    /// It has passed while the alarm was set, which must be set for the next one now.
    Missed(&'static Timers<C>),
}

impl<C: Clock> Sleep<C> {
    /// Waits with a waker, and leaves the one that is not needed any more in its place.
    fn wait(&self, waker: &mut Option<Waker>, section: CriticalSection<'_>) -> Found<C> {
        let before = self.waker.take();
        // If the clock panics, nothing has changed.
        if before.is_none() && self.at.0 <= self.timers().clock.now() {
            return Found::Passed;
        }
        // There is none in its place, which need not be dropped.
        forget(self.waker.replace(waker.take()));
        *waker = before;
        if waker.is_some() {
            return Found::Waits;
        }
        let timers = self.timers();
        match timers.enter(self, section) {
            true => Found::Waits,
            false => Found::Missed(timers),
        }
    }

    /// Its timers. It is not in the ring.
    fn timers(&self) -> &'static Timers<C> {
        // SAFETY:
        // - they are where the link of such a sleep leads: `RingClosed`. They are static.
        unsafe { &*self.node.0.get().cast() }
    }
}

impl<C> Sleep<C> {
    /// Takes it out of the ring, if it is there.
    fn leave(&self, _section: CriticalSection<'_>) -> Option<Waker> {
        let waker = self.waker.take()?;
        let mut before = self.node.0.get();
        loop {
            // SAFETY:
            // - the nodes of the ring are valid: `RingClosed`, `SleepPinned`.
            let node = unsafe { &*before };
            before = node.0.get();
            if ptr::eq(before, &self.node) {
                node.0.set(self.node.0.get());
                return Some(waker);
            }
        }
    }
}

impl<C: Clock> Future for Sleep<C> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let sleep = self.as_ref().get_ref();
        // Wakers are cloned and dropped outside of the section: that may be anybody's code.
        let mut waker = Some(context.waker().clone());
        let found = critical_section::with(|section| sleep.wait(&mut waker, section));
        drop(waker);
        match found {
            Found::Waits => Poll::Pending,
            Found::Passed => Poll::Ready(()),
            Found::Missed(timers) => {
                timers.fire();
                Poll::Ready(())
            }
        }
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
        f.debug_struct("Sleep").field("at", &{ self.at.0 }).finish_non_exhaustive()
    }
}
