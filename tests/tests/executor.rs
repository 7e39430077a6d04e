//! The executor for static pools, on the host: with threads for interrupts.

use std::cell::RefCell;
use std::future::{Future, pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::task::{Context, Poll, Waker};
use std::thread::{self, Thread};

use coframe::executor::every_turn;
use coframe::{Coroutine, Executor, FramePool, PoolFull, frame_align, frame_pool, frame_size};

/// Pending once, and ready when it is polled again; leaves its waker behind.
fn once(wakers: Arc<Mutex<Vec<Waker>>>) -> impl Future<Output = ()> + Send {
    let mut was_polled = false;
    poll_fn(move |context| {
        if was_polled {
            return Poll::Ready(());
        }
        was_polled = true;
        wakers.lock().unwrap().push(context.waker().clone());
        Poll::Pending
    })
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn add(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Logs its drop.
struct Noisy(Log, &'static str);

impl Drop for Noisy {
    fn drop(&mut self) {
        self.0.add(format!("drop {}", self.1));
    }
}

#[coframe::coroutine]
async fn note(log: Log, name: &'static str, wakers: Arc<Mutex<Vec<Waker>>>) {
    let _noisy = Noisy(log.clone(), name);
    log.add(format!("start {name}"));
    once(wakers).await;
    log.add(format!("end {name}"));
}

#[test]
fn tasks_run_in_the_order_in_which_they_were_woken() {
    static FRAMES: FramePool<{ frame_size!(note) }, 3> = FramePool::new();
    static EXECUTOR: Executor = Executor::new();
    let (log, wakers) = (Log::default(), Arc::new(Mutex::new(Vec::new())));
    for name in ["a", "b", "c"] {
        FRAMES.spawn(&EXECUTOR, note(log.clone(), name, wakers.clone())).unwrap();
    }
    assert!(EXECUTOR.poll());
    assert_eq!(log.take(), ["start a", "start b", "start c"]);
    assert!(!EXECUTOR.poll(), "nobody is ready");
    let wakers: Vec<Waker> = wakers.lock().unwrap().drain(..).collect();
    wakers[2].wake_by_ref();
    wakers[0].wake_by_ref();
    wakers[2].wake_by_ref();
    assert!(!EXECUTOR.is_idle());
    assert!(EXECUTOR.poll());
    assert_eq!(log.take(), ["end c", "drop c", "end a", "drop a"]);
    assert_eq!(FRAMES.in_use(), 1);
    wakers[1].wake_by_ref();
    assert!(EXECUTOR.poll());
    assert_eq!(log.take(), ["end b", "drop b"]);
    assert!(EXECUTOR.is_idle());
}

#[test]
fn a_full_pool_gives_the_coroutine_back() {
    static FRAMES: FramePool<{ frame_size!(note) }, 1> = FramePool::new();
    static EXECUTOR: Executor = Executor::new();
    let (log, wakers) = (Log::default(), Arc::new(Mutex::new(Vec::new())));
    FRAMES.spawn(&EXECUTOR, note(log.clone(), "first", wakers.clone())).unwrap();
    let full = FRAMES.spawn(&EXECUTOR, note(log.clone(), "second", wakers.clone()));
    let Err(PoolFull(second)) = full else { panic!("there is one slot") };
    EXECUTOR.poll();
    wakers.lock().unwrap().pop().unwrap().wake();
    EXECUTOR.poll();
    assert_eq!(log.take(), ["start first", "end first", "drop first"]);
    FRAMES.spawn(&EXECUTOR, second).unwrap();
    EXECUTOR.poll();
    assert_eq!(log.take(), ["start second"]);
    assert_eq!((FRAMES.slots(), FRAMES.in_use()), (1, 1));
}

#[test]
fn a_waker_that_outlives_its_task_does_no_harm() {
    static FRAMES: FramePool<{ frame_size!(note) }, 1> = FramePool::new();
    static EXECUTOR: Executor = Executor::new();
    let (log, wakers) = (Log::default(), Arc::new(Mutex::new(Vec::new())));
    FRAMES.spawn(&EXECUTOR, note(log.clone(), "old", wakers.clone())).unwrap();
    EXECUTOR.poll();
    let late = wakers.lock().unwrap().pop().unwrap();
    late.wake_by_ref();
    EXECUTOR.poll();
    late.wake_by_ref();
    assert!(!EXECUTOR.poll(), "the slot is vacant");
    let resumed = Arc::new(AtomicU32::new(0));
    let count = resumed.clone();
    let newer = poll_fn(move |_| {
        count.fetch_add(1, SeqCst);
        Poll::<()>::Pending
    });
    FRAMES.spawn(&EXECUTOR, newer).unwrap();
    EXECUTOR.poll();
    late.wake();
    EXECUTOR.poll();
    assert_eq!(resumed.load(SeqCst), 2, "resumed once for nothing");
}

#[test]
fn a_task_that_wakes_itself_is_resumed_in_the_next_turn() {
    static FRAMES: FramePool<64, 2> = FramePool::new();
    static EXECUTOR: Executor = Executor::new();
    let log = Log::default();
    for name in ["a", "b"] {
        let (log, mut left) = (log.clone(), 2);
        let task = poll_fn(move |context| {
            log.add(name);
            left -= 1;
            context.waker().wake_by_ref();
            context.waker().wake_by_ref();
            if left == 0 { Poll::Ready(()) } else { Poll::Pending }
        });
        FRAMES.spawn(&EXECUTOR, task).unwrap();
    }
    EXECUTOR.poll();
    assert_eq!(log.take(), ["a", "b"]);
    EXECUTOR.poll();
    assert_eq!(log.take(), ["a", "b"]);
    assert_eq!(FRAMES.in_use(), 2, "they ended, and were woken before");
    EXECUTOR.poll();
    assert_eq!(log.take(), [""; 0]);
    assert_eq!(FRAMES.in_use(), 0);
}

#[test]
fn a_panic_ends_its_task_and_no_other() {
    static FRAMES: FramePool<128, 3> = FramePool::new();
    static EXECUTOR: Executor = Executor::new();
    let (log, wakers) = (Log::default(), Arc::new(Mutex::new(Vec::new())));
    let noisy = Noisy(log.clone(), "what the task had");
    FRAMES
        .spawn(&EXECUTOR, async move {
            let _noisy = noisy;
            panic!("on purpose");
        })
        .unwrap();
    FRAMES.spawn(&EXECUTOR, note(log.clone(), "other", wakers)).unwrap();
    assert!(catch_unwind(|| EXECUTOR.poll()).is_err());
    assert_eq!(log.take(), ["drop what the task had"]);
    assert_eq!(FRAMES.in_use(), 1);
    assert!(EXECUTOR.poll());
    assert_eq!(log.take(), ["start other"]);
}

#[test]
fn a_panic_of_a_destructor_frees_the_slot() {
    struct Explosive;
    impl Drop for Explosive {
        fn drop(&mut self) {
            panic!("on purpose");
        }
    }
    static FRAMES: FramePool<64, 1> = FramePool::new();
    static EXECUTOR: Executor = Executor::new();
    let explosive = Explosive;
    let task = poll_fn(move |_| {
        let _ = &explosive;
        Poll::Ready(())
    });
    FRAMES.spawn(&EXECUTOR, task).unwrap();
    assert!(catch_unwind(|| EXECUTOR.poll()).is_err());
    assert_eq!(FRAMES.in_use(), 0);
    FRAMES.spawn(&EXECUTOR, async {}).unwrap();
    assert!(EXECUTOR.poll());
}

#[test]
fn a_task_cannot_resume_its_executor() {
    static FRAMES: FramePool<64, 2> = FramePool::new();
    static EXECUTOR: Executor = Executor::new();
    let log = Log::default();
    let ours = log.clone();
    FRAMES
        .spawn(&EXECUTOR, async move {
            FRAMES.spawn(&EXECUTOR, async {}).unwrap();
            ours.add(format!("{} {}", EXECUTOR.poll(), EXECUTOR.claim().is_some()));
        })
        .unwrap();
    EXECUTOR.poll();
    assert_eq!(log.take(), ["false false"]);
    assert_eq!(FRAMES.in_use(), 1);
    assert!(EXECUTOR.poll());
}

#[test]
fn a_claimed_executor_runs_tasks_that_are_not_send() {
    static FRAMES: FramePool<64, 2> = FramePool::new();
    static EXECUTOR: Executor = Executor::new();
    let local = EXECUTOR.claim().unwrap();
    assert!(EXECUTOR.claim().is_none());
    let log = Rc::new(RefCell::new(Vec::new()));
    let ours = log.clone();
    let first = async move {
        ours.borrow_mut().push(format!("{}", local.poll()));
        let inner = ours.clone();
        let second = async move { inner.borrow_mut().push("second".to_owned()) };
        assert!(FRAMES.spawn_local(local, second).is_ok());
    };
    assert!(FRAMES.spawn_local(local, first).is_ok());
    assert!(!EXECUTOR.poll(), "only the local context may");
    assert!(!thread::spawn(|| EXECUTOR.poll()).join().unwrap());
    while local.poll() {}
    assert_eq!(*log.borrow(), ["false", "second"]);
    let inside = FRAMES.spawn_local(local, async move {
        let outcome = catch_unwind(AssertUnwindSafe(|| local.run(|| ())));
        assert!(outcome.is_err());
    });
    assert!(inside.is_ok());
    assert!(local.poll());
    assert_eq!(FRAMES.in_use(), 0);
}

/// Stops `Executor::run`, which never returns.
struct Stop;

#[test]
fn wakes_from_other_threads_end_the_sleep() {
    static FRAMES: FramePool<128, 8> = FramePool::new();
    static SLEEPER: OnceLock<Thread> = OnceLock::new();
    static EXECUTOR: Executor = Executor::with_notify(|| {
        SLEEPER.get().inspect(|thread| thread.unpark());
    });
    static DONE: AtomicU32 = AtomicU32::new(0);
    SLEEPER.set(thread::current()).unwrap();
    let (send, wakers) = mpsc::channel::<(Arc<AtomicBool>, Waker)>();
    for _ in 0..8 {
        let send = send.clone();
        let task = async move {
            for _ in 0..500 {
                let is_ready = Arc::new(AtomicBool::new(false));
                let mut is_sent = false;
                poll_fn(|context| {
                    if is_ready.load(SeqCst) {
                        return Poll::Ready(());
                    }
                    if !std::mem::replace(&mut is_sent, true) {
                        send.send((is_ready.clone(), context.waker().clone())).unwrap();
                    }
                    Poll::Pending
                })
                .await;
            }
            DONE.fetch_add(1, SeqCst);
        };
        FRAMES.spawn(&EXECUTOR, task).unwrap();
    }
    drop(send);
    let waking = thread::spawn(move || {
        for (is_ready, waker) in wakers {
            is_ready.store(true, SeqCst);
            waker.wake();
        }
    });
    let stopped = catch_unwind(|| {
        EXECUTOR.run(|| {
            if DONE.load(SeqCst) == 8 {
                std::panic::panic_any(Stop);
            }
            thread::park();
        })
    });
    assert!(stopped.unwrap_err().is::<Stop>());
    waking.join().unwrap();
    assert_eq!(FRAMES.in_use(), 0);
}

#[test]
fn threads_spawn_into_pools_of_different_sizes() {
    static SMALL: FramePool<16, 40> = FramePool::new();
    static LARGE: FramePool<1056, 40> = FramePool::new();
    static EXECUTOR: Executor = Executor::new();
    static SUM: AtomicU32 = AtomicU32::new(0);
    let spawners = [0, 1, 2, 3].map(|_| {
        thread::spawn(|| {
            for _ in 0..10 {
                SMALL.spawn(&EXECUTOR, async { _ = SUM.fetch_add(1, SeqCst) }).unwrap();
                let large = async {
                    let bytes = [1_u8; 1024];
                    once(Arc::default()).await;
                    SUM.fetch_add(bytes.len() as u32, SeqCst);
                };
                LARGE.spawn(&EXECUTOR, large).unwrap();
            }
        })
    });
    for spawner in spawners {
        spawner.join().unwrap();
    }
    while EXECUTOR.poll() {}
    assert_eq!(SUM.load(SeqCst), 40);
    assert_eq!((SMALL.in_use(), LARGE.in_use()), (0, 40));
}

#[test]
fn a_pool_serves_several_executors() {
    static FRAMES: FramePool<{ frame_size!(note) }, 2> = FramePool::new();
    static URGENT: Executor = Executor::new();
    static ORDINARY: Executor = Executor::new();
    let (log, wakers) = (Log::default(), Arc::new(Mutex::new(Vec::new())));
    FRAMES.spawn(&ORDINARY, note(log.clone(), "ordinary", wakers.clone())).unwrap();
    FRAMES.spawn(&URGENT, note(log.clone(), "urgent", wakers.clone())).unwrap();
    assert!(URGENT.poll());
    assert!(ORDINARY.poll());
    assert_eq!(log.take(), ["start urgent", "start ordinary"]);
    wakers.lock().unwrap().drain(..).for_each(Waker::wake);
    assert!(ORDINARY.poll());
    assert!(URGENT.poll());
    assert_eq!(log.take(), ["end ordinary", "drop ordinary", "end urgent", "drop urgent"]);
}

#[coframe::coroutine]
async fn never() -> ! {
    loop {
        pending::<()>().await;
    }
}

#[test]
fn tasks_may_never_end() {
    frame_pool! { static FRAMES: [never; 1]; }
    static EXECUTOR: Executor = Executor::new();
    FRAMES.spawn(&EXECUTOR, never()).unwrap();
    assert!(EXECUTOR.poll());
    assert!(!EXECUTOR.poll());
    assert_eq!(FRAMES.in_use(), 1);
}

/// A frame that is aligned to a cache line.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Line([u8; 64]);

#[coframe::coroutine]
async fn aligned(line: Line, log: Log) {
    once(Arc::default()).await;
    log.add(format!("{}", (&raw const line).addr() % 64));
    assert_eq!(line.0[63], 0);
}

#[coframe::coroutine]
async fn small() {
    pending::<()>().await;
}

#[test]
fn frames_are_aligned_and_slots_are_no_larger_than_they_must() {
    frame_pool! {
        static LINES: [aligned | small; 2];
        static SMALL: [small; 3];
    }
    static EXECUTOR: Executor = Executor::new();
    fn slot_bytes<const S: usize, const C: usize, const A: usize>(_: &FramePool<S, C, A>) -> usize
    where
        coframe::frame::Align<A>: coframe::frame::Aligned,
    {
        FramePool::<S, C, A>::SLOT_BYTES
    }
    assert_eq!(frame_align!(aligned), 64);
    assert_eq!(slot_bytes(&LINES), 64 + frame_size!(aligned).next_multiple_of(64));
    let header = 2 * size_of::<usize>();
    assert_eq!(slot_bytes(&SMALL), (header + frame_size!(small)).next_multiple_of(header / 2));
    assert_eq!(size_of_val(&SMALL), 3 * slot_bytes(&SMALL));
    let log = Log::default();
    for _ in 0..2 {
        LINES.spawn(&EXECUTOR, aligned(Line([0; 64]), log.clone())).unwrap();
    }
    EXECUTOR.poll();
    assert!(EXECUTOR.is_idle());
    assert_eq!(LINES.in_use(), 2);
}

#[test]
fn coroutines_that_are_resumed_by_hand_take_turns() {
    #[coframe::coroutine]
    fn steps(log: Log, name: &'static str, count: u32) {
        for step in 0..count {
            log.add(format!("{name}{step}"));
            suspend!();
        }
    }
    frame_pool! { static FRAMES: [steps; 2]; }
    static EXECUTOR: Executor = Executor::new();
    let log = Log::default();
    FRAMES.spawn(&EXECUTOR, every_turn(steps(log.clone(), "a", 2))).unwrap();
    FRAMES.spawn(&EXECUTOR, every_turn(steps(log.clone(), "b", 3))).unwrap();
    while EXECUTOR.poll() {}
    assert_eq!(log.take(), ["a0", "b0", "a1", "b1", "b2"]);
    let _by_hand: Pin<Box<dyn Coroutine<Yield = (), Return = ()>>> = Box::pin(steps(log, "c", 0));
}

#[test]
fn an_executor_is_found_by_wakers_wherever_they_are() {
    static FRAMES: FramePool<{ frame_size!(note) }, 1> = FramePool::new();
    static EXECUTOR: Executor = Executor::new();
    let (log, wakers) = (Log::default(), Arc::new(Mutex::new(Vec::new())));
    FRAMES.spawn(&EXECUTOR, note(log.clone(), "a", wakers.clone())).unwrap();
    EXECUTOR.poll();
    let waker = wakers.lock().unwrap().pop().unwrap();
    thread::spawn(move || waker.wake()).join().unwrap();
    assert!(!EXECUTOR.is_idle());
    // The frame moves to the thread that polls next, as it is `Send`.
    assert!(thread::spawn(|| EXECUTOR.poll()).join().unwrap());
    assert_eq!(log.take(), ["start a", "end a", "drop a"]);
}

#[test]
fn wakers_of_a_task_are_equal() {
    static FRAMES: FramePool<128, 1> = FramePool::new();
    static EXECUTOR: Executor = Executor::new();
    let wakers: Arc<Mutex<Vec<Waker>>> = Arc::default();
    let theirs = wakers.clone();
    let task = poll_fn(move |context: &mut Context<'_>| {
        let mut wakers = theirs.lock().unwrap();
        if let Some(waker) = wakers.first() {
            assert!(waker.will_wake(context.waker()));
            return Poll::Ready(());
        }
        wakers.push(context.waker().clone());
        Poll::Pending
    });
    FRAMES.spawn(&EXECUTOR, task).unwrap();
    EXECUTOR.poll();
    let waker = wakers.lock().unwrap()[0].clone();
    waker.wake();
    EXECUTOR.poll();
    assert_eq!(FRAMES.in_use(), 0);
}
