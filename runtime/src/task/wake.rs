//! Whom an operation or a timer wakes.

use core::mem;
use core::task::{Context, Waker};

use super::Slot;
use crate::op::Home;
use crate::scheduler;

/// Whom to wake when something has happened.
///
/// # Invariants
///
/// * `WakeInSlot`: `Task` is used only for an operation or a timer that itself lies in that slot.
///   It is pinned there, so it is dropped, and takes this away, before the slot is given back; and
///   it belongs to the runtime of the slot, so that taking and waking happen on one thread.
#[derive(Debug, Default)]
pub(crate) enum Wake {
    /// Nobody waits.
    #[default]
    Nobody,
    /// A task of this runtime, without a reference count.
    Task(Slot),
    /// Anybody else.
    Other(Waker),
}

// SAFETY: a task is woken through its state word, from any thread; wakers are `Send`.
unsafe impl Send for Wake {}

impl Wake {
    /// The one who is being resumed with `context`. `home` is where the caller lies.
    pub(crate) fn new(context: &Context<'_>, home: Option<Home>) -> Self {
        match home {
            Some(home) if home.is_woken_by(context) => Wake::Task(home.slot()),
            _ => Wake::Other(context.waker().clone()),
        }
    }

    /// Whether this wakes the one who is being resumed with `context`.
    pub(crate) fn will_wake(&self, context: &Context<'_>) -> bool {
        match self {
            Wake::Nobody => false,
            Wake::Task(slot) => super::slot_of(context.waker()) == Some(*slot),
            Wake::Other(waker) => waker.will_wake(context.waker()),
        }
    }

    /// Takes the content away.
    pub(crate) const fn take(&mut self) -> Self {
        mem::replace(self, Wake::Nobody)
    }

    /// Wakes it. Call it without holding a lock or a borrow: a waker may run anybody's code.
    pub(crate) fn wake(self) {
        match self {
            Wake::Nobody => (),
            // SAFETY: the slot is occupied while this exists: `WakeInSlot`.
            Wake::Task(slot) => unsafe { scheduler::wake(slot) },
            Wake::Other(waker) => waker.wake(),
        }
    }
}
