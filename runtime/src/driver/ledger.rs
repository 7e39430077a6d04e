//! All operations in flight of one runtime, and the driver that moves them on.

use core::task::Waker;
use core::time::Duration;
use std::io;
use std::os::fd::{BorrowedFd, RawFd};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use super::arrivals::Arrivals;
use super::completion::{Completion, Completions, Index, NONE, Stage};
use super::interests::Interests;
use super::starved::Starved;
use super::{Config, Driver, DriverReport, Events, Interest};
#[cfg(target_os = "linux")]
use crate::blocking::Completable;
use crate::op::Key;
use crate::scheduler;
use crate::sys::event::Event;
use crate::task::{Queue, Wake};

/// The number of operations for which there is room from the start.
const RECORDS: usize = 256;

/// Operations in flight. Wakers leave through return values, so that they run outside.
#[derive(Debug)]
pub(crate) struct Ledger {
    completions: Completions,
    interests: Rc<Interests>,
    starved: Starved,
    driver: Driver,
    report: DriverReport,
}

impl Ledger {
    pub(crate) fn new(config: &Config, event: &Arc<Event>) -> io::Result<Self> {
        let (driver, report) = Driver::new(config, event)?;
        Ok(Ledger {
            completions: Completions::with_capacity(RECORDS, config.is_fixed),
            interests: Rc::new(Interests::new(config.is_fixed)),
            starved: Starved::new(),
            driver,
            report,
        })
    }

    /// Which driver this is, and why.
    pub(crate) const fn report(&self) -> &DriverReport {
        &self.report
    }

    /// An attempt has blocked: makes sure that the next event of the descriptor comes, on a driver
    /// that tells of events.
    pub(crate) fn watch(&mut self, fd: BorrowedFd<'_>, interest: Interest) -> io::Result<()> {
        if !self.interests.has_room(fd) {
            return Err(scheduler::no_room());
        }
        self.driver.watch(&self.interests, fd, interest)
    }

    /// Who waits for which descriptor.
    pub(crate) const fn interests(&self) -> &Rc<Interests> {
        &self.interests
    }

    /// Where completions or events come from, if that is looked at without a detour.
    pub(crate) fn events(&self) -> Events {
        self.driver.events()
    }

    /// Makes room for `count` more operations, and says for how many there is room then.
    pub(crate) fn reserve(&mut self, count: usize) -> usize {
        self.driver.reserve(count);
        let operations = self.completions.reserve(count);
        if self.completions.is_fixed() {
            // Usually a task has one descriptor, and the first numbers are used first.
            self.interests.claim(operations);
        }
        operations
    }

    /// Whether there is room for another operation that has a record.
    pub(crate) const fn has_room(&self) -> bool {
        self.completions.has_room()
    }

    /// The record of an operation.
    pub(crate) fn get(&mut self, index: Index) -> &mut Completion {
        self.completions.get(index)
    }

    /// Asks the kernel to end an operation soon; its completion comes all the same.
    pub(crate) fn cancel(&self, key: Key) {
        self.driver.cancel(key);
    }

    /// Gives the kernel an entry that names memory of `unit`, which is kept until it is done.
    ///
    /// # Safety
    ///
    /// * The entry names no memory but that of the unit, which nobody touches until it is completed.
    #[cfg(target_os = "linux")]
    pub(crate) unsafe fn begin_unit(
        &mut self,
        entry: crate::sys::ring::Entry,
        unit: Arc<dyn Completable>,
    ) -> io::Result<Index> {
        if !self.has_room() {
            return Err(scheduler::no_room());
        }
        let Driver::IoUring(ring) = &mut self.driver else {
            unreachable!("only a ring takes entries");
        };
        let index = self.completions.insert(Stage::Unit, Wake::Nobody);
        self.completions.get(index).unit = Some(unit);
        // SAFETY: by this function's contract, and the record keeps the unit.
        unsafe { ring.push(entry, index) };
        Ok(index)
    }

    /// Asks the kernel to end the work on a unit soon; its completion comes all the same.
    pub(crate) fn cancel_unit(&mut self, index: Index) {
        if self.completions.get(index).stage == Stage::Unit {
            self.driver.cancel_unit(index);
        }
    }

    /// Wakes `wake` instead of a task when an operation that the kernel works on has landed, which is
    /// so far from its slot. There is room for it.
    pub(crate) fn relay(&mut self, wake: Wake, distance: u32) -> Index {
        let index = self.completions.insert(Stage::Relayed, wake);
        self.completions.get(index).distance = distance;
        index
    }

    /// Waits until `fd` is ready.
    pub(crate) fn wait(
        &mut self,
        fd: BorrowedFd<'_>,
        interest: Interest,
        wake: Wake,
    ) -> Result<Index, (io::Error, Wake)> {
        use std::os::fd::AsRawFd;
        if !self.has_room() || !self.interests.has_room(fd) {
            return Err((scheduler::no_room(), wake));
        }
        let index = self.completions.insert(Stage::Waiting, wake);
        let record = self.completions.get(index);
        record.fd = fd.as_raw_fd();
        record.interest = interest;
        self.interests.link(&mut self.completions, index);
        match self.driver.wait(fd, interest, index) {
            Ok(()) => Ok(index),
            Err(error) => {
                self.interests.unlink(&mut self.completions, index);
                Err((error, self.completions.remove(index)))
            }
        }
    }

