//! All operations in flight of one runtime, and the driver that moves them on.

use core::time::Duration;
use std::io;
use std::os::fd::{BorrowedFd, RawFd};
use std::sync::Arc;
use std::time::Instant;

use super::completion::{Completion, Completions, Index, NONE, Stage};
use super::interests::Interests;
use super::starved::Starved;
use super::{Arrival, Config, Driver, DriverReport, Interest};
use crate::sys::eventfd::EventFd;
use crate::task::{Slot, Wake};

/// The number of operations for which there is room from the start.
const RECORDS: usize = 256;

/// Operations in flight. Wakers leave through return values, so that they run outside.
#[derive(Debug)]
pub(crate) struct Ledger {
    completions: Completions,
    interests: Interests,
    starved: Starved,
    driver: Driver,
    report: DriverReport,
}

/// What remains to be done for an operation that was dropped.
#[derive(Debug)]
pub(crate) enum Dropped {
    /// Nothing but to drop the waker, and to close the descriptor that had arrived.
    Settled(Wake, Option<RawFd>),
    /// The kernel still has the buffer: let it work until the record has landed, and drop again.
    InKernel,
}

impl Ledger {
    pub(crate) fn new(config: &Config, event: Arc<EventFd>) -> io::Result<Self> {
        let (driver, report) = Driver::new(config, event)?;
        Ok(Ledger {
            completions: Completions::with_capacity(RECORDS),
            interests: Interests::new(),
            starved: Starved::new(),
            driver,
            report,
        })
    }

    /// Which driver this is, and why.
    pub(crate) const fn report(&self) -> &DriverReport {
        &self.report
    }

    /// Whether the driver can give memory of a slot to the kernel.
    pub(crate) const fn is_completion(&self) -> bool {
        self.driver.is_completion()
    }

    /// Makes room for `count` more operations.
    pub(crate) fn reserve(&mut self, count: usize) {
        self.completions.reserve(count);
    }

    /// The record of an operation.
    pub(crate) fn get(&mut self, index: Index) -> &mut Completion {
        self.completions.get(index)
    }

    /// Gives the kernel an entry that names memory of `owner`.
    ///
    /// # Safety
    ///
    /// * The memory that the entry names keeps `KernelOwnsBuffer`.
    /// * It lies in `owner`, whose task is being resumed.
    #[cfg(target_os = "linux")]
    pub(crate) unsafe fn begin(
        &mut self,
        entry: crate::sys::ring::Entry,
        (owner, wake): (Slot, Wake),
        yields_fd: bool,
    ) -> Index {
        let Driver::IoUring(ring) = &mut self.driver else {
            unreachable!("only a ring takes entries");
        };
        let index = self.completions.insert(Stage::Kernel, wake);
        let record = self.completions.get(index);
        record.owner = Some(owner);
        record.yields_fd = yields_fd;
        // SAFETY: the task in the slot is being resumed, so the slot is occupied.
        let in_flight = &unsafe { owner.as_ref() }.in_flight;
        in_flight.set(in_flight.get() + 1);
        // SAFETY: by this function's contract.
        unsafe { ring.push(entry.user_data(u64::from(index))) };
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
        let index = self.completions.insert(Stage::Waiting, wake);
        let record = self.completions.get(index);
        record.fd = fd.as_raw_fd();
        record.interest = interest;
        self.interests.link(&mut self.completions, index);
        match self.driver.wait((&mut self.interests, &mut self.completions), fd, index) {
            Ok(()) => Ok(index),
            Err(error) => {
                self.interests.unlink(&mut self.completions, index);
                Err((error, self.completions.remove(index)))
            }
        }
    }

    /// Waits until a descriptor is free.
    pub(crate) fn starve(&mut self, wake: Wake) -> Index {
        let index = self.completions.insert(Stage::Starved, wake);
        self.starved.push(&mut self.completions, index);
        index
    }

    /// What has become of an operation: `Ready` and `Landed` make its record vacant.
    pub(crate) fn take(&mut self, index: Index) -> (Stage, Wake) {
        match self.completions.get(index).stage {
            stage @ (Stage::Landed(_) | Stage::Ready) => (stage, self.completions.remove(index)),
            stage => (stage, Wake::Nobody),
        }
    }

    /// Ends an operation that nobody waits for any more.
    pub(crate) fn drop_operation(&mut self, index: Index) -> Dropped {
        let record = self.completions.get(index);
        let mut descriptor = None;
        match record.stage {
            Stage::Kernel => {
                self.driver.abandon(index);
                return Dropped::InKernel;
            }
            Stage::Landed(result) => {
                descriptor = (record.yields_fd && result >= 0).then_some(result)
            }
            Stage::Starved => self.starved.remove(&mut self.completions, index),
            Stage::Ready => (),
            Stage::Waiting => return self.drop_waiting(index),
            Stage::Vacant | Stage::Abandoned => debug_assert!(false, "dropped twice"),
        }
        Dropped::Settled(self.completions.remove(index), descriptor)
    }

