//! All interleavings of a runtime that falls asleep and threads that call it.
//!
//! `RUSTFLAGS="--cfg loom" cargo test -p coframe --release --lib loom` looks at all of them.

use loom::sync::atomic::{AtomicBool, AtomicU32, Ordering::*};
use loom::sync::{Arc, Condvar, Mutex};
use loom::thread;

use super::Attention;

/// A runtime, as other threads see it.
struct Model {
    attention: Attention,
    queued: Mutex<u32>,
    /// Whether timers are set, as the flag beside their lock says.
    are_set: AtomicBool,
    event: Mutex<bool>,
    signal: Condvar,
    signals: AtomicU32,
}

impl Model {
    fn new() -> Arc<Self> {
        let model = Model {
            attention: Attention::new(),
            queued: Mutex::new(0),
            are_set: AtomicBool::new(false),
            event: Mutex::new(false),
            signal: Condvar::new(),
            signals: AtomicU32::new(0),
        };
        Arc::new(model)
    }

    /// As `Shared::push`.
    fn push(&self) {
        let mut queued = self.queued.lock().expect("no panic");
        *queued += 1;
        let must_signal = self.attention.call();
        drop(queued);
        if must_signal {
            self.signal();
        }
    }

    /// As `Sleep::set` on another thread.
    fn set_timer(&self) {
        self.are_set.store(true, Relaxed);
        if self.attention.wake() {
            self.signal();
        }
    }

    fn signal(&self) {
        *self.event.lock().expect("no panic") = true;
        self.signals.fetch_add(1, Relaxed);
        self.signal.notify_one();
    }

    /// A turn of the loop: gives how much was queued, and whether timers are set.
    fn turn(&self) -> (u32, bool) {
        let taken = self.take();
        if taken > 0 || self.are_set.load(Relaxed) || !self.attention.sleep() {
            return (taken, self.are_set.load(Relaxed));
        }
        if !self.are_set.load(Relaxed) {
            let mut event = self.event.lock().expect("no panic");
            while !core::mem::take(&mut *event) {
                event = self.signal.wait(event).expect("no panic");
            }
        }
        self.attention.awake();
        (self.take(), self.are_set.load(Relaxed))
    }

    fn take(&self) -> u32 {
        if !self.attention.is_called() {
            return 0;
        }
        let mut queued = self.queued.lock().expect("no panic");
        self.attention.answer();
        core::mem::take(&mut *queued)
    }
}

#[test]
fn loom_a_runtime_that_sleeps_is_woken_for_what_was_queued() {
    loom::model(|| {
        let model = Model::new();
        let work = |model: Arc<Model>| thread::spawn(move || model.push());
        let threads = [work(Arc::clone(&model)), work(Arc::clone(&model))];
        let mut taken = 0;
        while taken < 2 {
            taken += model.turn().0;
            thread::yield_now();
        }
        threads.map(|thread| thread.join().expect("no panic"));
        assert!(!model.attention.is_called());
    });
}

#[test]
fn loom_a_runtime_that_sleeps_is_woken_for_a_timer() {
    loom::model(|| {
        let model = Model::new();
        let other = Arc::clone(&model);
        let thread = thread::spawn(move || other.set_timer());
        while !model.turn().1 {
            thread::yield_now();
        }
        thread.join().expect("no panic");
        assert!(model.signals.load(Relaxed) <= 1);
    });
}
