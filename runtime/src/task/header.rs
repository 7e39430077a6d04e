//! What precedes a frame in its slot.

use core::cell::Cell;
use core::fmt;
use core::ptr::NonNull;
use core::task::Waker;

use super::raw::Vtable;
use super::state::State;
use crate::pool::Pool;
use crate::primitive::QuickLock;

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
    /// The address where the payload ends, or zero if no [`Key`](crate::op::Key) reaches all of it.
    /// Constant.
    pub(crate) end: usize,
    /// Who waits for the outcome, if `State::await_end` was called under this lock.
    pub(crate) joiner: QuickLock<Option<Waker>>,
}

/// Where the payload of a slot begins, counted from its header.
pub(crate) const PAYLOAD_OFFSET: usize = size_of::<Header>();

/// Where a lock is larger than a word, as on macOS, so is the header.
#[cfg(all(target_os = "linux", target_pointer_width = "64", not(loom)))]
const _: () = assert!(PAYLOAD_OFFSET == 64);

/// A slot, by the address of its header.
pub(crate) type Slot = NonNull<Header>;

impl Header {
    /// The header of a slot at `place` without a task, whose payload has `size` bytes.
    pub(crate) fn new(pool: NonNull<Pool>, place: Slot, size: usize) -> Self {
        let start = payload::<u8>(place).addr();
        let end = if crate::op::Key::can_reach(place, size) { start + size } else { 0 };
        Header {
            state: State::new(),
            in_flight: Cell::new(0),
            next: Cell::new(None),
            pool,
            end,
            vtable: Cell::new(Vtable::VACANT),
            joiner: QuickLock::new(None),
        }
    }
}

impl Header {
    /// Takes the waker of the join handle away.
    pub(crate) fn take_joiner(&self) -> Option<Waker> {
        let mut joiner = self.joiner.lock();
        self.state.await_no_more();
        joiner.take()
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