    fn drop_waiting(&mut self, index: Index) -> Dropped {
        self.interests.unlink(&mut self.completions, index);
        if !self.driver.abandon(index) {
            return Dropped::Settled(self.completions.remove(index), None);
        }
        let record = self.completions.get(index);
        record.stage = Stage::Abandoned;
        Dropped::Settled(record.wake.take(), None)
    }

    /// An operation of `slot` that the kernel still works on.
    pub(crate) fn find_owned(&self, slot: Slot) -> Option<Index> {
        let is_owned =
            |record: &Completion| record.stage == Stage::Kernel && record.owner == Some(slot);
        self.completions.position(is_owned)
    }

    /// Ends the waits for a descriptor that is about to be closed, one at a time.
    ///
    /// Only an operation that was leaked can still wait for it. Its wait must not be taken for one
    /// for the next descriptor with this number, nor keep the connection open.
    pub(crate) fn closing(&mut self, fd: RawFd) -> Option<Wake> {
        let mut index = self.interests.first(fd);
        while index != NONE {
            let next = self.completions.get(index).next;
            if !self.driver.abandon(index) {
                self.interests.unlink(&mut self.completions, index);
                return Some(self.land(index, Stage::Ready));
            }
            index = next;
        }
        None
    }

    /// A descriptor was closed: the first operation that waits for one tries again.
    pub(crate) fn descriptor_freed(&mut self) -> Option<Wake> {
        let index = self.starved.pop(&mut self.completions)?;
        Some(self.land(index, Stage::Ready))
    }

    /// When the driver must be asked again at the latest.
    pub(crate) const fn deadline(&self) -> Option<Instant> {
        self.starved.deadline()
    }

    /// Enters the kernel; `None` sleeps until something arrives.
    pub(crate) fn turn(&mut self, timeout: Option<Duration>) -> io::Result<()> {
        let turned = self.driver.turn(timeout);
        self.starved.check();
        turned
    }

    /// Settles one arrival and gives the one to wake.
    pub(crate) fn next(&mut self) -> Option<Wake> {
        if let Some(index) = self.starved.pop_over(&mut self.completions) {
            return Some(self.land(index, Stage::Ready));
        }
        let Arrival { index, result } =
            self.driver.next(&mut self.interests, &mut self.completions)?;
        Some(self.arrive(index, result))
    }

    fn arrive(&mut self, index: Index, result: i32) -> Wake {
        let record = self.completions.get(index);
        match record.stage {
            Stage::Kernel => {
                if let Some(owner) = record.owner.take() {
                    // SAFETY: the slot of an operation in flight is occupied: `SlotHeld`, and its
                    // task cannot end before `in_flight` is zero.
                    let in_flight = &unsafe { owner.as_ref() }.in_flight;
                    in_flight.set(in_flight.get() - 1);
                }
                self.land(index, Stage::Landed(result))
            }
            Stage::Waiting => {
                self.interests.unlink(&mut self.completions, index);
                let stage = if result < 0 { Stage::Landed(result) } else { Stage::Ready };
                self.land(index, stage)
            }
            Stage::Abandoned => self.completions.remove(index),
            Stage::Vacant | Stage::Landed(_) | Stage::Ready | Stage::Starved => {
                debug_assert!(false, "an arrival for a record that expects none");
                Wake::Nobody
            }
        }
    }

    fn land(&mut self, index: Index, stage: Stage) -> Wake {
        let record = self.completions.get(index);
        record.stage = stage;
        record.wake.take()
    }

    /// Ends every wait, after all tasks were dropped; gives those to wake.
    pub(crate) fn shut_down(&mut self) -> Vec<Wake> {
        let mut wakes = Vec::new();
        let is_waiting = |record: &Completion| record.stage == Stage::Waiting;
        while let Some(index) = self.completions.position(is_waiting) {
            if let Dropped::Settled(wake, _) = self.drop_operation(index) {
                wakes.push(wake);
            }
        }
        // The kernel closes what the waits hold open when it has let go of them. None of them
        // names memory, so a kernel that takes its time is no danger.
        let is_abandoned = |record: &Completion| record.stage == Stage::Abandoned;
        for _ in 0..100 {
            if self.completions.position(is_abandoned).is_none() {
                break;
            }
            if self.turn(Some(Duration::from_millis(10))).is_err() {
                break;
            }
            while let Some(wake) = self.next() {
                wakes.push(wake);
            }
        }
        wakes
    }
}
