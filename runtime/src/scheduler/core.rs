//! One thread that runs tasks.

use core::cell::{OnceCell, RefCell};
use core::fmt;
use core::task::{Poll, Waker};
use core::time::Duration;
use std::io;
use std::os::fd::RawFd;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use super::{Running, RuntimeId, Shared};
use crate::blocking::Threads;
#[cfg(target_os = "linux")]
use crate::driver::Epoll;
use crate::driver::{Config, Events, Interests, Ledger};
use crate::op::{Home, IdleTransfers, Key, Usual};
use crate::pool::{BufferLimits, Buffers, PoolRef};
use crate::sys::event::Event;
#[cfg(target_os = "linux")]
use crate::sys::ring::{Places, Ring};
use crate::task::{self, Begin, Claim, Queue, Slot, Wake};

/// How many tasks run before the driver is asked for completions.
///
/// Tasks that wake themselves take turns with I/O at this rate.
const BUDGET: usize = 256;

/// A run queue, the operations in flight and the driver, used by one thread.
///
/// No borrow of a cell here is held while foreign code runs: tasks, destructors and wakers.
#[repr(C)] // so that the waker of the running task is at the core's own address
pub(crate) struct Core {
    running: Running,
    id: RuntimeId,
    usual: Usual,
    shared: &'static Shared,
    queue: Queue,
    ledger: RefCell<Ledger>,
    /// The buffers that are lent to who receives, once they are needed.
    buffers: OnceCell<Arc<Buffers>>,
    buffer_limits: BufferLimits,
    /// Where completions or events come from.
    events: Events,
    /// Where the next entries of the ring go.
    #[cfg(target_os = "linux")]
    places: Rc<Places>,
    /// The same, if the ring reads and writes files in all ways.
    #[cfg(target_os = "linux")]
    places_for_files: Rc<Places>,
    interests: Rc<Interests>,
    idle_transfers: IdleTransfers,
}

