//! All interleavings of wakes, resumes and spawns.
//!
//! Run as the tests of the state word, see `task/tests/loom.rs`.

use core::future::{Future, poll_fn};
use core::task::{Poll, Waker};

use loom::sync::atomic::{AtomicBool, AtomicUsize, Ordering::*};
use loom::sync::{Arc, Mutex};
use loom::thread;

use super::{Executor, Header, Task};

/// A header with room for a frame, as a pool has it.
#[repr(C, align(16))]
struct Slot(Header, [core::mem::MaybeUninit<u64>; 8]);

/// An executor and a slot that are never given back.
fn world() -> (&'static Executor, &'static Slot) {
    let slot = Slot(Header::vacant(), [core::mem::MaybeUninit::uninit(); 8]);
    let slot: &'static Slot = Box::leak(Box::new(slot));
    let executor: &'static Executor = Box::leak(Box::new(Executor::new()));
    // The model checker registers atomics when they are first used: before there are threads.
    assert!(slot.0.is_vacant() && executor.is_idle() && !executor.poll());
    (executor, slot)
}

// SAFETY: as in a pool.
unsafe impl Sync for Slot {}

fn spawn<F: Future + Send + 'static>(slot: &'static Slot, executor: &'static Executor, future: F) {
    assert!(size_of::<F>() <= 48 && align_of::<F>() <= 8);
    assert!(slot.0.take());
    // SAFETY: the slot was taken, has room and stays.
    unsafe { Task::start((&raw const *slot).cast(), executor, || future) };
}

/// What a task and those who wake it share.
#[derive(Default)]
struct Shared {
    waker: Mutex<Option<Waker>>,
    is_ready: AtomicBool,
    resumed: AtomicUsize,
    is_done: AtomicBool,
}

/// Waits until it is ready, with a waker that was registered once.
fn wait(shared: Arc<Shared>) -> impl Future<Output = ()> + Send {
    poll_fn(move |context| {
        shared.resumed.fetch_add(1, Relaxed);
        let mut waker = shared.waker.lock().expect("not poisoned");
        waker.get_or_insert_with(|| context.waker().clone());
        drop(waker);
        if shared.is_ready.load(Relaxed) {
            shared.is_done.store(true, Relaxed);
            return Poll::Ready(());
        }
        Poll::Pending
    })
}

fn waker_of(shared: &Shared) -> Waker {
    shared.waker.lock().expect("not poisoned").clone().expect("it was resumed")
}

/// Resumes what is ready until nothing is, and not for ever.
fn run(executor: &'static Executor) {
    for _ in 0..8 {
        if !executor.poll() {
            return;
        }
    }
    panic!("the queue is never empty");
}

#[test]
fn no_wake_is_lost() {
    loom::model(|| {
        let (executor, slot) = world();
        let shared = Arc::new(Shared::default());
        spawn(slot, executor, wait(shared.clone()));
        run(executor);
        let (theirs, waker) = (shared.clone(), waker_of(&shared));
        let thread = thread::spawn(move || {
            theirs.is_ready.store(true, Relaxed);
            waker.wake();
        });
        run(executor);
        thread.join().expect("the waker");
        run(executor);
        assert!(shared.is_done.load(Relaxed), "the wake was lost");
        assert!(slot.0.is_vacant());
    });
}

#[test]
fn what_precedes_any_of_two_wakes_is_seen() {
    loom::model(|| {
        let (executor, slot) = world();
        let shared = Arc::new(Shared::default());
        spawn(slot, executor, wait(shared.clone()));
        run(executor);
        let waker = waker_of(&shared);
        let early = thread::spawn({
            let waker = waker.clone();
            move || waker.wake()
        });
        let theirs = shared.clone();
        let late = thread::spawn(move || {
            theirs.is_ready.store(true, Relaxed);
            waker.wake(); // often finds the task queued by the other
        });
        run(executor);
        early.join().expect("the first waker");
        late.join().expect("the second waker");
        run(executor);
        assert!(shared.is_done.load(Relaxed), "the wake was lost");
    });
}

