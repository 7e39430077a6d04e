//! Operations that only the kernel does, in the background: nothing attempts them.

use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;

use rustix::io::Errno;

use super::ticket::{Progress, Stage};
use super::{Operation, progress_of, set_stage, stage_of, take_landed, value_of};
#[cfg(target_os = "linux")]
use super::{submit, submit_at_once};
use crate::scheduler::{self, Core};

/// An operation that only the kernel does, in the background.
pub(crate) trait Direct: Operation {
    /// The code of the submission entry.
    #[cfg(target_os = "linux")]
    const CODE: u8;
}

/// Takes the result of an operation that is not attempted, or gives it to the kernel, if nothing is unusual.
/// `None`: then [`poll_direct`] is to be called. It reads or writes an open file: others a kernel may not
/// have.
#[inline(always)] // as `op::poll`
pub(crate) fn poll_direct_at_once<O: Direct>(
    operation: Pin<&mut O>,
    context: &Context<'_>,
) -> Option<Poll<io::Result<usize>>> {
    // SAFETY: the operation is not moved.
    let operation = unsafe { operation.get_unchecked_mut() };
    let stage = stage_of(operation);
    if stage == Stage::Begun {
        return take_landed(operation);
    }
    if stage == Stage::New { begin_direct_at_once(operation, context) } else { None }
}

#[cfg(target_os = "linux")]
#[inline(always)] // as `op::poll`
fn begin_direct_at_once<O: Direct>(
    operation: &mut O,
    context: &Context<'_>,
) -> Option<Poll<io::Result<usize>>> {
    // SAFETY: this function returns no reference.
    let core = unsafe { scheduler::resuming(context) }?;
    submit_at_once(core, core.places_for_files(), operation)
}

#[cfg(not(target_os = "linux"))]
fn begin_direct_at_once<O: Direct>(
    _operation: &mut O,
    _context: &Context<'_>,
) -> Option<Poll<io::Result<usize>>> {
    None
}

/// Like [`poll`](super::poll) for an operation that is not attempted. `None`: it cannot be given to the kernel.
#[cold]
#[inline(never)]
pub(crate) fn poll_direct<O: Direct>(
    operation: Pin<&mut O>,
    context: &Context<'_>,
) -> Option<Poll<io::Result<usize>>> {
    // SAFETY: the operation is not moved.
    let operation = unsafe { operation.get_unchecked_mut() };
    scheduler::with(|core| {
        let Some(core) = core else { return Some(Poll::Ready(Err(scheduler::outside()))) };
        if stage_of(operation) == Stage::New {
            return begin_direct(core, operation, context).then_some(Poll::Pending);
        }
        match progress_of(core, operation, context) {
            Progress::Done(result) if result != -Errno::INTR.raw_os_error() => {
                set_stage(operation, Stage::Ended);
                Some(Poll::Ready(value_of(result)))
            }
            Progress::Ready | Progress::Done(_) => {
                begin_direct(core, operation, context).then_some(Poll::Pending)
            }
            Progress::Pending => Some(Poll::Pending),
            Progress::Elsewhere => Some(Poll::Ready(Err(scheduler::outside()))),
        }
    })
}

#[cfg(target_os = "linux")]
fn begin_direct<O: Direct>(core: &Core, operation: &mut O, context: &Context<'_>) -> bool {
    core.ring().is_some_and(|ring| ring.can_do(O::CODE)) && submit(core, operation, context)
}

#[cfg(not(target_os = "linux"))]
fn begin_direct<O: Direct>(_core: &Core, _operation: &mut O, _context: &Context<'_>) -> bool {
    false
}