impl Core {
    /// A core with the driver that `config` asks for.
    pub(crate) fn new(config: &Config) -> io::Result<Self> {
        let event = Arc::new(Event::new()?);
        let ledger = Ledger::new(config, &event)?;
        let buffers = OnceCell::new();
        if config.allocates_buffers || config.is_fixed {
            let mut lent = Buffers::new(config.buffers)?;
            if config.is_fixed {
                lent.touch();
            }
            let _ = buffers.set(Arc::new(lent));
        }
        let threads = Threads::new(config.blocking)?;
        let (shared, id) = Shared::acquire(event, threads, config.is_fixed);
        let (events, interests) = (ledger.events(), Rc::clone(ledger.interests()));
        let core = Core {
            id,
            usual: Key::usual(id),
            shared,
            queue: Queue::new(),
            running: Running::new(),
            ledger: RefCell::new(ledger),
            buffers,
            buffer_limits: config.buffers,
            #[cfg(target_os = "linux")]
            places: places_of(events.ring()),
            #[cfg(target_os = "linux")]
            places_for_files: places_of(events.ring().filter(|ring| ring.can_do_files())),
            events,
            interests,
            idle_transfers: IdleTransfers::default(),
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
        return matches!(self.events, Events::Ring(_));
        #[cfg(not(target_os = "linux"))]
        false
    }

    /// The ring, if the driver can give memory of a slot to the kernel.
    #[cfg(target_os = "linux")]
    #[inline]
    pub(crate) fn ring(&self) -> Option<&Ring> {
        match &self.events {
            Events::Ring(ring) => Some(ring),
            _ => None,
        }
    }

    /// Where the next entries of the ring go.
    #[cfg(target_os = "linux")]
    #[inline]
    pub(crate) fn places(&self) -> &Places {
        &self.places
    }

    /// The same, if the ring reads and writes files in all ways; otherwise there are none.
    #[cfg(target_os = "linux")]
    #[inline]
    pub(crate) fn places_for_files(&self) -> &Places {
        &self.places_for_files
    }

    /// Who waits for which descriptor.
    #[inline]
    pub(crate) fn interests(&self) -> &Interests {
        &self.interests
    }

    /// Memory for copies of what is read from files and written to them.
    pub(crate) const fn idle_transfers(&self) -> &IdleTransfers {
        &self.idle_transfers
    }

    /// What operations have in common that land without a detour.
    #[inline]
    pub(crate) const fn usual(&self) -> Usual {
        self.usual
    }

    /// The memory of the task that is being resumed; it holds nothing if there is none.
    #[inline]
    pub(crate) fn home(&self) -> Home {
        self.running.home()
    }

    /// The memory of the task that is being resumed, if `value` lies there.
    pub(crate) fn home_of<T>(&self, value: &T) -> Option<Home> {
        Some(self.home()).filter(|home| home.holds(value))
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
    #[inline]
    pub(crate) unsafe fn push(&self, slot: Slot) {
        // SAFETY: by this function's contract.
        unsafe { self.queue.push(slot) };
    }

    /// Runs tasks until none is ready, or the budget is spent.
    pub(crate) fn run_ready(&self) {
        for _ in 0..BUDGET {
            let Some(slot) = self.queue.pop() else { break };
            // SAFETY: a slot that was taken from a queue is occupied: `SlotHeld`.
            match unsafe { slot.as_ref() }.state.begin() {
                Begin::Resume => {
                    // SAFETY: the task was taken from the queue of its runtime, and has not ended.
                    if unsafe { self.resume(slot) }.is_ready() {
                        // SAFETY: it has ended just now.
                        unsafe { self.go_on_after(slot) };
                    }
                }
                begin => self.end(slot, begin),
            }
        }
        self.stand_still();
    }

    /// Resumes a task. `Ready`: it has ended, and the caller calls `go_on_after`. The caller calls
    /// `stand_still` after the last one.
    ///
    /// # Safety
    ///
    /// * The task is in `slot`, belongs to this runtime and has not ended.
    #[inline(always)] // for few callers
    unsafe fn resume(&self, slot: Slot) -> Poll<()> {
        // SAFETY: the resume before this one has returned.
        unsafe { self.running.set(slot) };
        // SAFETY: by this function's contract; and this is the thread of the runtime, which runs one task at
        // a time: what may call this is not called by tasks.
        unsafe { task::resume(slot, self.running.waker()) }
    }

    /// Tells the end of a task, and resumes who waits for it at once.
    ///
    /// # Safety
    ///
    /// * The task in `slot` has ended just now.
    #[inline(always)] // for few callers
    unsafe fn go_on_after(&self, slot: Slot) {
        let mut ended = slot;
        loop {
            // SAFETY: by this function's contract, or as the one that was resumed below has ended.
            let joiner = unsafe { task::finish(ended) };
            let next = joiner.and_then(|waker| task::wake_at_once(waker, &self.queue, self.id));
            let Some(next) = next else { return };
            // SAFETY: a task that waits has not ended, and is of this runtime: `wake_at_once`.
            if unsafe { self.resume(next) }.is_pending() {
                return;
            }
            ended = next;
        }
    }

    /// As `go_on_after`, where few tasks end.
    ///
    /// # Safety
    ///
    /// * As for `go_on_after`.
    #[cfg(target_os = "linux")]
    #[cold]
    #[inline(never)]
    unsafe fn go_on_rarely_after(&self, slot: Slot) {
        // SAFETY: by this function's contract.
        unsafe { self.go_on_after(slot) };
    }

    /// Ends a task that was taken from a queue, and is not to be resumed.
    #[cold]
    fn end(&self, slot: Slot, begin: Begin) {
        // SAFETY: the future is gone already, and the slot is in no queue any more.
        let finish = || unsafe { task::finish(slot) };
        let joiner = if begin == Begin::Finish { finish() } else { self.cancel(slot) };
        if let Some(waker) = joiner {
            waker.wake();
        }
    }

    /// No task is resumed any more.
    fn stand_still(&self) {
        // SAFETY: the last resume has returned.
        unsafe { self.running.clear() };
    }

    /// Takes what other threads queued, fires timers, and lets the driver work; sleeps only if
    /// there is nothing else to do.
    pub(crate) fn wait(&self) -> io::Result<()> {
        self.take_remote();
        self.fire_timers();
        // What others do from now on ends the sleep.
        let may_sleep = self.queue.is_empty() && self.shared.park();
        let deadline = self.ledger.borrow().deadline();
        let timeout = if may_sleep { self.timeout(deadline) } else { Some(Duration::ZERO) };
        let turned = self.turn(timeout, deadline);
        if may_sleep {
            self.shared.awake();
        }
        turned?;
        self.run_arrivals();
        Ok(())
    }

    /// Enters the kernel, if there is something to give or to wait for. `deadline` is the ledger's.
    fn turn(&self, timeout: Option<Duration>, deadline: Option<Instant>) -> io::Result<()> {
        match &self.events {
            #[cfg(target_os = "linux")]
            Events::Ring(ring) if deadline.is_none() => return ring.enter(timeout),
            _ => debug_assert!(deadline.is_none() || timeout.is_some()),
        }
        self.ledger.borrow_mut().turn(timeout)
    }

    /// Resumes the tasks, and wakes the others, for whom something has arrived.
    fn run_arrivals(&self) {
        loop {
            self.run_usual_arrivals();
            self.stand_still();
            if self.has_none_left() {
                return;
            }
            let Some(waker) = self.next_waker() else { return };
            waker.wake();
        }
    }

    /// Whether all that has arrived was usual.
    fn has_none_left(&self) -> bool {
        let is_at_end = match &self.events {
            #[cfg(target_os = "linux")]
            Events::Ring(ring) => ring.peek().is_none(),
            #[cfg(target_os = "linux")]
            Events::Epoll(epoll) => epoll.is_at_end(),
            Events::Other => false,
        };
        is_at_end && self.ledger.borrow().deadline().is_none()
    }

    /// Resumes tasks as long as what arrives is for the operation of one of them, and nothing else.
    #[inline]
    fn run_usual_arrivals(&self) {
        match &self.events {
            #[cfg(target_os = "linux")]
            Events::Ring(ring) => self.run_completions(ring),
            #[cfg(target_os = "linux")]
            Events::Epoll(epoll) => self.run_events(epoll, &self.interests),
            Events::Other => (),
        }
    }

    #[cfg(target_os = "linux")]
    #[inline(never)] // so that the loop has the registers
    fn run_completions(&self, ring: &Ring) {
        while let Some(slot) = next_completed(ring, &self.usual) {
            // SAFETY: the task waits for its operation, so it has not ended.
            if unsafe { self.resume(slot) }.is_ready() {
                // SAFETY: it has ended just now.
                unsafe { self.go_on_rarely_after(slot) };
            }
        }
    }

    #[cfg(target_os = "linux")]
    #[inline(never)] // as `run_completions`
    fn run_events(&self, epoll: &Epoll, interests: &Interests) {
        while let Some(slot) = epoll.next_task(interests) {
            // SAFETY: the task waits for its operation, so it has not ended.
            if unsafe { self.resume(slot) }.is_ready() {
                // SAFETY: it has ended just now.
                unsafe { self.go_on_rarely_after(slot) };
            }
        }
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
        if self.shared.timers.are_set() {
            self.fire_expired();
        }
    }

    fn fire_expired(&self) {
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

    /// How long the driver may sleep; `None` is for ever. `deadline` is the ledger's.
    fn timeout(&self, deadline: Option<Instant>) -> Option<Duration> {
        if !self.shared.timers.are_set() {
            return deadline.map(time_until);
        }
        let timer = self.shared.timers.lock().next_deadline();
        [timer, deadline].into_iter().flatten().min().map(time_until)
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
            let begin = unsafe { slot.as_ref() }.state.begin();
            self.end(slot, begin);
        }
    }

    fn cancel_all(&self, pool: &PoolRef) {
        for slot in pool.all_slots() {
            loop {
                // SAFETY: the pool is held, so its slots are valid.
                match unsafe { slot.as_ref() }.state.claim() {
                    Claim::Claimed => self.end(slot, Begin::Drop),
                    Claim::Ended => self.end(slot, Begin::Finish),
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

    fn cancel(&self, slot: Slot) -> Option<Waker> {
        // SAFETY: no task is resumed now: what may call this is not called by tasks.
        unsafe { self.running.set(slot) };
        // SAFETY: the caller made `begin` or `claim` succeed, on the thread of the runtime.
        let joiner = unsafe { task::cancel(slot) };
        self.stand_still();
        joiner
    }
}

fn time_until(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// The free places of a ring, or none.
#[cfg(target_os = "linux")]
fn places_of(ring: Option<&Rc<Ring>>) -> Rc<Places> {
    ring.map_or_else(|| Rc::new(Places::none()), |ring| Rc::clone(ring.places()))
}

/// The task for which the next completion is, if that is for an operation of a task, and nothing else.
/// The caller resumes it.
#[cfg(target_os = "linux")]
#[inline(always)] // for one caller
fn next_completed(ring: &Ring, usual: &Usual) -> Option<Slot> {
    let completed = ring.peek()?;
    let key = Key::from_bits(completed.user_data)?;
    // SAFETY: the kernel gave the key back just now, and gives each back once; if the operation has not
    // landed, the completion is looked at again.
    let slot = unsafe { key.land_at_once(completed.result, *usual) }?;
    ring.skip();
    Some(slot)
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Core").field("id", &self.id).finish_non_exhaustive()
    }
}
