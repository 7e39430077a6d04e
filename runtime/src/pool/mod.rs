//! Pools of slots: memory for tasks, taken before they start.
//!
//! # Invariants
//!
//! * `PoolCounted`: a pool and its slots stay valid while its count is not zero. Counted are the
//!   owner (a [`Frames`] or a size class), every slot that is not in the free list, and every waker of
//!   a slot.
//! * `SlotOwned`: a slot that is not in the free list has exactly one owner: a spawner or waiter
//!   it was granted to, a task, or the place for the spare one.

mod buffers;
mod chunk;
mod classes;
mod fit;
mod frames;
mod layout;
mod lease;
mod spare;
mod spawn;

use core::fmt;
use core::ptr::NonNull;
use core::sync::atomic::{AtomicUsize, Ordering::*};
use core::task::{Context, Poll, Waker};
use std::io;

pub(crate) use buffers::{BufferIndex, BufferLimits, BufferWaiter, Buffers};
use chunk::Chunk;
pub(crate) use classes::{Classes, Provision, take_exact};
pub(crate) use fit::Fit;
pub use frames::Frames;
pub(crate) use layout::SlotLayout;
pub use lease::Lease;
pub use spawn::Spawn;

use spare::Spare;

use crate::list::{List, Node};
use crate::primitive::{Guard, QuickLock};
use crate::scheduler::{RuntimeId, Shared};
use crate::task::Slot;

/// A set of slots of one shape.
pub(crate) struct Pool {
    shared: &'static Shared,
    runtime: RuntimeId,
    layout: SlotLayout,
    growth: Growth,
    /// How many keep the pool alive: `PoolCounted`.
    count: AtomicUsize,
    /// The slot that was given back last.
    spare: Spare,
    slots: QuickLock<Slots>,
}

/// Whether a pool may take more memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Growth {
    /// It has the slots it was made with.
    Fixed,
    /// It allocates more when it is full, and the runtime counts that.
    Counted,
}

/// What the lock of a pool guards.
struct Slots {
    free: Option<Slot>,
    /// How many are not in the free list.
    in_use: usize,
    total: usize,
    chunks: Vec<Chunk>,
    waiting: List<Waiter>,
    is_closed: bool,
    /// Whether the pool has an owner, who may take slots.
    is_owned: bool,
}

/// One who waits for a slot.
#[derive(Debug)]
pub(crate) struct Waiter {
    /// The slot, once it is granted.
    granted: Option<Slot>,
    waker: Option<Waker>,
}

/// Why there is no slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoSlot {
    /// All slots are in use.
    Full,
    /// The runtime has ended.
    Closed,
}

/// Keeps a pool alive.
#[derive(Debug)]
pub(crate) struct PoolRef(NonNull<Pool>);

// SAFETY: the free list and the chunks are behind the lock; the rest is constant or atomic.
unsafe impl Send for Pool {}
// SAFETY: as above.
unsafe impl Sync for Pool {}
// SAFETY: a slot that waits for its task is plain memory: `SlotOwned`.
unsafe impl Send for Waiter {}
// SAFETY: the links of free slots are behind the lock.
unsafe impl Send for Slots {}
// SAFETY: it gives shared access to a pool, which is `Sync`, and frees it wherever it is.
unsafe impl Send for PoolRef {}
// SAFETY: as above.
unsafe impl Sync for PoolRef {}

impl Pool {
    /// Makes a pool for the runtime `runtime`, with `count` slots.
    pub(crate) fn create(
        shared: &'static Shared,
        runtime: RuntimeId,
        layout: SlotLayout,
        growth: Growth,
        count: usize,
    ) -> io::Result<PoolRef> {
        let pool = Box::new(Pool {
            shared,
            runtime,
            layout,
            growth,
            count: AtomicUsize::new(1),
            spare: Spare::new(),
            slots: QuickLock::new(Slots::new()),
        });
        let pool = PoolRef(NonNull::from(Box::leak(pool)));
        pool.slots.lock().grow(&pool, count).ok_or(io::ErrorKind::OutOfMemory)?;
        shared.register_pool(runtime, pool.0)?;
        Ok(pool)
    }

