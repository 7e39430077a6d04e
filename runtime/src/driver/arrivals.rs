//! Where a driver puts what has arrived.

use core::task::Waker;
use std::os::fd::RawFd;

use super::Interest;
use super::completion::{Completions, Index, Stage};
use super::interests::{Interests, Ready};
use crate::op::Key;
use crate::task::{Queue, Slot, Wake};

/// The records of a ledger, and the run queue of its runtime.
///
/// Tasks of the runtime go into the queue at once. A waker is anybody's code, so it is given back,
/// to be woken where nothing is borrowed.
#[derive(Debug)]
pub(crate) struct Arrivals<'a> {
    pub(super) completions: &'a mut Completions,
    pub(super) interests: &'a Interests,
    pub(super) ready: &'a Queue,
}

impl Arrivals<'_> {
    /// The kernel has completed the operation of `key`.
    ///
    /// # Safety
    ///
    /// * The kernel gave the key back just now, once for the operation.
    #[inline]
    pub(super) unsafe fn land(&mut self, key: Key, result: i32) -> Option<Waker> {
        // SAFETY: by this function's contract.
        let relay = unsafe { key.relay() };
        let distance = match relay {
            Ok(relay) => self.completions.get(relay).distance,
            Err(distance) => distance,
        };
        let slot = key.slot(distance);
        // SAFETY: the slot of an operation in flight is occupied: `SlotHeld`, and its task cannot
        // end before `in_flight` is zero.
        let in_flight = &unsafe { slot.as_ref() }.in_flight;
        in_flight.set(in_flight.get() - 1);
        // SAFETY: by this function's contract.
        unsafe { key.land(result) };
        if let Ok(relay) = relay {
            let wake = self.completions.remove(relay);
            return self.wake(wake);
        }
        // SAFETY: the slot is occupied, as above, and of this runtime.
        unsafe { self.ready.wake(slot) };
        None
    }

    /// The descriptor of an operation that was parked is ready.
    ///
    /// # Safety
    ///
    /// * The key was taken from where it was parked just now, with its slot.
    #[inline]
    unsafe fn unpark(&mut self, key: Key, slot: Slot) {
        // SAFETY: by this function's contract.
        unsafe { key.make_ready() };
        // SAFETY: an operation that is parked lies in the slot of a task of this runtime that has
        // not ended: `OpDropped`.
        unsafe { self.ready.wake(slot) };
    }

    /// A descriptor has changed that was watched in the epoch of this word. Called again, it goes on
    /// where it gave a waker.
    pub(super) fn change(&mut self, fd: RawFd, watched: u32, ready: Ready) -> Option<Waker> {
        let parked = self.interests.unblock(fd, watched, ready)?;
        for (key, slot) in parked.parked.into_iter().flatten() {
            // SAFETY: the key was taken from where it was parked just now.
            unsafe { self.unpark(key, slot) };
        }
        if !parked.has_records {
            return None;
        }
        while let Some(index) = self.find(fd, |interest| ready.is_for(interest)) {
            if let Some(waker) = self.arrive(index, 0) {
                return Some(waker);
            }
        }
        None
    }

    /// A record that waits for `fd` and whose interest `select` accepts.
    pub(super) fn find(&mut self, fd: RawFd, select: impl Fn(Interest) -> bool) -> Option<Index> {
        self.interests.find(self.completions, fd, select)
    }

    /// The descriptor of a record is ready, or its wait has failed: then `result` is negative. The
    /// work of a unit is done: then it is what came of it.
    pub(super) fn arrive(&mut self, index: Index, result: i32) -> Option<Waker> {
        let wake = match self.completions.get(index).stage {
            Stage::Waiting => {
                self.interests.unlink(self.completions, index);
                let stage = if result < 0 { Stage::Failed(result) } else { Stage::Ready };
                self.completions.land(index, stage)
            }
            Stage::Abandoned => self.completions.remove(index),
            Stage::Unit => return self.complete(index, result),
            Stage::Vacant | Stage::Failed(_) | Stage::Relayed | Stage::Ready | Stage::Starved => {
                debug_assert!(false, "an arrival for a record that expects none");
                Wake::Nobody
            }
        };
        self.wake(wake)
    }

    /// The kernel has done the work of a unit, and still needs its memory.
    pub(super) fn begin_end(&mut self, index: Index, result: i32) {
        self.completions.get(index).result = result;
    }

    /// The kernel needs the memory of a unit no more, whose result came before.
    pub(super) fn end(&mut self, index: Index) -> Option<Waker> {
        let result = self.completions.get(index).result;
        self.arrive(index, result)
    }

    /// The kernel has done the work of a unit.
    fn complete(&mut self, index: Index, result: i32) -> Option<Waker> {
        let unit = self.completions.get(index).unit.take();
        self.completions.remove(index);
        unit?.complete(result)
    }

    /// Puts a task into the queue; gives any other waker back.
    pub(super) fn wake(&mut self, wake: Wake) -> Option<Waker> {
        match wake {
            Wake::Nobody => None,
            Wake::Task(slot) => {
                // SAFETY: the slot is occupied while the wake exists, and of this runtime:
                // `WakeInSlot`.
                unsafe { self.ready.wake(slot) };
                None
            }
            Wake::Other(waker) => Some(waker),
        }
    }
}
