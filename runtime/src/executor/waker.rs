//! The waker of a task: the address of its header, and nothing to count.
//!
//! The memory of tasks is static, so a waker is valid for ever. One that outlives its task finds the
//! slot vacant, which ignores it, or finds a newer task, which is resumed once for nothing: futures
//! allow that.

use core::mem::ManuallyDrop;
use core::task::{RawWaker, RawWakerVTable, Waker};

use super::header::Task;

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake, drop);

/// The waker of `task`.
pub(super) fn of(task: Task) -> ManuallyDrop<Waker> {
    // SAFETY:
    // - the functions in the table keep the contract of `RawWaker`: they can be called anywhere, and
    //   the data is valid for ever.
    ManuallyDrop::new(unsafe { Waker::from_raw(raw(task.address())) })
}

fn raw(address: usize) -> RawWaker {
    RawWaker::new(core::ptr::with_exposed_provenance(address), &VTABLE)
}

unsafe fn clone(data: *const ()) -> RawWaker {
    RawWaker::new(data, &VTABLE)
}

unsafe fn wake(data: *const ()) {
    // SAFETY:
    // - the data of this waker is the address of a task.
    let task = unsafe { Task::at(data.expose_provenance()) };
    task.wake();
}

unsafe fn drop(_: *const ()) {}