    /// Waits until a descriptor is free. There is room for it.
    pub(crate) fn starve(&mut self, wake: Wake) -> Index {
        let index = self.completions.insert(Stage::Starved, wake);
        self.starved.push(&mut self.completions, index);
        index
    }

    /// What has become of an operation: `Ready` and `Failed` make its record vacant.
    pub(crate) fn take(&mut self, index: Index) -> (Stage, Wake) {
        match self.completions.get(index).stage {
            stage @ (Stage::Failed(_) | Stage::Ready) => (stage, self.completions.remove(index)),
            stage => (stage, Wake::Nobody),
        }
    }

    /// Ends a wait that nobody is interested in any more. The waker is to be dropped.
    pub(crate) fn drop_waiting(&mut self, index: Index) -> Wake {
        match self.completions.get(index).stage {
            Stage::Waiting => {
                self.interests.unlink(&mut self.completions, index);
                if self.driver.abandon(index) {
                    let record = self.completions.get(index);
                    record.stage = Stage::Abandoned;
                    return record.wake.take();
                }
            }
            Stage::Starved => self.starved.remove(&mut self.completions, index),
            Stage::Ready | Stage::Failed(_) => (),
            Stage::Vacant | Stage::Abandoned | Stage::Relayed | Stage::Unit => {
                debug_assert!(false, "dropped twice");
                return Wake::Nobody;
            }
        }
        self.completions.remove(index)
    }

    /// Ends the waits for a descriptor that is about to be closed, one at a time.
    ///
    /// Only an operation that was leaked can still wait for it. Its wait must not be taken for one
    /// for the next descriptor with this number, nor keep the connection open.
    pub(crate) fn closing(&mut self, fd: RawFd) -> Option<Wake> {
        let mut index = self.interests.first(&mut self.completions, fd);
        while index != NONE {
            if !self.driver.abandon(index) {
                self.interests.unlink(&mut self.completions, index);
                return Some(self.completions.land(index, Stage::Ready));
            }
            index = self.interests.after(&mut self.completions, fd, index);
        }
        None
    }

    /// A descriptor was closed: the first operation that waits for one tries again.
    pub(crate) fn descriptor_freed(&mut self) -> Option<Wake> {
        let index = self.starved.pop(&mut self.completions)?;
        Some(self.completions.land(index, Stage::Ready))
    }

    /// When the driver must be asked again at the latest.
    pub(crate) const fn deadline(&self) -> Option<Instant> {
        self.starved.deadline()
    }

    /// Enters the kernel; `None` sleeps until something arrives. With a timeout of zero it does not if
    /// there is nothing to give and nothing to wait for.
    pub(crate) fn turn(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        let is_awaited = self.interests.take_awaited();
        let is_in_vain = timeout == Some(Duration::ZERO) && !is_awaited;
        let turned = if is_in_vain && self.driver.tells_of_changes() {
            Ok(())
        } else {
            self.driver.turn(timeout)
        };
        self.starved.check();
        turned
    }

    /// Settles arrivals until there is somebody to wake who is no task of this runtime. Tasks go
    /// into `ready`.
    pub(crate) fn next(&mut self, ready: &Queue) -> Option<Waker> {
        let Ledger { completions, interests, starved, driver, .. } = self;
        let mut arrivals = Arrivals { completions, interests, ready };
        while let Some(index) = starved.pop_over(arrivals.completions) {
            let wake = arrivals.completions.land(index, Stage::Ready);
            if let Some(waker) = arrivals.wake(wake) {
                return Some(waker);
            }
        }
        driver.next(&mut arrivals)
    }

    /// Ends every wait, after all tasks were dropped; gives those to wake.
    pub(crate) fn shut_down(&mut self) -> Vec<Wake> {
        let mut wakes = Vec::new();
        let is_waiting = |record: &Completion| record.stage == Stage::Waiting;
        while let Some(index) = self.completions.position(is_waiting) {
            wakes.push(self.drop_waiting(index));
        }
        self.cancel_units();
        // The kernel closes what the waits hold open when it has let go of them.
        let is_abandoned =
            |record: &Completion| matches!(record.stage, Stage::Abandoned | Stage::Unit);
        for _ in 0..100 {
            if self.completions.position(is_abandoned).is_none() {
                break;
            }
            if self.turn(Some(Duration::from_millis(10))).is_err() {
                break;
            }
            let ready = Queue::new();
            while let Some(waker) = self.next(&ready) {
                wakes.push(Wake::Other(waker));
            }
            debug_assert!(ready.is_empty(), "a task outlived its runtime");
        }
        self.completions.leak_units();
        wakes
    }

    fn cancel_units(&mut self) {
        let mut from = 0;
        let is_unit = |record: &Completion| record.stage == Stage::Unit;
        while let Some(index) = self.completions.position_from(from, is_unit) {
            self.driver.cancel_unit(index);
            from = index + 1;
        }
    }
}
