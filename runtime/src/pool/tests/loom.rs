//! All interleavings of threads that take and give back slots of a pool.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p coframe --release --lib loom` looks at all of them.

use loom::cell::UnsafeCell;
use loom::sync::{Arc, Mutex};
use loom::thread;

use super::Spare;
use crate::task::{Header, Slot};

/// A pool with one slot: what lies beside the lock, and what it guards.
struct Model {
    spare: Spare,
    locked: Mutex<Locked>,
    header: Box<Header>,
    /// Touched by the owner of the slot only.
    payload: UnsafeCell<u32>,
}

#[derive(Default)]
struct Locked {
    free: bool,
    /// Who waits, and whether the slot was granted.
    waits: bool,
    granted: bool,
}

// SAFETY: the header is only an address here, and the model checker watches the payload.
unsafe impl Send for Model {}
// SAFETY: as above.
unsafe impl Sync for Model {}

impl Model {
    fn new() -> Arc<Self> {
        let model = Model {
            spare: Spare::new(),
            locked: Mutex::new(Locked { free: true, ..Locked::default() }),
            header: Box::new(Header::nobody()),
            payload: UnsafeCell::new(0),
        };
        Arc::new(model)
    }

    fn slot(&self) -> Slot {
        Slot::from(&*self.header)
    }

    /// As `Pool::take`.
    fn take(&self) -> bool {
        self.spare.take().is_some() || self.take_locked(&mut self.locked.lock().expect("no panic"))
    }

    fn take_locked(&self, locked: &mut Locked) -> bool {
        !locked.waits && core::mem::take(&mut locked.free)
    }

    /// As `Pool::poll_take`, once. True: there is a slot.
    fn take_or_wait(&self) -> bool {
        let mut locked = self.locked.lock().expect("no panic");
        if core::mem::take(&mut locked.granted) || self.take_locked(&mut locked) {
            return true;
        }
        if !locked.waits && self.spare.bar().is_some() {
            self.spare.unbar();
            return true;
        }
        locked.waits = true;
        false
    }

    /// As `Pool::give_back`.
    fn give_back(&self) {
        if self.spare.put(self.slot()) {
            return;
        }
        let mut locked = self.locked.lock().expect("no panic");
        if core::mem::take(&mut locked.waits) {
            locked.granted = true;
            self.spare.unbar();
        } else {
            locked.free = true;
        }
    }

    /// What the owner of the slot does.
    fn use_slot(&self) {
        // SAFETY: the caller has taken the slot. The model checker finds out if somebody else has it.
        self.payload.with_mut(|payload| unsafe { *payload += 1 });
    }
}

#[test]
fn loom_one_at_a_time_has_the_spare_slot() {
    loom::model(|| {
        let model = Model::new();
        let work = |model: &Model| {
            for _ in 0..2 {
                if model.take() {
                    model.use_slot();
                    model.give_back();
                }
            }
        };
        let other = Arc::clone(&model);
        let thread = thread::spawn(move || work(&other));
        work(&model);
        thread.join().expect("no panic");
        assert!(model.take(), "the slot is lost");
    });
}

#[test]
fn loom_who_waits_gets_the_slot() {
    loom::model(|| {
        let model = Model::new();
        assert!(model.take());
        let other = Arc::clone(&model);
        let thread = thread::spawn(move || {
            other.use_slot();
            other.give_back();
        });
        let has_slot = model.take_or_wait();
        thread.join().expect("no panic");
        assert!(has_slot || model.take_or_wait(), "it waits for ever");
        model.use_slot();
        model.give_back();
        assert!(model.take(), "the slot is lost");
    });
}
