//! Waiting for a task.

use core::any::Any;
use core::fmt;
use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::error::Error;

use super::header::{Slot, payload};
use super::raw::Outcome;
use crate::pool::Pool;
use crate::primitive::Lock;
use crate::scheduler;

/// A spawned task: await it to get the task's value.
///
/// The value is `Err` if the task panicked or was aborted, or if its runtime ended first. Dropping
/// the handle detaches the task: it goes on, and its value is dropped when it ends. The value waits
/// in the task's slot, so a slot is free again when its task has ended *and* its handle was awaited
/// or dropped.
///
/// A handle can be awaited anywhere, on any thread. Awaiting is cancel safe.
pub struct JoinHandle<T> {
    /// The slot of the task, until its outcome was taken.
    slot: Option<Slot>,
    _value: PhantomData<T>,
}

// SAFETY: the slot is reached through its state word and its lock; the value moves to the thread
// that awaits the handle, which `T: Send` allows.
unsafe impl<T: Send> Send for JoinHandle<T> {}
// SAFETY: a shared handle gives no access to the value.
unsafe impl<T: Send> Sync for JoinHandle<T> {}

impl<T> Unpin for JoinHandle<T> {}

impl<T> JoinHandle<T> {
    /// The handle of the task in `slot`.
    ///
    /// # Safety
    ///
    /// * The task in `slot` has the output `T` and was marked joinable for this handle alone.
    pub(crate) const unsafe fn new(slot: Slot) -> Self {
        JoinHandle { slot: Some(slot), _value: PhantomData }
    }

    /// Asks for the task to be dropped where it waits.
    ///
    /// The task's destructors run on its runtime, soon; the handle then gives an error for which
    /// [`JoinError::is_canceled`] is true. A task that has ended already keeps its value.
    pub fn abort(&self) {
        if let Some(slot) = self.slot {
            // SAFETY: the slot is occupied as long as its handle exists: `SlotHeld`.
            unsafe { scheduler::abort(slot) };
        }
    }

    /// Whether the task has ended.
    pub fn is_finished(&self) -> bool {
        // SAFETY: the slot is occupied as long as its handle exists: `SlotHeld`.
        self.slot.is_none_or(|slot| unsafe { slot.as_ref() }.state.is_done())
    }

    /// Takes the outcome if the task has ended, else registers the waker.
    fn poll_outcome(&mut self, context: &Context<'_>) -> Poll<Outcome<T>> {
        let slot = self.slot.expect("a join handle was polled after it gave the task's value");
        // SAFETY: the slot is occupied as long as its handle exists: `SlotHeld`.
        let header = unsafe { slot.as_ref() };
        // Wakers are cloned and dropped outside the lock: that may be anybody's code.
        let is_done = header.state.is_done();
        let mut waker = (!is_done).then(|| context.waker().clone());
        // Whoever finished the task holds this lock while it does.
        let mut joiner = header.joiner.lock();
        if !header.state.is_done() {
            core::mem::swap(&mut *joiner, &mut waker);
            drop(joiner);
            drop(waker);
            return Poll::Pending;
        }
        drop(joiner);
        self.slot = None;
        // SAFETY: the task is done, so its outcome is in the payload; this handle alone takes it.
        let outcome = unsafe { payload::<Outcome<T>>(slot).read() };
        // SAFETY: the outcome is gone, and the handle forgot the slot.
        unsafe { Pool::give_back(slot) };
        Poll::Ready(outcome)
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_outcome(context)
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        let Some(slot) = self.slot.take() else { return };
        // SAFETY: the slot is occupied as long as its handle exists: `SlotHeld`.
        let header = unsafe { slot.as_ref() };
        // The waker is dropped after the lock: its destructor may be anybody's code.
        let waker = header.joiner.lock().take();
        if header.state.detach() {
            // Whoever finished the task holds this lock while it does.
            drop(header.joiner.lock());
            // SAFETY: the task is done and detached, so the outcome is this handle's.
            unsafe { super::drop_outcome(slot) };
        }
        drop(waker);
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").field("is_finished", &self.is_finished()).finish()
    }
}

/// Why a task ended without a value.
pub struct JoinError(Reason);

enum Reason {
    Canceled,
    /// The lock makes the error shareable; the payload need not be.
    Panicked(Lock<Box<dyn Any + Send>>),
}

impl JoinError {
    pub(crate) const fn canceled() -> Self {
        JoinError(Reason::Canceled)
    }

    pub(crate) const fn panicked(payload: Box<dyn Any + Send>) -> Self {
        JoinError(Reason::Panicked(Lock::new(payload)))
    }

    /// Whether the task was aborted, or dropped with its runtime.
    pub const fn is_canceled(&self) -> bool {
        matches!(self.0, Reason::Canceled)
    }

    /// Whether the task panicked.
    pub const fn is_panic(&self) -> bool {
        matches!(self.0, Reason::Panicked(_))
    }

    /// The payload of the task's panic, for [`std::panic::resume_unwind`]; `Err` gives the error
    /// back if the task did not panic.
    pub fn try_into_panic(self) -> Result<Box<dyn Any + Send>, JoinError> {
        match self.0 {
            Reason::Panicked(payload) => Ok(payload.into_inner()),
            Reason::Canceled => Err(self),
        }
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Reason::Canceled => f.write_str("the task was canceled"),
            Reason::Panicked(payload) => {
                let payload = payload.lock();
                let text = payload.downcast_ref::<&str>().copied();
                match text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)) {
                    Some(text) => write!(f, "the task panicked: {text}"),
                    None => f.write_str("the task panicked"),
                }
            }
        }
    }
}

impl fmt::Debug for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JoinError({self})")
    }
}

impl Error for JoinError {}

impl From<JoinError> for std::io::Error {
    fn from(error: JoinError) -> Self {
        std::io::Error::other(error)
    }
}
