//! The record of a runtime that other threads reach.
//!
//! Records are never freed: an [`Io`](crate::Io) is a plain reference to one, with the id of its
//! runtime. A record is used again when its runtime has ended; the ids tell the two apart.

use core::ptr::NonNull;
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering::*};
use std::io;
use std::sync::Arc;

use super::attention::Attention;
use crate::blocking::Threads;
use crate::pool::{Classes, Growth, Pool, PoolRef, Provision};
use crate::primitive::{Lock, QuickLock};
use crate::sys::event::Event;
use crate::sys::pages;
use crate::task::{Queue, Slot};
use crate::time::LockedTimers;

/// The number of one runtime, of 28 bits; none is used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RuntimeId(u32);

/// What threads share of one runtime.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Whether `remote` must be looked at, and whether the runtime sleeps.
    attention: Attention,
    /// Tasks woken by other threads, and who must be told.
    remote: QuickLock<Remote>,
    /// The pools of the runtime.
    pools: Lock<Registry>,
    /// Pools for tasks without a pool of their own.
    classes: Lock<Classes>,
    /// Sleeping futures.
    pub(crate) timers: LockedTimers,
    /// Threads for what blocks.
    threads: Lock<Option<(RuntimeId, Arc<Threads>)>>,
    /// How often a pool without a fixed size took memory.
    growths: AtomicUsize,
    /// Whether they may not.
    is_fixed: AtomicBool,
}

/// What the lock of the remote queue guards.
#[derive(Debug, Default)]
struct Remote {
    open: Option<RuntimeId>,
    queue: Queue,
    orphans: Vec<u32>,
    event: Option<Arc<Event>>,
}

#[derive(Debug, Default)]
struct Registry {
    open: Option<RuntimeId>,
    pools: Vec<PoolAddress>,
}

/// A pool that the registry does not keep alive.
#[derive(Debug, PartialEq, Eq)]
struct PoolAddress(NonNull<Pool>);

// SAFETY: a pool is `Sync`; the registry uses it only while it is registered.
unsafe impl Send for PoolAddress {}

