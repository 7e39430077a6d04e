//! Waiting for a task.

use core::any::Any;
use core::fmt;
use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::error::Error;

use super::header::{Header, Slot, payload};
use super::raw::Outcome;
use super::state::{Await, Look};
use super::waker;
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
    #[inline(always)] // as `poll`
    fn poll_outcome(&mut self, context: &Context<'_>) -> Poll<Outcome<T>> {
        let slot = self.slot.expect("a join handle was polled after it gave the task's value");
        // SAFETY: the slot is occupied as long as its handle exists: `SlotHeld`.
        let header = unsafe { slot.as_ref() };
        let is_done = match header.state.look() {
            Look::Unawaited => leave_waker(header, waker::clone_task(context.waker())),
            Look::Awaited => register_again(header, context),
            Look::Done => true,
        };
        if !is_done {
            return Poll::Pending;
        }
        self.slot = None;
        // SAFETY: the task is done, so its outcome is in the payload; this handle alone takes it.
        let outcome = unsafe { payload::<Outcome<T>>(slot).read() };
        // SAFETY: the outcome is gone, and the handle forgot the slot. Whoever finished the task does
        // not touch the slot afterwards.
        unsafe { Pool::give_back(slot) };
        Poll::Ready(outcome)
    }
}

/// Leaves another waker than was left before. True: the task is done already.
#[cold]
fn register_again(header: &Header, context: &Context<'_>) -> bool {
    if !header.state.await_no_more() {
        // The runtime has the waker that was left: the end is there, or comes at once.
        context.waker().wake_by_ref();
        return header.state.is_done();
    }
    // SAFETY: the handle has cleared the bit, so the waker that it left is its own: `OneJoiner`.
    let mut waker = unsafe { header.take_joiner() };
    waker.clone_from(context.waker());
    leave_waker(header, waker)
}

/// Leaves a waker for the end of the task. True: it is done already.
#[inline]
fn leave_waker(header: &Header, waker: Waker) -> bool {
    // SAFETY: the bit is not set, so the place is the handle's: `OneJoiner`.
    unsafe { header.leave_joiner(waker) };
    match header.state.await_end() {
        Await::Waits => false,
        end => take_back(header, end),
    }
}

/// Takes a waker back that came too late. True: the task is done.
#[cold]
fn take_back(header: &Header, end: Await) -> bool {
    // SAFETY: the bit was not set, so the waker is still the handle's: `OneJoiner`.
    let waker = unsafe { header.take_joiner() };
    if end == Await::Leaving {
        // The end is told in a moment.
        waker.wake();
    }
    end == Await::Done
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    #[inline(always)] // it takes a few instructions, and where it gives the value a call
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll_outcome(context)
    }
}

impl<T> Drop for JoinHandle<T> {
    #[inline]
    fn drop(&mut self) {
        if let Some(slot) = self.slot {
            detach(slot);
        }
    }
}

/// Ends a handle that has not given the value.
#[inline(never)]
fn detach(slot: Slot) {
    // SAFETY: the slot is occupied as long as its handle exists: `SlotHeld`.
    let header = unsafe { slot.as_ref() };
    let is_taken = header.state.is_awaited() && header.state.await_no_more();
    // SAFETY: the handle has cleared the bit, so the waker that it left is its own: `OneJoiner`.
    let waker = is_taken.then(|| unsafe { header.take_joiner() });
    if header.state.detach() {
        // SAFETY: the task is done and detached, so the outcome is this handle's.
        unsafe { super::drop_outcome(slot) };
    }
    drop(waker);
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").field("is_finished", &self.is_finished()).finish()
    }
}

/// Why a task ended without a value.
pub struct JoinError(Option<Payload>);

/// The payload of a panic. The lock makes the error shareable; the payload need not be. In a box, so
/// that the outcome of a task is not larger for what rarely happens.
type Payload = Box<Lock<Box<dyn Any + Send>>>;

impl JoinError {
    pub(crate) const fn canceled() -> Self {
        JoinError(None)
    }

    pub(crate) fn panicked(payload: Box<dyn Any + Send>) -> Self {
        JoinError(Some(Box::new(Lock::new(payload))))
    }

    /// Whether the task was aborted, or dropped with its runtime.
    pub const fn is_canceled(&self) -> bool {
        self.0.is_none()
    }

    /// Whether the task panicked.
    pub const fn is_panic(&self) -> bool {
        self.0.is_some()
    }

    /// The payload of the task's panic, for [`std::panic::resume_unwind`]; `Err` gives the error
    /// back if the task did not panic.
    pub fn try_into_panic(self) -> Result<Box<dyn Any + Send>, JoinError> {
        match self.0 {
            Some(payload) => Ok(payload.into_inner()),
            None => Err(self),
        }
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(payload) = &self.0 else { return f.write_str("the task was canceled") };
        let payload = payload.lock();
        let text = payload.downcast_ref::<&str>().copied();
        match text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)) {
            Some(text) => write!(f, "the task panicked: {text}"),
            None => f.write_str("the task panicked"),
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