    /// The record of the runtime.
    pub(crate) const fn shared(&self) -> &'static Shared {
        self.shared
    }

    /// The runtime whose tasks live here.
    pub(crate) const fn runtime(&self) -> RuntimeId {
        self.runtime
    }

    /// Bytes from one slot to the next.
    pub(crate) fn stride(&self) -> usize {
        self.layout.stride().expect("the pool was allocated with it")
    }

    /// The number of slots, and how many of them are in use.
    pub(crate) fn usage(&self) -> (usize, usize) {
        let slots = self.slots.lock();
        (slots.total, slots.in_use - usize::from(self.spare.has_slot()))
    }

    /// All the memory of the pool, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.slots.lock().chunks.iter().map(Chunk::bytes).sum::<usize>() + size_of::<Pool>()
    }

    /// Takes a slot, unless somebody waits for one already.
    #[inline]
    pub(crate) fn take(&self) -> Result<Slot, NoSlot> {
        match self.spare.take() {
            Some(slot) => Ok(slot),
            None => self.take_from_list(),
        }
    }

    fn take_from_list(&self) -> Result<Slot, NoSlot> {
        let mut slots = self.slots.lock();
        let slot = slots.take(self)?;
        self.count.fetch_add(1, Relaxed);
        Ok(slot)
    }

    /// Takes a slot that is free, if there is one: that needs no more memory.
    #[inline]
    pub(crate) fn take_free(&self) -> Option<Slot> {
        match self.spare.take() {
            None => self.take_free_from_list(),
            spare => spare,
        }
    }

    fn take_free_from_list(&self) -> Option<Slot> {
        let mut slots = self.slots.lock();
        if slots.is_closed {
            return None;
        }
        let slot = slots.take_free()?;
        self.count.fetch_add(1, Relaxed);
        Some(slot)
    }

    /// Takes a slot or waits for it, in the order of arrival.
    ///
    /// # Safety
    ///
    /// * `waiter` is pinned, is used with this pool only, and its owner calls [`Pool::leave`]
    ///   before its memory is reused.
    pub(crate) unsafe fn poll_take(
        &self,
        waiter: &Node<Waiter>,
        context: &Context<'_>,
    ) -> Poll<Result<Slot, NoSlot>> {
        // Wakers are cloned and dropped outside the lock: that may be anybody's code.
        let mut waker = Some(context.waker().clone());
        let mut slots = self.slots.lock();
        // SAFETY: the lock of the pool is held: `LinksLocked`.
        let value = unsafe { &mut *waiter.value() };
        if let Some(slot) = value.granted.take() {
            return Poll::Ready(Ok(slot));
        }
        // SAFETY: the lock of the pool is held.
        let is_linked = unsafe { waiter.is_linked() };
        if !is_linked {
            match slots.take(self) {
                Err(NoSlot::Full) => (),
                taken => {
                    self.count.fetch_add(usize::from(taken.is_ok()), Relaxed);
                    return Poll::Ready(taken);
                }
            }
            // One may have been given back there since it was looked for.
            if slots.waiting.is_empty()
                && let Some(slot) = self.spare.bar()
            {
                self.unbar(&slots);
                return Poll::Ready(Ok(slot));
            }
            // SAFETY:
            // - the lock of the pool is held.
            // - the node is pinned and removed in time: by this function's contract.
            // - it is in no list: it was not linked, and it belongs to this pool.
            unsafe { slots.waiting.push_back(waiter) };
        }
        core::mem::swap(&mut value.waker, &mut waker);
        Poll::Pending
    }

    /// Ends a wait, whatever it has come to.
    ///
    /// # Safety
    ///
    /// * `waiter` was used with this pool only.
    pub(crate) unsafe fn leave(&self, waiter: &Node<Waiter>) {
        let mut slots = self.slots.lock();
        // SAFETY: the lock of the pool is held.
        if unsafe { waiter.is_linked() } {
            // SAFETY: the lock is held, and the node can only be in this list.
            unsafe { slots.waiting.remove(waiter) };
            self.unbar(&slots);
        }
        // SAFETY: the lock of the pool is held: `LinksLocked`.
        let value = unsafe { &mut *waiter.value() };
        let (granted, waker) = (value.granted.take(), value.waker.take());
        drop(slots);
        drop(waker);
        if let Some(slot) = granted {
            // SAFETY: the slot was granted to this waiter and is vacant.
            unsafe { Pool::give_back(slot) };
        }
    }

    /// Makes a slot vacant and gives it to the first who waits, or to the free list.
    ///
    /// # Safety
    ///
    /// * `slot` belongs to the caller, and its payload holds nothing.
    #[inline]
    pub(crate) unsafe fn give_back(slot: Slot) {
        // SAFETY: the slot is valid as long as it is taken: `PoolCounted`.
        let header = unsafe { slot.as_ref() };
        header.state.free();
        // SAFETY: the count of the taken slot is alive until the end of this function, or passes to the
        // place for the spare one, with which it ends.
        let pool = unsafe { header.pool.as_ref() };
        if !pool.spare.put(slot) {
            // SAFETY: by this function's contract.
            unsafe { Pool::give_to_list(slot) };
        }
    }

    /// Gives a slot to the first who waits, or to the free list.
    ///
    /// # Safety
    ///
    /// * `slot` belongs to the caller, and is vacant.
    #[inline(never)] // so that where it is not needed no registers are saved
    unsafe fn give_to_list(slot: Slot) {
        // SAFETY: the slot is valid as long as it is taken: `PoolCounted`.
        let address = unsafe { slot.as_ref() }.pool;
        // SAFETY: the count of the taken slot is alive until the end of this function.
        let pool = unsafe { address.as_ref() };
        let mut slots = pool.slots.lock();
        if !slots.waiting.is_empty() {
            return pool.grant(slots, slot);
        }
        slots.put(slot);
        drop(slots);
        // SAFETY: the slot was taken, which was counted.
        unsafe { Pool::release(address) };
    }

    /// Lets slots be given back without the lock, if nobody waits for one. Called under the lock, when
    /// somebody waits no more.
    fn unbar(&self, slots: &Slots) {
        if slots.waiting.is_empty() && slots.is_owned && !slots.is_closed {
            self.spare.unbar();
        }
    }

    /// Lets no slot be given back without the lock any more.
    fn bar(&self, mut slots: Guard<'_, Slots>) {
        let Some(slot) = self.spare.bar() else { return };
        slots.put(slot);
        // ORDERING: as in `release`. The slot was counted; the caller counts as well, so it is not the last.
        let before = self.count.fetch_sub(1, AcqRel);
        debug_assert!(before > 1);
    }

    /// The owner of the pool is about to leave it.
    fn disown(&self) {
        let mut slots = self.slots.lock();
        slots.is_owned = false;
        self.bar(slots);
    }

    /// Gives a slot that is vacant to the first who waits.
    #[cold]
    fn grant(&self, mut slots: Guard<'_, Slots>, slot: Slot) {
        if let Some(waiter) = slots.waiting.pop_front() {
            // SAFETY: it was linked until now, and the lock is held: `NodePinned`.
            let value = unsafe { waiter.as_ref() }.value();
            // SAFETY: the lock of the pool is held: `LinksLocked`.
            let waiter = unsafe { &mut *value };
            waiter.granted = Some(slot);
            let waker = waiter.waker.take();
            self.unbar(&slots);
            drop(slots);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }

    /// Refuses every spawn from now on, and wakes those who wait.
    pub(crate) fn close(&self) {
        let mut slots = self.slots.lock();
        slots.is_closed = true;
        self.bar(slots);
        loop {
            let mut slots = self.slots.lock();
            let Some(waiter) = slots.waiting.pop_front() else { return };
            // SAFETY: it was linked until now, and the lock is held: `NodePinned`.
            let value = unsafe { waiter.as_ref() }.value();
            // SAFETY: the lock of the pool is held: `LinksLocked`.
            let waker = unsafe { &mut *value }.waker.take();
            drop(slots);
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }

    /// Every slot, vacant or not.
    pub(crate) fn all_slots(&self) -> Vec<Slot> {
        self.slots.lock().chunks.iter().flat_map(Chunk::slots).collect()
    }

    /// Counts one more who keeps the pool alive.
    ///
    /// # Safety
    ///
    /// * The pool is alive.
    #[inline]
    pub(crate) unsafe fn retain(pool: NonNull<Pool>) {
        // SAFETY: by this function's contract.
        let before = unsafe { pool.as_ref() }.count.fetch_add(1, Relaxed);
        // A count that wraps would free memory that is in use; leaked wakers cannot get this far.
        assert!(before.cast_signed() >= 0, "too many wakers of one pool");
    }

    /// Keeps the pool alive, unless it is being freed already.
    ///
    /// # Safety
    ///
    /// * The memory of the pool is valid: the caller holds the lock of the registry it is in.
    pub(crate) unsafe fn try_hold(pool: NonNull<Pool>) -> Option<PoolRef> {
        let increment = |count: usize| (count != 0).then(|| count + 1);
        // SAFETY: by this function's contract.
        let count = &unsafe { pool.as_ref() }.count;
        count.fetch_update(AcqRel, Acquire, increment).ok().map(|_| PoolRef(pool))
    }

    /// Ends what one count stood for. The last one frees the pool.
    ///
    /// # Safety
    ///
    /// * The caller owns one count and does not use the pool afterwards.
    #[inline]
    pub(crate) unsafe fn release(pool: NonNull<Pool>) {
        // ORDERING: pairs with itself: the last release sees what the others did.
        // SAFETY: the pool is alive as long as the caller's count.
        if unsafe { pool.as_ref() }.count.fetch_sub(1, AcqRel) == 1 {
            // SAFETY: nobody counts on it any more.
            unsafe { Pool::free(pool) };
        }
    }

    /// Frees the pool.
    ///
    /// # Safety
    ///
    /// * The caller has ended the last count.
    #[cold]
    unsafe fn free(pool: NonNull<Pool>) {
        // SAFETY: the memory is freed only below.
        unsafe { pool.as_ref() }.shared.unregister_pool(pool);
        // SAFETY: it came from a box, nobody counts on it, and the registry has forgotten it.
        drop(unsafe { Box::from_raw(pool.as_ptr()) });
    }
}

impl Slots {
    const fn new() -> Self {
        Slots {
            free: None,
            in_use: 0,
            total: 0,
            chunks: Vec::new(),
            waiting: List::new(),
            is_closed: false,
            is_owned: true,
        }
    }

    /// Takes a slot off the free list; somebody who waits comes first.
    #[inline]
    fn take(&mut self, pool: &Pool) -> Result<Slot, NoSlot> {
        if self.is_closed {
            return Err(NoSlot::Closed);
        }
        if !self.waiting.is_empty() {
            return Err(NoSlot::Full);
        }
        if self.free.is_none() && pool.growth == Growth::Counted {
            pool.shared.count_growth();
            self.grow(pool, self.total.clamp(1, GROWTH_MAX)).ok_or(NoSlot::Full)?;
        }
        self.take_free().ok_or(NoSlot::Full)
    }

    /// Takes a slot off the free list. If somebody waits, there is none: who waits has found none, and gets
    /// the next one.
    #[inline]
    fn take_free(&mut self) -> Option<Slot> {
        let slot = self.free?;
        debug_assert!(self.waiting.is_empty());
        // SAFETY: a slot of the free list is valid, and the lock is held.
        self.free = unsafe { slot.as_ref() }.next.get();
        self.in_use += 1;
        Some(slot)
    }

    /// Puts a vacant slot into the free list.
    #[inline]
    fn put(&mut self, slot: Slot) {
        // SAFETY: the slot is valid as long as it is taken: `PoolCounted`. It is the caller's.
        unsafe { slot.as_ref() }.next.set(self.free);
        self.free = Some(slot);
        self.in_use -= 1;
    }

    /// Adds `count` slots, `None` if there is no memory for them.
    fn grow(&mut self, pool: &Pool, count: usize) -> Option<()> {
        let is_fixed = pool.shared.is_fixed();
        let chunk = Chunk::allocate(pool.layout, count, NonNull::from(pool), is_fixed)?;
        self.chunks.try_reserve(1).ok()?;
        let mut next = self.free;
        for slot in chunk.slots() {
            // SAFETY: the chunk was just allocated, and its slots are vacant.
            unsafe { slot.as_ref() }.next.set(next);
            next = Some(slot);
        }
        self.free = next;
        self.total += count;
        self.chunks.push(chunk);
        Some(())
    }
}

/// The largest number of slots a pool grows by at once.
const GROWTH_MAX: usize = 1024;

impl Waiter {
    /// One who does not wait yet.
    pub(crate) const fn new() -> Self {
        Waiter { granted: None, waker: None }
    }
}

impl core::ops::Deref for PoolRef {
    type Target = Pool;

    fn deref(&self) -> &Pool {
        // SAFETY: the pool is alive as long as this counts: `PoolCounted`.
        unsafe { self.0.as_ref() }
    }
}

impl Drop for PoolRef {
    fn drop(&mut self) {
        self.disown();
        // SAFETY: this owns one count.
        unsafe { Pool::release(self.0) };
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (slots, in_use) = self.usage();
        f.debug_struct("Pool")
            .field("layout", &self.layout)
            .field("slots", &slots)
            .field("in_use", &in_use)
            .finish_non_exhaustive()
    }
}
