//! One thread that runs tasks.

use core::cell::{Cell, OnceCell, RefCell};
use core::fmt;
use core::task::Waker;
use core::time::Duration;
use std::io;
use std::os::fd::RawFd;
#[cfg(target_os = "linux")]
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use super::{RuntimeId, Shared};
use crate::blocking::Threads;
use crate::driver::{Config, Ledger};
use crate::op::Home;
#[cfg(target_os = "linux")]
use crate::op::Key;
use crate::pool::{BufferLimits, Buffers, PoolRef};
use crate::sys::event::Event;
#[cfg(target_os = "linux")]
use crate::sys::ring::Ring;
use crate::task::{self, Claim, Queue, Slot, Wake};

/// How many tasks run before the driver is asked for completions.
///
/// Tasks that wake themselves take turns with I/O at this rate.
const BUDGET: usize = 256;

/// A run queue, the operations in flight and the driver, used by one thread.
///
/// No borrow of a cell here is held while foreign code runs: tasks, destructors and wakers.
pub(crate) struct Core {
    id: RuntimeId,
    shared: &'static Shared,
    queue: Queue,
    running: Cell<Option<Slot>>,
    ledger: RefCell<Ledger>,
    /// The buffers that are lent to who receives, once they are needed.
    buffers: OnceCell<Arc<Buffers>>,
    buffer_limits: BufferLimits,
    /// The ring, if the driver has one.
    #[cfg(target_os = "linux")]
    ring: Option<Rc<Ring>>,
}

impl Core {
    /// A core with the driver that `config` asks for.
    pub(crate) fn new(config: &Config) -> io::Result<Self> {
        let event = Arc::new(Event::new()?);
        let ledger = Ledger::new(config, &event)?;
        let buffers = OnceCell::new();
        if config.allocates_buffers || config.is_fixed {
            let _ = buffers.set(Arc::new(Buffers::new(config.buffers)?));
        }
        let threads = Threads::new(config.blocking)?;
        let (shared, id) = Shared::acquire(event, threads, config.is_fixed);
        let (queue, running) = (Queue::new(), Cell::new(None));
        #[cfg(target_os = "linux")]
        let ring = ledger.ring();
        let core = Core {
            id,
            shared,
            queue,
            running,
            ledger: RefCell::new(ledger),
            buffers,
            buffer_limits: config.buffers,
            #[cfg(target_os = "linux")]
            ring,
        };
        core.reserve(0);
        Ok(core)
    }

    /// The number of the runtime.
    pub(crate) const fn id(&self) -> RuntimeId {
        self.id
    }

