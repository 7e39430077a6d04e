//! The task that is being resumed.

use core::cell::UnsafeCell;
use core::fmt;
use core::mem::ManuallyDrop;
use core::task::Waker;

use crate::op::Home;
use crate::task::{Header, Slot, borrowed, redirect};

/// The waker of the task that a core resumes, which also says which one that is.
///
/// # Invariants
///
/// * `WakerAtRest`: the waker changes only between two resumes, when no context has it. Established
///   by the callers of [`set`](Self::set) and [`clear`](Self::clear), which run no task meanwhile.
#[repr(C)]
pub(crate) struct Running {
    /// Never dropped: it holds no reference.
    waker: UnsafeCell<ManuallyDrop<Waker>>,
    /// What stands for a task while none is resumed. Its payload has no bytes.
    nobody: Box<Header>,
}

impl Running {
    pub(crate) fn new() -> Self {
        let nobody = Box::new(Header::nobody());
        Running { waker: UnsafeCell::new(borrowed(Slot::from(&*nobody))), nobody }
    }

    /// The task in `slot` is about to be resumed or dropped.
    ///
    /// # Safety
    ///
    /// * No context has the waker: `WakerAtRest`.
    #[inline]
    pub(crate) unsafe fn set(&self, slot: Slot) {
        // SAFETY: it is one of a slot, and nobody has a reference to it: by this function's contract.
        unsafe { redirect(self.waker.get(), slot) };
    }

    /// No task is resumed any more.
    ///
    /// # Safety
    ///
    /// * As for [`set`](Self::set).
    #[inline]
    pub(crate) unsafe fn clear(&self) {
        // SAFETY: by this function's contract.
        unsafe { self.set(Slot::from(&*self.nobody)) };
    }

    /// The waker of the task that is resumed.
    #[inline]
    pub(crate) fn waker(&self) -> &Waker {
        // SAFETY: it does not change while a reference may exist: `WakerAtRest`.
        unsafe { &*self.waker.get() }
    }

    /// The memory of the task that is resumed; none if there is none.
    #[inline]
    pub(crate) fn home(&self) -> Home {
        // SAFETY: the data of the waker is the address of a slot, which is not null: `set`.
        let slot = unsafe { Slot::new_unchecked(self.waker().data().cast_mut().cast()) };
        // SAFETY: the slot of a task that is resumed is occupied, and `nobody` is like one.
        unsafe { Home::of(slot) }
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").field("waker", self.waker()).finish_non_exhaustive()
    }
}
