//! The same coroutines as tasks of Embassy and of coframe's executor, plain and under the attribute:
//! all four do the same.
#![allow(unsafe_code, reason = "the attribute of Embassy's tasks generates it")]

use std::future::Future;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::channel::Channel;
use embassy_sync::mutex::Mutex as AsyncMutex;
use embassy_time::{Duration, Instant, Timer, with_timeout};

/// What a run prints, and whether it has ended.
struct World {
    log: Mutex<Vec<String>>,
    channel: Channel<CriticalSectionRawMutex, u32, 2>,
    shared: AsyncMutex<CriticalSectionRawMutex, u32>,
    is_done: AtomicBool,
}

impl World {
    const fn new() -> Self {
        World {
            log: Mutex::new(Vec::new()),
            channel: Channel::new(),
            shared: AsyncMutex::new(0),
            is_done: AtomicBool::new(false),
        }
    }

    fn log(&self, text: String) {
        self.log.lock().unwrap().push(text);
    }

    fn log_of_all(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
}

macro_rules! bodies {
    ($($attribute:tt)*) => {
        use super::*;

        $($attribute)*
        pub(super) async fn produce(world: &'static World) {
            for number in 0..5 {
                world.channel.send(number).await;
                *world.shared.lock().await += 1;
            }
        }

        $($attribute)*
        pub(super) async fn consume(world: &'static World) {
            let start = Instant::now();
            for _ in 0..5 {
                let number = world.channel.receive().await;
                world.log(format!("received {number}"));
            }
            Timer::after(Duration::from_millis(2)).await;
            let nothing = with_timeout(Duration::from_millis(1), world.channel.receive()).await;
            let is_late = start.elapsed() >= Duration::from_millis(3);
            let sum = *world.shared.lock().await;
            world.log(format!("{nothing:?}, {is_late}, {sum}"));
            world.is_done.store(true, SeqCst);
        }
    };
}

mod plain {
    bodies!();
}

mod transformed {
    bodies!(#[coframe::coroutine]);
}

/// Runs two tasks on Embassy's executor.
macro_rules! on_embassy {
    ($world:ident, $bodies:ident) => {{
        #[embassy_executor::task]
        fn produce(world: &'static World) -> impl Future<Output = ()> {
            $bodies::produce(world)
        }
        #[embassy_executor::task]
        fn consume(world: &'static World) -> impl Future<Output = ()> {
            $bodies::consume(world)
        }
        let executor = Box::leak(Box::new(embassy_executor::Executor::new()));
        executor.run_until(
            |spawner| {
                spawner.spawn(produce(&$world).unwrap());
                spawner.spawn(consume(&$world).unwrap());
            },
            || $world.is_done.load(SeqCst),
        );
        $world.log_of_all()
    }};
}

/// Runs two tasks on coframe's executor.
macro_rules! on_coframe {
    ($world:ident, $bodies:ident) => {{
        use $bodies::{consume, produce};
        coframe::frame_pool! { static FRAMES: [produce | consume; 2]; }
        static EXECUTOR: coframe::Executor = coframe::Executor::new();
        FRAMES.spawn(&EXECUTOR, produce(&$world)).unwrap();
        FRAMES.spawn(&EXECUTOR, consume(&$world)).unwrap();
        while !$world.is_done.load(SeqCst) {
            if !EXECUTOR.poll() {
                std::thread::yield_now();
            }
        }
        assert_eq!(FRAMES.in_use(), 0);
        $world.log_of_all()
    }};
}

#[test]
fn all_four_do_the_same() {
    static WORLDS: [World; 4] = [const { World::new() }; 4];
    static FIRST: &World = &WORLDS[0];
    static SECOND: &World = &WORLDS[1];
    static THIRD: &World = &WORLDS[2];
    static FOURTH: &World = &WORLDS[3];
    let expected = on_embassy!(FIRST, plain);
    assert_eq!(expected.len(), 6);
    assert_eq!(expected[5], "Err(TimeoutError), true, 5");
    assert_eq!(on_embassy!(SECOND, transformed), expected);
    assert_eq!(on_coframe!(THIRD, plain), expected);
    assert_eq!(on_coframe!(FOURTH, transformed), expected);
}

#[test]
fn frames_are_no_larger_than_rustcs() {
    let sizes = [
        (coframe::frame_size!(transformed::produce), coframe::frame_size!(plain::produce)),
        (coframe::frame_size!(transformed::consume), coframe::frame_size!(plain::consume)),
    ];
    for (ours, rustcs) in sizes {
        println!("{ours} bytes, rustc's {rustcs}");
        assert!(ours <= rustcs);
    }
}