    /// The record that other threads reach.
    pub(crate) const fn shared(&self) -> &'static Shared {
        self.shared
    }

    /// The buffers that are lent to who receives.
    pub(crate) fn buffers(&self) -> io::Result<Arc<Buffers>> {
        if let Some(buffers) = self.buffers.get() {
            return Ok(Arc::clone(buffers));
        }
        let buffers = Arc::new(Buffers::new(self.buffer_limits)?);
        Ok(Arc::clone(self.buffers.get_or_init(|| buffers)))
    }

    /// The operations in flight.
    pub(crate) const fn ledger(&self) -> &RefCell<Ledger> {
        &self.ledger
    }

    /// Whether the driver can give memory of a slot to the kernel.
    #[inline]
    pub(crate) const fn is_completion(&self) -> bool {
        #[cfg(target_os = "linux")]
        return self.ring.is_some();
        #[cfg(not(target_os = "linux"))]
        false
    }

    /// The ring, if the driver can give memory of a slot to the kernel.
    #[cfg(target_os = "linux")]
    #[inline]
    pub(crate) fn ring(&self) -> Option<&Ring> {
        self.ring.as_deref()
    }

    /// The slot of the task that is being resumed.
    #[inline]
    pub(crate) fn home(&self) -> Option<Home> {
        // SAFETY: the slot of the running task is occupied.
        self.running.get().map(|slot| unsafe { Home::of(slot) })
    }

    /// Makes room for the operations of `count` more tasks.
    pub(crate) fn reserve(&self, count: usize) {
        let operations = self.ledger.borrow_mut().reserve(count);
        self.shared.reserve_orphans(operations);
    }

    /// A descriptor is about to be closed: ends what a leaked operation still waits for.
    pub(crate) fn closing(&self, descriptor: RawFd) {
        while let Some(wake) = self.closing_wake(descriptor) {
            wake.wake();
        }
    }

    fn closing_wake(&self, descriptor: RawFd) -> Option<Wake> {
        self.ledger.borrow_mut().closing(descriptor)
    }

    /// A descriptor was closed, so that another can be made.
    pub(crate) fn descriptor_freed(&self) {
        let freed = self.ledger.borrow_mut().descriptor_freed();
        freed.into_iter().for_each(Wake::wake);
    }

    /// Puts a task into the run queue.
    ///
    /// # Safety
    ///
    /// * The caller set `QUEUED` in the slot's state, and the slot belongs to this runtime.
    pub(crate) unsafe fn push(&self, slot: Slot) {
        // SAFETY: by this function's contract.
        unsafe { self.queue.push(slot) };
    }

    /// Runs tasks until none is ready, or the budget is spent.
    pub(crate) fn run_ready(&self) {
        for _ in 0..BUDGET {
            let Some(slot) = self.queue.pop() else { break };
            self.run(slot);
        }
        self.running.set(None);
    }

    /// Runs one task that was taken from the queue.
    fn run(&self, slot: Slot) {
        // SAFETY: the slot was taken from this runtime's queue, on its thread.
        self.run_with(slot, |slot| unsafe { task::run(slot) });
    }

    /// The caller clears `running` when it has run the last task.
    #[inline(always)] // for two callers
    fn run_with(&self, slot: Slot, run: impl FnOnce(Slot) -> bool) {
        self.running.set(Some(slot));
        if run(slot) {
            // SAFETY: the task was woken while it ran, which set `QUEUED`.
            unsafe { self.push(slot) };
        }
    }

    /// Takes what other threads queued, fires timers, and lets the driver work; sleeps only if
    /// there is nothing else to do.
    pub(crate) fn wait(&self) -> io::Result<()> {
        self.take_remote();
        self.fire_timers();
        let timeout = self.timeout();
        let may_sleep = timeout != Some(Duration::ZERO) && self.shared.park();
        let timeout = if may_sleep { timeout } else { Some(Duration::ZERO) };
        let turned = self.ledger.borrow_mut().turn(timeout);
        if may_sleep {
            self.shared.awake();
        }
        turned?;
        self.run_arrivals();
        Ok(())
    }

    /// Resumes the tasks, and wakes the others, for whom something has arrived.
    fn run_arrivals(&self) {
        loop {
            while let Some(slot) = self.next_task() {
                // SAFETY: `next_task` gave the task to be resumed, by this runtime on its thread.
                self.run_with(slot, |slot| unsafe { task::resume(slot) });
            }
            self.running.set(None);
            let Some(waker) = self.next_waker() else { return };
            waker.wake();
        }
    }

    /// The task for which something has arrived, if that is all there is to it. The caller runs it.
    #[inline(always)] // for one caller
    fn next_task(&self) -> Option<Slot> {
        #[cfg(target_os = "linux")]
        if let Some(ring) = &self.ring {
            let completed = ring.peek()?;
            let key = Key::from_bits(completed.user_data)?;
            // SAFETY: the kernel gave the key back just now, and gives each back once; if the
            // operation has not landed, the completion is looked at again.
            let slot = unsafe { key.land_at_once(completed.result) }?;
            ring.skip();
            return Some(slot);
        }
        self.ledger.borrow_mut().next_task()
    }

    /// Wakes those whose operations have completed. Tasks go into the queue.
    pub(crate) fn settle(&self) {
        while let Some(waker) = self.next_waker() {
            waker.wake();
        }
    }

    fn next_waker(&self) -> Option<Waker> {
        self.ledger.borrow_mut().next(&self.queue)
    }

    /// Moves tasks that other threads woke to the run queue.
    pub(crate) fn take_remote(&self) {
        while let Some(orphan) = self.take_orphan() {
            crate::op::abandon(self, orphan);
        }
    }

    fn take_orphan(&self) -> Option<u32> {
        self.shared.take_remote(&self.queue)
    }

    fn fire_timers(&self) {
        if self.shared.timers.lock().is_empty() {
            return;
        }
        let now = Instant::now();
        while let Some(wake) = self.next_timer(now) {
            wake.wake();
        }
    }

    fn next_timer(&self, now: Instant) -> Option<Wake> {
        self.shared.timers.lock().pop_expired(now)
    }

    fn any_timer(&self) -> Option<Wake> {
        self.shared.timers.lock().pop_any()
    }

    /// How long the driver may sleep; `None` is for ever.
    fn timeout(&self) -> Option<Duration> {
        if !self.queue.is_empty() {
            return Some(Duration::ZERO);
        }
        let timer = self.shared.timers.lock().next_deadline();
        let deadline = [timer, self.ledger.borrow().deadline()].into_iter().flatten().min()?;
        Some(deadline.saturating_duration_since(Instant::now()))
    }

    /// Drops all tasks, then ends all operations. Nothing gets in afterwards.
    pub(crate) fn shut_down(&self) {
        let pools = self.shared.close();
        pools.iter().for_each(|pool| pool.close());
        self.take_remote();
        self.cancel_queued();
        pools.iter().for_each(|pool| self.cancel_all(pool));
        self.cancel_queued();
        drop(pools);
        self.shared.clear_classes();
        while let Some(wake) = self.any_timer() {
            wake.wake();
        }
        let settled = self.ledger.borrow_mut().shut_down();
        settled.into_iter().for_each(Wake::wake);
    }

    fn cancel_queued(&self) {
        loop {
            let Some(slot) = self.queue.pop() else { return };
            // SAFETY: the slot was taken from the queue, so its task is occupied.
            unsafe { slot.as_ref() }.state.begin();
            self.cancel(slot);
        }
    }

    fn cancel_all(&self, pool: &PoolRef) {
        for slot in pool.all_slots() {
            loop {
                // SAFETY: the pool is held, so its slots are valid.
                match unsafe { slot.as_ref() }.state.claim() {
                    Claim::Claimed => self.cancel(slot),
                    Claim::Nothing => break,
                    // Either it is in our queue, or a thread is about to see that it is closed.
                    Claim::Busy => {
                        self.cancel_queued();
                        std::thread::yield_now();
                    }
                }
            }
        }
    }

    fn cancel(&self, slot: Slot) {
        self.running.set(Some(slot));
        // SAFETY: the caller made `begin` or `claim` succeed.
        unsafe { task::cancel(slot) };
        self.running.set(None);
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").field("id", &self.id).finish_non_exhaustive()
    }
}
