//! The functions of a task whose type is forgotten.
//!
//! The payload of a slot holds the future first and its outcome afterwards, at the same address.

use core::future::Future;
use core::mem::ManuallyDrop;
use core::panic::AssertUnwindSafe;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::panic::catch_unwind;

use super::JoinError;
use super::header::{Slot, payload};

/// What a task ended with.
pub(crate) type Outcome<T> = Result<T, JoinError>;

/// Resumes the future in a slot; `Ready` means that the outcome has taken its place.
pub(crate) type Resume = unsafe fn(Slot, &mut Context<'_>) -> Poll<()>;

/// The functions of one type of task.
#[derive(Debug)]
pub(crate) struct Vtable {
    /// Resumes the future.
    pub(crate) resume: Resume,
    /// Drops the future and leaves the outcome "canceled".
    pub(crate) cancel: unsafe fn(Slot),
    /// Drops the outcome.
    pub(crate) drop_outcome: unsafe fn(Slot),
}

impl Vtable {
    /// The functions of a slot that never held a task.
    pub(crate) const VACANT: &'static Vtable =
        &Vtable { resume: |_, _| Poll::Ready(()), cancel: |_| (), drop_outcome: |_| () };

    /// The functions of tasks with the future `F`.
    pub(crate) const fn of<F: Future>() -> &'static Vtable {
        &Vtable { resume: resume::<F>, cancel: cancel::<F>, drop_outcome: drop_outcome::<F> }
    }
}

/// The number of bytes a task with the future `F` needs in its slot.
pub(crate) const fn payload_size<F: Future>() -> usize {
    let (future, outcome) = (size_of::<F>(), size_of::<Outcome<F::Output>>());
    if future > outcome { future } else { outcome }
}

/// The alignment a task with the future `F` needs in its slot.
pub(crate) const fn payload_align<F: Future>() -> usize {
    let (future, outcome) = (align_of::<F>(), align_of::<Outcome<F::Output>>());
    if future > outcome { future } else { outcome }
}

/// # Safety
///
/// * The payload of `slot` holds a future of type `F`, and the caller runs the task.
unsafe fn resume<F: Future>(slot: Slot, context: &mut Context<'_>) -> Poll<()> {
    let future = payload::<F>(slot);
    let poll = || {
        // SAFETY: it holds a future, and nobody else touches it: by this function's contract.
        let future = unsafe { &mut *future };
        // SAFETY: a future stays in its slot from the spawn to its drop: `SlotPinned`.
        unsafe { Pin::new_unchecked(future) }.poll(context)
    };
    let outcome = match catch_unwind(AssertUnwindSafe(poll)) {
        Ok(Poll::Pending) => return Poll::Pending,
        Ok(Poll::Ready(value)) => Ok(value),
        Err(payload) => Err(JoinError::panicked(payload)),
    };
    // SAFETY: by this function's contract.
    unsafe { settle::<F>(slot, outcome) };
    Poll::Ready(())
}

/// # Safety
///
/// * The payload of `slot` holds a future of type `F`, and the caller runs the task.
unsafe fn cancel<F: Future>(slot: Slot) {
    // SAFETY: by this function's contract.
    unsafe { settle::<F>(slot, Err(JoinError::canceled())) };
}

/// Drops the future and puts the outcome in its place.
///
/// # Safety
///
/// * The payload of `slot` holds a future of type `F`, and the caller runs the task.
unsafe fn settle<F: Future>(slot: Slot, outcome: Outcome<F::Output>) {
    let future = payload::<F>(slot);
    let drop_future = || {
        // SAFETY: it holds a future, and nobody else touches it: by this function's contract.
        unsafe { future.drop_in_place() };
    };
    let outcome = match catch_unwind(AssertUnwindSafe(drop_future)) {
        Ok(()) => outcome,
        Err(payload) => {
            discard(move || drop(outcome));
            Err(JoinError::panicked(payload))
        }
    };
    super::expect_none_in_flight(slot);
    // SAFETY: the payload is large and aligned enough for the outcome, which was checked when the
    // task was spawned, and the future is gone.
    unsafe { payload::<Outcome<F::Output>>(slot).write(outcome) };
}

/// # Safety
///
/// * The payload of `slot` holds the outcome of a future of type `F`, and the caller owns it.
unsafe fn drop_outcome<F: Future>(slot: Slot) {
    // SAFETY: by this function's contract.
    let outcome = ManuallyDrop::new(unsafe { payload::<Outcome<F::Output>>(slot).read() });
    discard(move || drop(ManuallyDrop::into_inner(outcome)));
}

/// Runs the destructor of a value that nobody waits for; its panic has nobody to report to.
fn discard(drop_value: impl FnOnce()) {
    let Err(payload) = catch_unwind(AssertUnwindSafe(drop_value)) else { return };
    // A payload may panic when it is dropped; what that panics with is not looked at any more.
    let dropped = catch_unwind(AssertUnwindSafe(move || drop(payload)));
    core::mem::forget(dropped);
}