#[test]
fn a_late_wake_leaves_the_slot_to_others() {
    loom::model(|| {
        let (executor, slot) = world();
        let first = Arc::new(Shared::default());
        spawn(slot, executor, wait(first.clone()));
        run(executor);
        let waker = waker_of(&first);
        first.is_ready.store(true, Relaxed);
        waker.wake_by_ref();
        let thread = thread::spawn(move || waker.wake());
        run(executor);
        // The slot is vacant as soon as the late wake, if there was one, has left the queue.
        let second = Arc::new(Shared::default());
        if slot.0.is_vacant() {
            spawn(slot, executor, wait(second.clone()));
        }
        thread.join().expect("the waker");
        run(executor);
        assert!(first.is_done.load(Relaxed));
        assert!(second.resumed.load(Relaxed) <= 2);
        assert!(!second.is_done.load(Relaxed));
        second.is_ready.store(true, Relaxed);
        second.waker.lock().expect("not poisoned").take().inspect(Waker::wake_by_ref);
        run(executor);
        assert!(slot.0.is_vacant());
    });
}

#[test]
fn one_of_two_spawners_gets_the_slot() {
    loom::model(|| {
        let (_, slot) = world();
        let thread = thread::spawn(move || slot.0.take());
        let is_ours = slot.0.take();
        assert_ne!(is_ours, thread.join().expect("the spawner"));
    });
}

#[test]
fn one_context_resumes() {
    loom::model(|| {
        let (executor, slot) = world();
        let shared = Arc::new(Shared::default());
        let resumes = Arc::new(AtomicUsize::new(0));
        let (theirs, count) = (shared.clone(), resumes.clone());
        spawn(
            slot,
            executor,
            poll_fn(move |context| {
                assert_eq!(count.fetch_add(1, Relaxed), 0, "resumed by two at once");
                context.waker().wake_by_ref();
                count.fetch_sub(1, Relaxed);
                if theirs.resumed.fetch_add(1, Relaxed) == 2 {
                    return Poll::Ready(());
                }
                Poll::Pending
            }),
        );
        let thread = thread::spawn(move || executor.poll());
        executor.poll();
        thread.join().expect("the other");
        assert!((1..=2).contains(&shared.resumed.load(Relaxed)));
        run(executor);
        assert!(slot.0.is_vacant());
    });
}

#[test]
fn a_turn_sees_what_the_one_before_did() {
    loom::model(|| {
        let (executor, slot) = world();
        let local = Local(loom::cell::UnsafeCell::new(0));
        let task = poll_fn(move |context| {
            let local = &local;
            context.waker().wake_by_ref();
            // SAFETY: one context at a time resumes the task; otherwise, or without an order between the
            // two, the model fails.
            match local.0.with_mut(|count| unsafe { core::mem::replace(&mut *count, *count + 1) }) {
                2 => Poll::Ready(()),
                _ => Poll::Pending,
            }
        });
        spawn(slot, executor, task);
        let polling = thread::spawn(move || executor.poll());
        executor.poll();
        polling.join().expect("the other");
        run(executor);
        assert!(slot.0.is_vacant());
    });
}

/// What only the task touches.
struct Local(loom::cell::UnsafeCell<u32>);

// SAFETY: as the frame it is in, it is used by whoever has the turn.
unsafe impl Send for Local {}

#[test]
fn one_of_those_who_claim_gets_the_turn() {
    loom::model(|| {
        let (executor, slot) = world();
        let shared = Arc::new(Shared::default());
        spawn(slot, executor, wait(shared.clone()));
        run(executor);
        let waker = waker_of(&shared);
        shared.is_ready.store(true, Relaxed);
        let waking = thread::spawn(move || waker.wake());
        let polling = thread::spawn(move || executor.poll());
        let local = executor.claim();
        waking.join().expect("the waker");
        polling.join().expect("the other");
        match local {
            Some(local) => {
                assert!(executor.claim().is_none() && !executor.poll());
                while local.poll() {}
            }
            None => run(executor),
        }
        assert!(slot.0.is_vacant(), "the wake was lost");
    });
}
