//! Timers of the executor for static pools, over a clock that the test moves.

use std::future::Future;
use std::pin::pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::SeqCst};
use std::task::{Context, Waker};

use coframe::executor::{Clock, Sleep, Timers};
use coframe::{Executor, frame_pool};

/// A clock with one alarm, as a timer of a chip.
struct Manual {
    now: AtomicU64,
    alarm: AtomicU64,
    /// Whether the clock moves on between the look at it and the setting of its alarm.
    is_racing: AtomicBool,
}

impl Manual {
    const fn new() -> Self {
        Manual {
            now: AtomicU64::new(0),
            alarm: AtomicU64::new(u64::MAX),
            is_racing: AtomicBool::new(false),
        }
    }
}

impl Clock for Manual {
    fn now(&self) -> u64 {
        self.now.load(SeqCst)
    }

    fn set_alarm(&self, at: u64) -> bool {
        if self.is_racing.swap(false, SeqCst) {
            self.now.fetch_max(at.saturating_add(1), SeqCst);
        }
        self.alarm.store(at, SeqCst);
        at > self.now()
    }
}

/// Moves the clock, and fires as its interrupt would.
fn advance(timers: &Timers<Manual>, to: u64) {
    timers.clock().now.store(to, SeqCst);
    if timers.clock().alarm.load(SeqCst) <= to {
        timers.fire();
    }
}

#[test]
fn sleepers_wake_in_the_order_of_their_moments() {
    static TIMERS: Timers<Manual> = Timers::new(Manual::new());
    static EXECUTOR: Executor = Executor::new();
    static LOG: Mutex<Vec<(u64, u64)>> = Mutex::new(Vec::new());
    #[coframe::coroutine]
    async fn sleeper(at: u64) {
        TIMERS.sleep_until(at).await;
        LOG.lock().unwrap().push((at, TIMERS.now()));
    }
    frame_pool! { static FRAMES: [sleeper; 4]; }
    for at in [30, 10, 20, 10] {
        FRAMES.spawn(&EXECUTOR, sleeper(at)).unwrap();
    }
    EXECUTOR.poll();
    assert_eq!(TIMERS.clock().alarm.load(SeqCst), 10);
    for now in 1..=40 {
        advance(&TIMERS, now);
        while EXECUTOR.poll() {}
    }
    assert_eq!(*LOG.lock().unwrap(), [(10, 10), (10, 10), (20, 20), (30, 30)]);
    assert_eq!(TIMERS.clock().alarm.load(SeqCst), u64::MAX, "nobody sleeps");
}

#[test]
fn a_moment_that_has_passed_is_not_waited_for() {
    static TIMERS: Timers<Manual> = Timers::new(Manual::new());
    let mut context = Context::from_waker(Waker::noop());
    TIMERS.clock().now.store(5, SeqCst);
    assert!(pin!(TIMERS.sleep_until(5)).poll(&mut context).is_ready());
    assert!(pin!(TIMERS.sleep(0)).poll(&mut context).is_ready());
    assert!(pin!(TIMERS.sleep(u64::MAX)).poll(&mut context).is_pending());
}

#[test]
fn a_clock_that_passes_the_alarm_while_it_is_set_loses_nothing() {
    static TIMERS: Timers<Manual> = Timers::new(Manual::new());
    let mut context = Context::from_waker(Waker::noop());
    TIMERS.clock().is_racing.store(true, SeqCst);
    assert!(pin!(TIMERS.sleep(3)).poll(&mut context).is_ready());
    let (mut first, mut second) = (pin!(TIMERS.sleep(3)), pin!(TIMERS.sleep(8)));
    assert!(first.as_mut().poll(&mut context).is_pending());
    assert!(second.as_mut().poll(&mut context).is_pending());
    TIMERS.clock().is_racing.store(true, SeqCst);
    advance(&TIMERS, TIMERS.now() + 3); // the clock passes the second's moment meanwhile
    assert!(first.poll(&mut context).is_ready());
    assert!(second.poll(&mut context).is_ready());
}

#[test]
fn a_dropped_sleep_leaves_the_list() {
    static TIMERS: Timers<Manual> = Timers::new(Manual::new());
    let mut context = Context::from_waker(Waker::noop());
    let mut outer = Box::pin(TIMERS.sleep(2));
    {
        let mut sleeps: Vec<_> = (1..=3).map(|at| Box::pin(TIMERS.sleep(at))).collect();
        for sleep in &mut sleeps {
            assert!(sleep.as_mut().poll(&mut context).is_pending());
        }
        assert!(outer.as_mut().poll(&mut context).is_pending());
        for index in [1, 0, 0] {
            drop(sleeps.remove(index));
        }
    }
    advance(&TIMERS, 2);
    assert!(outer.as_mut().poll(&mut context).is_ready());
    assert_eq!(TIMERS.clock().alarm.load(SeqCst), u64::MAX);
}

