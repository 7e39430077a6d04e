//! The runtime of this thread.

use core::cell::Cell;
use core::ptr::{self, NonNull};
use core::task::Context;

use super::Core;

thread_local! {
    static CURRENT: Cell<Option<NonNull<Core>>> = const { Cell::new(None) };
}

/// Marks a runtime as the one of this thread until dropped.
#[derive(Debug)]
pub(crate) struct Entered<'a> {
    before: Option<NonNull<Core>>,
    _core: &'a Core,
}

impl<'a> Entered<'a> {
    /// Enters `core` in order to run it.
    ///
    /// # Panics
    ///
    /// If this thread runs a runtime already: what the inner one is given to run could otherwise
    /// drop operations of the outer one, which could not wait for them.
    pub(crate) fn to_run(core: &'a Core) -> Self {
        let is_inside = with(|core| core.is_some());
        assert!(!is_inside, "a runtime cannot be run inside another one on the same thread");
        Entered::to_drop(core)
    }

    /// Enters `core` in order to drop it, perhaps inside another one. The tasks that are dropped
    /// own all they have, so no operation in a slot of the other one is among it.
    pub(crate) fn to_drop(core: &'a Core) -> Self {
        let before = CURRENT.replace(Some(NonNull::from(core)));
        Entered { before, _core: core }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        CURRENT.set(self.before);
    }
}

/// The runtime of this thread, if it resumes the running task with `context`. None: perhaps it does, in
/// another way.
///
/// # Safety
///
/// * The reference is used only until the calling function returns, and what the caller returns does not
///   keep it.
#[inline(always)] // as `with`
pub(crate) unsafe fn resuming<'a>(context: &Context<'_>) -> Option<&'a Core> {
    let core = CURRENT.get().map_or(ptr::null_mut(), NonNull::as_ptr);
    // The waker of the running task lies at the address of its core. One comparison also tells that there
    // is a core, as there is a waker.
    if !ptr::addr_eq(core, context.waker()) {
        return None;
    }
    // SAFETY: it is not null, and as in `with`: whoever holds `Entered` is further down this thread's stack
    // than the caller.
    Some(unsafe { &*core })
}

/// Calls `f` with the runtime of this thread.
#[inline(always)] // so that what `f` does not call needs no frame
pub(crate) fn with<R>(f: impl FnOnce(Option<&Core>) -> R) -> R {
    let core = CURRENT.get();
    // SAFETY: it is set only while `Entered` borrows the core, on this thread; `f` returns before
    // the borrow ends, because whoever holds `Entered` is further down this thread's stack.
    f(core.map(|core| unsafe { core.as_ref() }))
}
