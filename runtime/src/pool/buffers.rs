//! Buffers that are lent to who receives, and those who wait for one.
//!
//! # Invariants
//!
//! * `BufferLent`: a buffer that is not free has exactly one owner: a [`Lease`](crate::net::Lease),
//!   or one who waits and was granted it. Established by the lock around the free ones.

use core::fmt;
use core::mem::MaybeUninit;
use core::ptr::NonNull;
use core::slice;
use core::task::{Context, Poll, Waker};
use std::alloc::{self, Layout};
use std::io;

use crate::list::{List, Node};
use crate::primitive::QuickLock;
use crate::sys::pages;

/// How many buffers a runtime lends, and how large they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BufferLimits {
    pub(crate) count: u32,
    pub(crate) bytes: u32,
}

/// The number of a buffer.
pub(crate) type BufferIndex = u32;

/// Buffers of one size, in one piece of memory. There are never more than at the start.
pub(crate) struct Buffers {
    start: NonNull<u8>,
    layout: Layout,
    limits: BufferLimits,
    state: QuickLock<State>,
}

/// What the lock guards.
struct State {
    /// It has room for all buffers.
    free: Vec<BufferIndex>,
    waiting: List<BufferWaiter>,
}

/// One who waits for a buffer.
#[derive(Debug)]
pub(crate) struct BufferWaiter {
    /// The buffer, once it is granted.
    granted: Option<BufferIndex>,
    waker: Option<Waker>,
}

// SAFETY: a buffer is touched by its owner only: `BufferLent`; the rest is behind the lock.
unsafe impl Send for Buffers {}
// SAFETY: as above.
unsafe impl Sync for Buffers {}

/// Memory of zeros from the allocator takes no pages before it is used, if it is not aligned to more.
const ALIGN: usize = 16;

impl Buffers {
    /// Allocates all buffers.
    pub(crate) fn new(limits: BufferLimits) -> io::Result<Self> {
        let full = || io::Error::from(io::ErrorKind::OutOfMemory);
        let size = (limits.count as usize).checked_mul(limits.bytes as usize).ok_or_else(full)?;
        let layout = Layout::from_size_align(size.max(1), ALIGN).map_err(|_| full())?;
        let mut free = Vec::new();
        free.try_reserve_exact(limits.count as usize).map_err(|_| full())?;
        // So that the first ones are lent first, and again.
        free.extend((0..limits.count).rev());
        // SAFETY: the layout has a size.
        let start = NonNull::new(unsafe { alloc::alloc_zeroed(layout) }).ok_or_else(full)?;
        let state = QuickLock::new(State { free, waiting: List::new() });
        Ok(Buffers { start, layout, limits, state })
    }

    /// Uses all pages of the memory, so that the system has given them.
    pub(crate) fn touch(&mut self) {
        let start = self.start.as_ptr().cast::<MaybeUninit<u8>>();
        // SAFETY: it is the memory that was allocated, and nobody has a buffer: each keeps this alive, and
        // this is borrowed exclusively.
        pages::claim(unsafe { slice::from_raw_parts_mut(start, self.layout.size()) });
    }

    /// Where a buffer begins.
    #[inline]
    pub(crate) const fn place(&self, index: BufferIndex) -> NonNull<u8> {
        debug_assert!(index < self.limits.count);
        // SAFETY: the memory has room for so many buffers of the size.
        unsafe { self.start.add(index as usize * self.limits.bytes as usize) }
    }

    /// The size of a buffer.
    #[inline]
    pub(crate) const fn bytes(&self) -> u32 {
        self.limits.bytes
    }

    /// Takes a buffer, unless somebody waits for one already.
    pub(crate) fn take(&self) -> Option<BufferIndex> {
        let mut state = self.state.lock();
        if state.waiting.is_empty() { state.free.pop() } else { None }
    }

    /// Takes a buffer or waits for it, in the order of arrival.
    ///
    /// # Safety
    ///
    /// * `waiter` is pinned, is used with these buffers only, and its owner calls
    ///   [`leave`](Self::leave) before its memory is reused.
    pub(crate) unsafe fn poll_take(
        &self,
        waiter: &Node<BufferWaiter>,
        context: &Context<'_>,
    ) -> Poll<BufferIndex> {
        // Wakers are cloned and dropped outside the lock: that may be anybody's code.
        let mut waker = Some(context.waker().clone());
        let mut state = self.state.lock();
        // SAFETY: the lock of the list is held: `LinksLocked`.
        let value = unsafe { &mut *waiter.value() };
        if let Some(buffer) = value.granted.take() {
            drop(state);
            return Poll::Ready(buffer);
        }
        // SAFETY: the lock of the list is held.
        let is_linked = unsafe { waiter.is_linked() };
        if !is_linked {
            if state.waiting.is_empty()
                && let Some(buffer) = state.free.pop()
            {
                drop(state);
                return Poll::Ready(buffer);
            }
            // SAFETY:
            // - the lock of the list is held.
            // - the node is pinned and removed in time: by this function's contract.
            // - it is in no list: it was not linked, and it belongs to these buffers.
            unsafe { state.waiting.push_back(waiter) };
        }
        core::mem::swap(&mut value.waker, &mut waker);
        drop(state);
        Poll::Pending
    }

    /// Ends a wait, whatever it has come to.
    ///
    /// # Safety
    ///
    /// * `waiter` was used with these buffers only.
    pub(crate) unsafe fn leave(&self, waiter: &Node<BufferWaiter>) {
        let mut state = self.state.lock();
        // SAFETY: the lock of the list is held.
        if unsafe { waiter.is_linked() } {
            // SAFETY: the lock is held, and the node can only be in this list.
            unsafe { state.waiting.remove(waiter) };
        }
        // SAFETY: the lock of the list is held: `LinksLocked`.
        let value = unsafe { &mut *waiter.value() };
        let (granted, waker) = (value.granted.take(), value.waker.take());
        drop(state);
        drop(waker);
        if let Some(buffer) = granted {
            self.give_back(buffer);
        }
    }

    /// Gives a buffer, whose owner is the caller, to the first who waits, or to those that are free.
    pub(crate) fn give_back(&self, buffer: BufferIndex) {
        let mut state = self.state.lock();
        let Some(waiter) = state.waiting.pop_front() else {
            debug_assert!(state.free.len() < self.limits.count as usize);
            state.free.push(buffer);
            return;
        };
        // SAFETY: it was linked until now, and the lock is held: `NodePinned`.
        let value = unsafe { waiter.as_ref() }.value();
        // SAFETY: the lock of the list is held: `LinksLocked`.
        let waiter = unsafe { &mut *value };
        waiter.granted = Some(buffer);
        let waker = waiter.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Drop for Buffers {
    fn drop(&mut self) {
        // SAFETY: it was allocated with this layout, and no lease is left: each keeps this alive.
        unsafe { alloc::dealloc(self.start.as_ptr(), self.layout) };
    }
}

impl BufferWaiter {
    /// One who does not wait yet.
    pub(crate) const fn new() -> Self {
        BufferWaiter { granted: None, waker: None }
    }
}

impl fmt::Debug for Buffers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let free = self.state.lock().free.len();
        f.debug_struct("Buffers").field("limits", &self.limits).field("free", &free).finish()
    }
}
