//! The waker of a task: the address of its slot.
//!
//! A clone keeps the pool alive, not the slot's task: a completed slot is reused at once, whoever
//! still holds wakers of it.

use core::mem::{self, ManuallyDrop};
use core::ptr::{self, NonNull};
use core::task::{RawWaker, RawWakerVTable, Waker};

use super::Queue;
use super::header::{Header, Slot};
use crate::pool::Pool;
use crate::scheduler::{self, RuntimeId};

static VTABLE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop);

/// The waker of the task in `slot`, for the time it is resumed. It holds no reference.
pub(crate) fn borrowed(slot: Slot) -> ManuallyDrop<Waker> {
    let raw = RawWaker::new(slot.as_ptr().cast(), &VTABLE);
    // SAFETY: the functions in the table keep the contract of `RawWaker`: they are thread safe, and
    // a clone keeps the slot's memory valid.
    ManuallyDrop::new(unsafe { Waker::from_raw(raw) })
}

/// Makes a waker that [`borrowed`] has given one of another slot.
///
/// # Safety
///
/// * `waker` points to such a waker, and nobody else has a reference to it.
#[inline]
pub(crate) unsafe fn redirect(waker: *mut ManuallyDrop<Waker>, slot: Slot) {
    // SAFETY: a waker consists of two pointers, and the first or second is its data: `DATA`.
    let data = unsafe { waker.cast::<*const ()>().add(DATA) };
    // SAFETY: by this function's contract. The functions in the table take the address of any slot.
    unsafe { data.write(slot.as_ptr().cast()) };
}

/// Which of the two pointers that a waker consists of is its data; the other one is its table.
const DATA: usize = {
    const { assert!(size_of::<Waker>() == size_of::<[*const (); 2]>()) };
    // SAFETY: it is only looked at.
    let waker = unsafe { Waker::from_raw(RawWaker::new(ptr::null(), &VTABLE)) };
    // SAFETY: it has the size of two pointers. One is that to the table, the other one is null.
    let [first, second] = unsafe { mem::transmute::<Waker, [*const (); 2]>(waker) };
    assert!(first.is_null() != second.is_null());
    if first.is_null() { 0 } else { 1 }
};

/// The slot that `waker` wakes, if it is the waker of a task of ours.
pub(crate) fn slot_of(waker: &Waker) -> Option<Slot> {
    let is_task = core::ptr::eq(waker.vtable(), &raw const VTABLE);
    // SAFETY: the data of a waker with this table is the address of a slot: `borrowed`, `clone`.
    is_task.then(|| unsafe { NonNull::new_unchecked(waker.data().cast_mut().cast()) })
}

/// A clone of `waker`, without a call if it is the waker of a task of ours.
#[inline]
pub(super) fn clone_task(waker: &Waker) -> Waker {
    let Some(slot) = slot_of(waker) else { return waker.clone() };
    // SAFETY: the memory of a slot is valid as long as a waker of it exists: `PoolCounted`.
    let pool = unsafe { slot.as_ref() }.pool;
    // SAFETY: the pool is alive: `PoolCounted`.
    unsafe { Pool::retain(pool) };
    ManuallyDrop::into_inner(borrowed(slot))
}

/// Wakes the one that `waker` wakes, without a call through a table if it is a task of ours.
#[inline]
pub(super) fn wake_by_reference(waker: &Waker) {
    match slot_of(waker) {
        // SAFETY: the memory of a slot is valid as long as a waker of it exists: `PoolCounted`.
        Some(slot) => unsafe { scheduler::wake(slot) },
        None => waker.wake_by_ref(),
    }
}

/// Wakes the one that `waker` wakes. A task of the runtime `id`, whose queue that is, is given to the
/// caller instead, who resumes it at once, if it only waits.
#[inline]
pub(crate) fn wake_at_once(waker: Waker, queue: &Queue, id: RuntimeId) -> Option<Slot> {
    let Some(slot) = slot_of(&waker) else {
        waker.wake();
        return None;
    };
    // SAFETY: the memory of a slot is valid as long as a waker of it exists: `PoolCounted`.
    let pool = unsafe { slot.as_ref() }.pool;
    // SAFETY: the pool is alive: `PoolCounted`.
    if unsafe { pool.as_ref() }.runtime() != id {
        waker.wake();
        return None;
    }
    // Its reference ends below.
    core::mem::forget(waker);
    // SAFETY: the memory of the slot is valid.
    if unsafe { slot.as_ref() }.state.is_waiting() {
        // SAFETY: the waker held one reference, which ends here: it is not dropped. A task that waits
        // keeps the pool.
        unsafe { Pool::release(pool) };
        return Some(slot);
    }
    // SAFETY: the memory of the slot is valid, and the queue is one of its runtime.
    unsafe { queue.wake(slot) };
    // SAFETY: as above.
    unsafe { Pool::release(pool) };
    None
}

/// # Safety
///
/// * `data` is the data of a waker made here.
unsafe fn pool_of(data: *const ()) -> NonNull<Pool> {
    // SAFETY: the memory of a slot is valid as long as a waker of it exists: `PoolCounted`.
    unsafe { (*data.cast::<Header>()).pool }
}

unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: by this function's contract.
    let pool = unsafe { pool_of(data) };
    // SAFETY: the pool is alive: `PoolCounted`.
    unsafe { Pool::retain(pool) };
    RawWaker::new(data, &VTABLE)
}

unsafe fn wake(data: *const ()) {
    // SAFETY: by this function's contract.
    unsafe { wake_by_ref(data) };
    // SAFETY: by this function's contract.
    unsafe { drop(data) };
}

unsafe fn wake_by_ref(data: *const ()) {
    if let Some(slot) = NonNull::new(data.cast_mut().cast()) {
        // SAFETY: the memory of a slot is valid as long as a waker of it exists: `PoolCounted`.
        unsafe { scheduler::wake(slot) };
    }
}

unsafe fn drop(data: *const ()) {
    // SAFETY: by this function's contract.
    let pool = unsafe { pool_of(data) };
    // SAFETY: the waker held one reference, which ends here.
    unsafe { Pool::release(pool) };
}