static NEXT_ID: AtomicU32 = AtomicU32::new(1);
/// Records without a runtime.
static VACANT: Lock<Vec<&'static Shared>> = Lock::new(Vec::new());
/// The runtimes there are.
static LIVE: Lock<Vec<(RuntimeId, &'static Shared)>> = Lock::new(Vec::new());

impl RuntimeId {
    fn next() -> Self {
        let id = NEXT_ID.fetch_add(1, Relaxed);
        assert!(id < 1 << 28, "too many runtimes were made in this process");
        RuntimeId(id)
    }

    /// The number.
    pub(crate) const fn get(self) -> u32 {
        self.0
    }
}

impl Shared {
    /// A record for a new runtime, which `event` wakes.
    pub(crate) fn acquire(
        event: Arc<Event>,
        threads: Arc<Threads>,
        is_fixed: bool,
    ) -> (&'static Self, RuntimeId) {
        let id = RuntimeId::next();
        let recycled = VACANT.lock().pop();
        let shared = recycled.unwrap_or_else(|| Box::leak(Box::new(Shared::new())));
        shared.pools.lock().open = Some(id);
        *shared.threads.lock() = Some((id, threads));
        shared.is_fixed.store(is_fixed, Relaxed);
        let mut remote = shared.remote.lock();
        remote.open = Some(id);
        remote.event = Some(event);
        shared.attention.reset();
        drop(remote);
        LIVE.lock().push((id, shared));
        (shared, id)
    }

    fn new() -> Self {
        Shared {
            attention: Attention::new(),
            remote: QuickLock::default(),
            pools: Lock::default(),
            classes: Lock::new(Classes::new()),
            timers: LockedTimers::new(),
            threads: Lock::new(None),
            growths: AtomicUsize::new(0),
            is_fixed: AtomicBool::new(false),
        }
    }

    /// Gives the record back after its runtime has ended.
    pub(crate) fn recycle(&'static self, id: RuntimeId) {
        LIVE.lock().retain(|live| live.0 != id);
        self.growths.store(0, Relaxed);
        self.remote.lock().orphans.clear();
        VACANT.lock().push(self);
    }

    /// Whether the runtime `id` still runs.
    pub(crate) fn is_open(&self, id: RuntimeId) -> bool {
        self.remote.lock().open == Some(id)
    }

    /// Lets no task and no pool in any more, and gives the pools that are left.
    pub(crate) fn close(&self) -> Vec<PoolRef> {
        let mut remote = self.remote.lock();
        remote.open = None;
        remote.event = None;
        drop(remote);
        let threads = self.threads.lock().take();
        if let Some((_, threads)) = threads {
            threads.close();
        }
        let mut registry = self.pools.lock();
        registry.open = None;
        let pools = registry.pools.iter();
        // SAFETY: registered pools are valid while the lock of the registry is held.
        pools.filter_map(|pool| unsafe { Pool::try_hold(pool.0) }).collect()
    }

    /// Lets go of the pools of the size classes.
    pub(crate) fn clear_classes(&self) {
        let classes = core::mem::replace(&mut *self.classes.lock(), Classes::new());
        drop(classes);
    }

    /// Queues a task from another thread. False: the runtime `id` has ended.
    ///
    /// # Safety
    ///
    /// * The caller set `QUEUED` in the slot's state, and the slot belongs to the runtime `id`.
    pub(crate) unsafe fn push(&self, id: RuntimeId, slot: Slot) -> bool {
        let remote = self.remote.lock();
        if remote.open != Some(id) {
            return false;
        }
        // SAFETY: by this function's contract.
        unsafe { remote.queue.push(slot) };
        let sleeper = self.call(&remote);
        drop(remote);
        signal(sleeper);
        true
    }

    /// Tells the runtime with the number `id` that nobody waits for an operation any more.
    pub(crate) fn push_orphan(id: u32, operation: u32) {
        let id = RuntimeId(id);
        let found = LIVE.lock().iter().find(|live| live.0 == id).map(|live| live.1);
        let Some(shared) = found else { return };
        let mut remote = shared.remote.lock();
        if remote.open == Some(id) {
            remote.orphans.push(operation);
            let sleeper = shared.call(&remote);
            drop(remote);
            signal(sleeper);
        }
    }

    /// Something was queued. Gives whom to signal when the lock is free again: the runtime's thread, if it
    /// sleeps or is about to. Signaled under the lock, it would wake only to wait for that.
    fn call(&self, remote: &Remote) -> Option<Arc<Event>> {
        if self.attention.call() { remote.event.clone() } else { None }
    }

    /// Makes the runtime look at its queues and timers again.
    pub(crate) fn unpark(&self) {
        if self.attention.wake() {
            let sleeper = self.remote.lock().event.clone();
            signal(sleeper);
        }
    }

    /// Moves what other threads queued, and takes one orphan.
    #[inline]
    pub(crate) fn take_remote(&self, queue: &Queue) -> Option<u32> {
        if self.attention.is_called() { self.take_queued(queue) } else { None }
    }

    #[cold]
    fn take_queued(&self, queue: &Queue) -> Option<u32> {
        let mut remote = self.remote.lock();
        queue.append(&remote.queue);
        let orphan = remote.orphans.pop();
        if remote.orphans.is_empty() {
            self.attention.answer();
        }
        orphan
    }

    /// Announces that the runtime will sleep. False: there is something to do first.
    #[inline]
    pub(crate) fn park(&self) -> bool {
        self.attention.sleep()
    }

    /// The runtime is awake again.
    #[inline]
    pub(crate) fn awake(&self) {
        self.attention.awake();
    }

    /// Adds a pool to the registry.
    pub(crate) fn register_pool(&self, id: RuntimeId, pool: NonNull<Pool>) -> io::Result<()> {
        let mut registry = self.pools.lock();
        if registry.open != Some(id) {
            return Err(super::ended());
        }
        registry.pools.push(PoolAddress(pool));
        Ok(())
    }

    /// Removes a pool that is about to be freed.
    pub(crate) fn unregister_pool(&self, pool: NonNull<Pool>) {
        self.pools.lock().pools.retain(|registered| registered.0 != pool);
    }

    /// Makes pools for tasks without a pool of their own.
    pub(crate) fn provide(&'static self, id: RuntimeId, tasks: &Provision) -> io::Result<()> {
        let growth = if self.is_fixed() { Growth::Fixed } else { Growth::Counted };
        self.classes.lock().provide(self, id, tasks, growth)
    }

    /// Whether no pool may take memory by itself.
    pub(crate) fn is_fixed(&self) -> bool {
        self.is_fixed.load(Relaxed)
    }

    /// Makes room for what other threads say of so many operations.
    pub(crate) fn reserve_orphans(&self, count: usize) {
        let mut remote = self.remote.lock();
        let more = count.saturating_sub(remote.orphans.len());
        remote.orphans.reserve(more);
        if self.is_fixed() {
            pages::claim(remote.orphans.spare_capacity_mut());
        }
    }

    /// Takes a slot for a task without a pool of its own.
    pub(crate) fn take_slot(
        &'static self,
        id: RuntimeId,
        size: usize,
        align: usize,
    ) -> io::Result<Slot> {
        let mut classes = self.classes.lock();
        if self.is_open(id) { classes.take(self, id, size, align) } else { Err(super::ended()) }
    }

    /// The threads of the runtime `id`.
    pub(crate) fn threads(&self, id: RuntimeId) -> io::Result<Arc<Threads>> {
        match &*self.threads.lock() {
            Some((owner, threads)) if *owner == id => Ok(Arc::clone(threads)),
            _ => Err(super::ended()),
        }
    }

    /// Counts that a pool took memory.
    pub(crate) fn count_growth(&self) {
        self.growths.fetch_add(1, Relaxed);
    }

    /// How often pools took memory after they were made.
    pub(crate) fn growths(&self) -> usize {
        self.growths.load(Relaxed)
    }
}

fn signal(sleeper: Option<Arc<Event>>) {
    if let Some(event) = sleeper {
        event.signal();
    }
}
