//! What precedes a frame in its slot.

use core::cell::{Cell, UnsafeCell};
use core::fmt;
use core::mem::MaybeUninit;
use core::ptr::NonNull;
use core::task::Waker;

use super::raw::{Resume, Vtable};
use super::state::State;
use crate::pool::Pool;

/// The header of one slot; the frame follows [`PAYLOAD_OFFSET`] bytes after its start.
#[repr(C, align(16))]
pub(crate) struct Header {
    /// Touched by anybody, only through the transitions of [`State`].
    pub(crate) state: State,
    /// Operations in flight that point into this slot. Touched only by the runtime's thread.
    pub(crate) in_flight: Cell<u32>,
    /// The link of a run queue or of the free list. Touched only by the one who owns it:
    /// `OneQueue` for a run queue, the pool's lock for the free list.
    pub(crate) next: Cell<Option<NonNull<Header>>>,
    /// The pool this slot belongs to. Constant.
    pub(crate) pool: NonNull<Pool>,
    /// The functions of the task in this slot. Written by the spawner before `State::spawn`.
    pub(crate) vtable: Cell<&'static Vtable>,
    /// The first of them, as it is called most. Written with the vtable.
    pub(crate) resume: Cell<Resume>,
    /// How many bytes after the header's start the payload ends, or zero if operations in it have no
    /// [`Key`](crate::op::Key). Constant.
    pub(crate) end: u32,
    /// Who waits for the outcome. Touched by who has it: `OneJoiner`.
    joiner: UnsafeCell<MaybeUninit<Waker>>,
}

/// Where the payload of a slot begins, counted from its header.
pub(crate) const PAYLOAD_OFFSET: usize = size_of::<Header>();

#[cfg(all(target_pointer_width = "64", not(loom)))]
const _: () = assert!(PAYLOAD_OFFSET == 64);

/// A slot, by the address of its header.
pub(crate) type Slot = NonNull<Header>;

impl Header {
    /// The header of a slot at `place` without a task, whose payload has `size` bytes.
    pub(crate) fn new(pool: NonNull<Pool>, place: Slot, size: usize) -> Self {
        let end = size.checked_add(PAYLOAD_OFFSET).and_then(|end| u32::try_from(end).ok());
        let end = end.filter(|_| crate::op::Key::can_reach(place)).unwrap_or(0);
        Header {
            state: State::new(),
            in_flight: Cell::new(0),
            next: Cell::new(None),
            pool,
            end,
            vtable: Cell::new(Vtable::VACANT),
            resume: Cell::new(Vtable::VACANT.resume),
            joiner: UnsafeCell::new(MaybeUninit::uninit()),
        }
    }

    /// The header of no slot, for what needs one. It has no payload, and its task never runs.
    pub(crate) fn nobody() -> Self {
        Header {
            state: State::new(),
            in_flight: Cell::new(0),
            next: Cell::new(None),
            pool: NonNull::dangling(),
            end: 0,
            vtable: Cell::new(Vtable::VACANT),
            resume: Cell::new(Vtable::VACANT.resume),
            joiner: UnsafeCell::new(MaybeUninit::uninit()),
        }
    }

    /// Leaves the waker of the join handle here. What was here is forgotten.
    ///
    /// # Safety
    ///
    /// * The caller has the place: `OneJoiner`.
    #[inline]
    pub(super) unsafe fn leave_joiner(&self, waker: Waker) {
        // SAFETY: by this function's contract.
        unsafe { self.joiner.get().write(MaybeUninit::new(waker)) };
    }

    /// Takes the waker that was left.
    ///
    /// # Safety
    ///
    /// * The caller has the place, and a waker was left there since it was taken last.
    #[inline]
    pub(super) unsafe fn take_joiner(&self) -> Waker {
        // SAFETY: by this function's contract.
        let waker = unsafe { self.joiner.get().read() };
        // SAFETY: it was left, so it is initialised.
        unsafe { waker.assume_init() }
    }
}

/// The address of the payload of `slot`.
pub(crate) fn payload<T>(slot: Slot) -> *mut T {
    slot.as_ptr().wrapping_byte_add(PAYLOAD_OFFSET).cast()
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Header").field("state", &self.state).finish_non_exhaustive()
    }
}