#[test]
fn a_sleep_wakes_whoever_polled_it_last() {
    struct Count(AtomicU32);
    impl std::task::Wake for Count {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.fetch_add(1, SeqCst);
        }
    }
    static TIMERS: Timers<Manual> = Timers::new(Manual::new());
    let counts = [0, 1].map(|_| std::sync::Arc::new(Count(AtomicU32::new(0))));
    let mut sleep = pin!(TIMERS.sleep(1));
    for count in &counts {
        let waker = Waker::from(count.clone());
        assert!(sleep.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    advance(&TIMERS, 1);
    assert_eq!(counts.each_ref().map(|count| count.0.load(SeqCst)), [0, 1]);
}

#[test]
fn a_thousand_sleeps_on_several_threads() {
    static TIMERS: Timers<Manual> = Timers::new(Manual::new());
    static EXECUTOR: Executor = Executor::new();
    static AWAKE: AtomicU32 = AtomicU32::new(0);
    #[coframe::coroutine]
    async fn sleeper(seed: u64) {
        let mut at = seed;
        for _ in 0..10 {
            at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            TIMERS.sleep(1 + (at >> 60)).await;
            AWAKE.fetch_add(1, SeqCst);
        }
    }
    frame_pool! { static FRAMES: [sleeper; 100]; }
    for seed in 0..100 {
        FRAMES.spawn(&EXECUTOR, sleeper(seed)).unwrap();
    }
    let interrupt = std::thread::spawn(|| {
        while FRAMES.in_use() > 0 {
            TIMERS.clock().now.fetch_add(1, SeqCst);
            TIMERS.fire();
        }
    });
    while FRAMES.in_use() > 0 {
        EXECUTOR.poll();
    }
    interrupt.join().unwrap();
    assert_eq!(AWAKE.load(SeqCst), 1000);
}

#[test]
fn a_missed_alarm_is_set_for_the_next_one() {
    static TIMERS: Timers<Manual> = Timers::new(Manual::new());
    let mut context = Context::from_waker(Waker::noop());
    let mut later = pin!(TIMERS.sleep_until(9));
    assert!(later.as_mut().poll(&mut context).is_pending());
    TIMERS.clock().is_racing.store(true, SeqCst);
    assert!(pin!(TIMERS.sleep_until(3)).poll(&mut context).is_ready());
    assert_eq!(TIMERS.clock().alarm.load(SeqCst), 9);
    advance(&TIMERS, 9);
    assert!(later.poll(&mut context).is_ready());
}

#[test]
fn a_sleep_that_is_polled_again_stays_in_its_place() {
    static TIMERS: Timers<Manual> = Timers::new(Manual::new());
    let mut context = Context::from_waker(Waker::noop());
    let mut sleeps = [2, 1, 3].map(|at| Box::pin(TIMERS.sleep_until(at)));
    for _ in 0..2 {
        for sleep in &mut sleeps {
            assert!(sleep.as_mut().poll(&mut context).is_pending());
        }
    }
    assert_eq!(TIMERS.clock().alarm.load(SeqCst), 1);
    advance(&TIMERS, 2);
    let ready = sleeps.each_mut().map(|sleep| sleep.as_mut().poll(&mut context).is_ready());
    assert_eq!(ready, [true, true, false]);
    assert!(sleeps[0].as_mut().poll(&mut context).is_ready(), "it is over");
    assert_eq!(TIMERS.clock().alarm.load(SeqCst), 3);
}

#[test]
fn a_sleep_that_is_never_dropped_does_no_harm() {
    static TIMERS: Timers<Manual> = Timers::new(Manual::new());
    let mut context = Context::from_waker(Waker::noop());
    let (mut first, mut last) = (pin!(TIMERS.sleep_until(1)), Box::pin(TIMERS.sleep_until(7)));
    let mut leaked = Box::pin(TIMERS.sleep_until(4));
    assert!(first.as_mut().poll(&mut context).is_pending());
    assert!(leaked.as_mut().poll(&mut context).is_pending());
    assert!(last.as_mut().poll(&mut context).is_pending());
    std::mem::forget(leaked);
    drop(last); // goes past it, and past the timers, to the one before
    advance(&TIMERS, 1);
    assert!(first.poll(&mut context).is_ready());
    assert_eq!(TIMERS.clock().alarm.load(SeqCst), 4);
    advance(&TIMERS, 4);
    assert_eq!(TIMERS.clock().alarm.load(SeqCst), u64::MAX, "nobody sleeps");
}

#[test]
fn a_sleep_takes_a_link_a_moment_and_a_waker() {
    let waker = size_of::<Waker>();
    assert_eq!(size_of::<Sleep<Manual>>(), size_of::<usize>() + size_of::<u64>() + waker);
}

#[test]
fn a_clock_that_panics_leaves_the_list_as_it_is() {
    struct Broken(AtomicBool, AtomicU64);
    impl Clock for Broken {
        fn now(&self) -> u64 {
            assert!(!self.0.load(SeqCst), "on purpose");
            self.1.load(SeqCst)
        }
    }
    static TIMERS: Timers<Broken> = Timers::new(Broken(AtomicBool::new(false), AtomicU64::new(0)));
    let poll = |sleep: &mut std::pin::Pin<Box<Sleep<Broken>>>| {
        let context = &mut Context::from_waker(Waker::noop());
        let poll = || sleep.as_mut().poll(context).is_ready();
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(poll)).ok()
    };
    let mut sleeps = [1, 2, 3].map(|at| Box::pin(TIMERS.sleep_until(at)));
    assert_eq!(poll(&mut sleeps[1]), Some(false));
    TIMERS.clock().0.store(true, SeqCst);
    assert_eq!(sleeps.each_mut().map(poll), [None, Some(false), None]);
    TIMERS.clock().0.store(false, SeqCst);
    let [first, second, _third] = &mut sleeps;
    assert_eq!([poll(first), poll(second)], [Some(false); 2]);
    TIMERS.clock().1.store(2, SeqCst);
    TIMERS.fire();
    assert_eq!([poll(first), poll(second)], [Some(true); 2]);
}
