//! An operation on a file that the kernel does in the frame, or that is done with a copy.

use core::mem::{ManuallyDrop, MaybeUninit};
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::io;

use super::may_copy;
use super::transfer::{Transfer, Transferring};
use crate::op::{self, Direct};

/// An operation, and the work on a copy if the kernel cannot have the memory that the operation names.
///
/// The ticket of the operation tells whether there is a copy ([`set_apart`](op::set_apart)),
/// so that what is usual looks at nothing else.
#[derive(Debug)]
pub(super) struct Copied<O: Copyable> {
    direct: ManuallyDrop<O>,
    /// Written when the ticket says so.
    copy: MaybeUninit<Box<Transferring>>,
}

/// An operation that can be done with a copy of its memory. It has nothing to drop but its
/// [`Flight`](op::Flight).
pub(super) trait Copyable: Direct {
    /// Makes a copy.
    fn copy(&self, transfer: &mut Transfer);

    /// Takes what the work has come to. The kernel was not given the memory.
    fn end(&mut self, result: io::Result<usize>, transfer: &Transfer) -> io::Result<usize>;
}

impl<O: Copyable> Copied<O> {
    /// The operation, without a copy.
    #[inline]
    pub(super) const fn new(direct: O) -> Self {
        Copied { direct: ManuallyDrop::new(direct), copy: MaybeUninit::uninit() }
    }

    /// Moves the operation on, and gives its result when there is one.
    #[inline(always)] // as `op::poll`
    pub(super) fn poll(self: Pin<&mut Self>, context: &Context<'_>) -> Poll<io::Result<usize>> {
        // SAFETY: the operation is pinned with this, and the box is not pinned.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: it is not moved.
        let operation = unsafe { Pin::new_unchecked(&mut *this.direct) };
        match op::poll_direct_at_once(operation, context) {
            Some(poll) => poll,
            None => this.poll_rarely(context),
        }
    }

    #[cold]
    #[inline(never)]
    fn poll_rarely(&mut self, context: &Context<'_>) -> Poll<io::Result<usize>> {
        if !op::is_apart(&mut *self.direct) {
            // SAFETY: the caller has pinned it.
            let operation = unsafe { Pin::new_unchecked(&mut *self.direct) };
            if let Some(poll) = op::poll_direct(operation, context) {
                return poll;
            }
            may_copy()?;
            let copy = Transferring::begin(|transfer| self.direct.copy(transfer))?;
            self.copy.write(copy);
            op::set_apart(&mut *self.direct);
        }
        // SAFETY: the ticket says that it was written.
        let copy = unsafe { self.copy.assume_init_mut() };
        let direct = &mut self.direct;
        let result = ready!(copy.poll(context, |result, copy| direct.end(result, copy)));
        op::set_ended(&mut *self.direct);
        // SAFETY: it was written, and the ticket does not say so any more.
        unsafe { self.copy.assume_init_read() }.recycle();
        Poll::Ready(result)
    }

    #[cold]
    #[inline(never)]
    fn release(&mut self) {
        if op::is_apart(&mut *self.direct) {
            // SAFETY: the ticket says that it was written, and this is called once, when it is dropped.
            unsafe { self.copy.assume_init_drop() };
        }
        // SAFETY: this is called once, when it is dropped.
        unsafe { ManuallyDrop::drop(&mut self.direct) };
    }
}

impl<O: Copyable> Drop for Copied<O> {
    #[inline]
    fn drop(&mut self) {
        // If it is settled, there is no copy, and the flight has nothing to do.
        if op::is_unsettled(&mut *self.direct) {
            self.release();
        }
    }
}
