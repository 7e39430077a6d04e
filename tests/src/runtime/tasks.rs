//! Tasks and their handles.

use core::future::pending;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;

use coframe::net::{TcpListener, TcpStream};
use coframe::{DriverKind, Io, JoinHandle, PoolFull, Runtime};

use super::{connected, run, runtime, yield_now};

/// Counts how many of it were dropped.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// Handles give the values of their tasks, in any order.
pub fn values_are_joined(driver: DriverKind) {
    run(driver, |io| async move {
        let slow = io.spawn(async {
            yield_now().await;
            String::from("slow")
        });
        let fast = io.spawn(async { 1 });
        assert_eq!(slow.await?, "slow");
        assert!(fast.is_finished());
        assert_eq!(fast.await?, 1);
        Ok(())
    });
}

/// A coroutine spawns itself, and awaits itself in a box.
pub fn recursion(driver: DriverKind) {
    #[coframe::coroutine]
    async fn leaves(io: Io, depth: u32) -> io::Result<u32> {
        if depth == 0 {
            return Ok(1);
        }
        let left = io.spawn_local(leaves(io, depth - 1));
        yield_now().await;
        let right = Box::pin(leaves(io, depth - 1)).await?;
        Ok(left.await?? + right)
    }
    run(driver, |io| async move {
        assert_eq!(leaves(io, 5).await?, 32);
        Ok(())
    });
}

/// A panic ends its task and nothing else, and its text is in the error.
pub fn a_panic_is_reported(driver: DriverKind) {
    run(driver, |io| async move {
        let error = io
            .spawn(async { panic!("number {}", core::hint::black_box(7)) })
            .await
            .map(|(): ()| ());
        let error = error.expect_err("a panic");
        assert!(error.is_panic() && !error.is_canceled());
        assert_eq!(error.to_string(), "the task panicked: number 7");
        let payload = error.try_into_panic().expect("a payload");
        assert_eq!(payload.downcast_ref::<String>().map(String::as_str), Some("number 7"));
        assert_eq!(io.spawn(async { 1 }).await?, 1);
        Ok(())
    });
}

/// A panic of the main future comes out of `run`, and the runtime can be used again.
pub fn a_panic_of_the_root_comes_through(driver: DriverKind) {
    let Some(mut runtime) = runtime(driver) else { return };
    let panic = catch_unwind(AssertUnwindSafe(|| runtime.run(|_| async { panic!("root") })));
    let payload = panic.map(|(): ()| ()).expect_err("a panic");
    assert_eq!(payload.downcast_ref::<&str>(), Some(&"root"));
    assert_eq!(runtime.run(|io| async move { io.spawn(async { 5 }).await.expect("5") }), 5);
}

/// Aborting drops the future and is reported; a finished task keeps its value.
pub fn an_aborted_task_is_dropped(driver: DriverKind) {
    run(driver, |io| async move {
        let drops = Arc::new(AtomicUsize::new(0));
        let counted = Counted(drops.clone());
        let task = io.spawn(async move {
            let _counted = counted;
            pending::<()>().await;
        });
        yield_now().await;
        task.abort();
        task.abort();
        assert!(task.await.expect_err("aborted").is_canceled());
        assert_eq!(drops.load(SeqCst), 1);
        let done = io.spawn(async { 3 });
        yield_now().await;
        done.abort();
        assert_eq!(done.await?, 3);
        let never_begun = io.spawn(async { 4 });
        never_begun.abort();
        assert!(never_begun.await.is_err());
        Ok(())
    });
}

/// A task whose handle was dropped goes on, and its value is dropped.
pub fn a_detached_task_goes_on(driver: DriverKind) {
    run(driver, |io| async move {
        let drops = Arc::new(AtomicUsize::new(0));
        for is_early in [true, false] {
            let counted = Counted(drops.clone());
            let task = io.spawn(async move {
                yield_now().await;
                counted
            });
            if !is_early {
                while !task.is_finished() {
                    yield_now().await;
                }
            }
            drop(task);
        }
        while drops.load(SeqCst) < 2 {
            yield_now().await;
        }
        Ok(())
    });
}

/// Dropping the runtime drops what is left of its tasks, wherever they wait.
pub fn dropping_the_runtime_drops_tasks(driver: DriverKind) {
    let Some(mut runtime) = runtime(driver) else { return };
    let drops = Arc::new(AtomicUsize::new(0));
    runtime.run(|io| {
        let drops = drops.clone();
        async move {
            let frames = io.frames::<256>(2).expect("a pool");
            let (first, second) = (Counted(drops.clone()), Counted(drops.clone()));
            let (third, fourth) = (Counted(drops.clone()), Counted(drops));
            drop(io.spawn(async move {
                let _first = first;
                pending::<()>().await;
            }));
            drop(io.spawn(async move {
                let _second = second;
                loop {
                    yield_now().await;
                }
            }));
            let sleeper = frames.spawn(async move {
                let _third = third;
                io.sleep(core::time::Duration::from_secs(3600)).await;
            });
            drop(sleeper.await);
            yield_now().await;
            drop(io.spawn(async move { drop(fourth) }));
        }
    });
    drop(runtime);
    assert_eq!(drops.load(SeqCst), 4);
}

/// Tasks that are left when `run` ends go on in the next one.
pub fn tasks_go_on_in_the_next_run(driver: DriverKind) {
    let Some(mut runtime) = runtime(driver) else { return };
    let flag = Arc::new(AtomicBool::new(false));
    let theirs = flag.clone();
    let io = runtime.io();
    let task = io.spawn(async move {
        while !theirs.load(SeqCst) {
            yield_now().await;
        }
        11
    });
    runtime.run(|_| yield_now());
    assert!(!task.is_finished());
    flag.store(true, SeqCst);
    assert_eq!(runtime.run(|_| task).expect("a value"), 11);
}

/// A handle gives an error when the runtime ended first, and a value that was there before.
pub fn a_handle_outlives_the_runtime(driver: DriverKind) {
    let Some(mut runtime) = runtime(driver) else { return };
    let (waiting, done): (JoinHandle<u8>, JoinHandle<u8>) = runtime.run(|io| async move {
        let handles = (io.spawn(pending()), io.spawn(async { 5 }));
        yield_now().await;
        handles
    });
    drop(runtime);
    assert!(coframe::block_on(waiting).expect_err("canceled").is_canceled());
    assert_eq!(coframe::block_on(done).expect("a value"), 5);
}

/// The handle of a runtime that has ended gives clear errors, even when its record is used again.
pub fn a_stale_io_is_refused(driver: DriverKind) {
    let Some(first) = runtime(driver) else { return };
    let stale = first.io();
    drop(first);
    let Some(mut second) = runtime(driver) else { return };
    let check = |io: Io| {
        let error = TcpListener::bind(io, "127.0.0.1:0").expect_err("a stale handle");
        assert!(error.to_string().contains("has ended"), "{error}");
        assert!(io.frames::<8>(1).is_err());
        assert!(catch_unwind(|| drop(io.spawn(async {}))).is_err());
        assert!(catch_unwind(|| drop(io.spawn_local(async {}))).is_err());
        assert_eq!(io.pool_growths(), 0);
    };
    check(stale);
    second.run(|_| async move {
        check(stale);
        let address = "127.0.0.1:9".parse::<std::net::SocketAddr>().expect("an address");
        let error = TcpStream::connect(stale, address).await.expect_err("a stale handle");
        assert!(error.to_string().contains("has ended"), "{error}");
    });
}

/// A spawn that cannot be gives its future back, whole.
pub fn a_spawn_that_gives_its_future_back(driver: DriverKind) {
    let drops = Arc::new(AtomicUsize::new(0));
    let Some(mut first) = runtime(driver) else { return };
    let io = first.io();
    let (guard, value) = (Counted(drops.clone()), vec![7; 3]);
    let task = async move {
        let _guard = guard;
        yield_now().await;
        value
    };
    let Ok(handle) = io.try_spawn(core::future::ready(task)) else { panic!("there is room") };
    let task = first.run(|_| handle).expect("no panic");
    drop(first);
    let Err(PoolFull(task)) = io.try_spawn(task) else { panic!("the runtime has ended") };
    assert_eq!(drops.load(SeqCst), 0);
    let Some(mut second) = runtime(driver) else { return };
    let handle = second.io().try_spawn(task).expect("there is room");
    assert_eq!(second.run(|_| handle).expect("no panic"), [7; 3]);
    assert_eq!(drops.load(SeqCst), 1);
}

/// Tasks for which there is room from the start make no pool grow, and more of them do.
pub fn room_for_tasks_from_the_start(driver: DriverKind) {
    let builder = Runtime::builder().driver(driver).tasks(8, 200).tasks(2, 3000);
    let Ok(mut runtime) = builder.build() else { return };
    runtime.run(|io| async move {
        let small = |_| io.spawn(pending::<()>());
        let large = |_| io.spawn(core::future::ready([1_u8; 3000]));
        let tasks: Vec<_> = (0..8).map(small).collect();
        let others: Vec<_> = (0..2).map(large).collect();
        assert_eq!(io.pool_growths(), 0);
        let another = small(8);
        assert_eq!(io.pool_growths(), 1);
        for task in tasks.into_iter().chain([another]) {
            task.abort();
            assert!(task.await.expect_err("aborted").is_canceled());
        }
        for task in others {
            assert_eq!(task.await.expect("no panic"), [1; 3000]);
        }
    });
}

/// A runtime may be dropped inside another one.
pub fn a_runtime_dropped_inside_another(driver: DriverKind) {
    let (Some(mut outer), Some(mut inner)) = (runtime(driver), runtime(driver)) else { return };
    let drops = Arc::new(AtomicUsize::new(0));
    let counted = Counted(drops.clone());
    let (_listener, _client, mut server) = inner.run(connected).expect("a connection");
    drop(inner.io().spawn(async move {
        let _counted = counted;
        server.read(&mut [0; 8]).await
    }));
    inner.run(|_| yield_now());
    outer.run(|io| async move {
        let task = io.spawn(async { 1 });
        drop(inner);
        assert_eq!(task.await.expect("1"), 1);
    });
    assert_eq!(drops.load(SeqCst), 1);
}

/// A runtime is not run inside another one.
pub fn a_nested_run_is_refused(driver: DriverKind) {
    let Some(mut outer) = runtime(driver) else { return };
    let Some(mut inner) = runtime(driver) else { return };
    let is_refused = outer
        .run(|_| async { catch_unwind(AssertUnwindSafe(|| inner.run(|_| async {}))).is_err() });
    assert!(is_refused);
    inner.run(|_| async {});
    assert_eq!(outer.run(|io| async move { io.spawn(async { 1 }).await.expect("1") }), 1);
}

#[repr(align(256))]
struct Aligned([u8; 256]);

async fn hold<const SIZE: usize>() -> usize {
    let bytes = [1_u8; SIZE];
    yield_now().await;
    bytes.iter().map(|&byte| usize::from(byte)).sum()
}

/// Tasks of every size and alignment find room, and memory is taken only at first.
pub fn tasks_of_all_sizes(driver: DriverKind) {
    run(driver, |io| async move {
        let mut growths = 0;
        for round in 0..3 {
            assert_eq!(io.spawn(hold::<0>()).await?, 0);
            assert_eq!(io.spawn(hold::<1>()).await?, 1);
            assert_eq!(io.spawn(hold::<300>()).await?, 300);
            assert_eq!(io.spawn(hold::<5000>()).await?, 5000);
            if round == 1 {
                growths = io.pool_growths();
            }
        }
        assert_eq!(io.pool_growths(), growths);
        assert_eq!(io.spawn(hold::<100_000>()).await?, 100_000);
        let aligned = io.spawn(async {
            let value = Aligned([2; 256]);
            yield_now().await;
            (core::ptr::from_ref(&value).addr() % 256, value)
        });
        let (remainder, value) = aligned.await?;
        assert_eq!((remainder, value.0[255]), (0, 2));
        Ok(())
    });
}

/// Local tasks may hold what cannot be sent.
pub fn local_tasks(driver: DriverKind) {
    run(driver, |io| async move {
        let shared = Rc::new(5);
        let theirs = shared.clone();
        let task = io.spawn_local(async move {
            yield_now().await;
            theirs
        });
        assert_eq!(*task.await?, 5);
        let frames = io.frames::<64>(1)?;
        let theirs = shared.clone();
        assert_eq!(*frames.spawn_local(async move { theirs }).await?.await?, 5);
        assert_eq!(Rc::strong_count(&shared), 1);
        let elsewhere = thread::spawn(move || catch_unwind(|| drop(io.spawn_local(async {}))));
        assert!(elsewhere.join().expect("the thread").is_err());
        Ok(())
    });
}

/// Tasks that are always ready do not keep others from their I/O.
pub fn a_busy_task_lets_io_happen(driver: DriverKind) {
    run(driver, |io| async move {
        let busy: Vec<_> = (0..3)
            .map(|_| {
                io.spawn(async {
                    loop {
                        yield_now().await;
                    }
                })
            })
            .collect::<Vec<JoinHandle<()>>>();
        let (_listener, mut client, mut server) = connected(io).await?;
        for _ in 0..100 {
            client.write_all(b"x").await?;
            assert_eq!(server.read(&mut [0; 8]).await?, 1);
        }
        io.sleep(core::time::Duration::from_millis(1)).await;
        busy.iter().for_each(JoinHandle::abort);
        Ok(())
    });
}

struct PanicOnDrop;

impl Drop for PanicOnDrop {
    fn drop(&mut self) {
        if !thread::panicking() {
            panic!("dropped");
        }
    }
}

/// A destructor that panics is reported too, and hurts nobody else.
pub fn a_panic_while_dropping_is_reported(driver: DriverKind) {
    run(driver, |io| async move {
        let guard = PanicOnDrop;
        let task = io.spawn(async move {
            let _guard = guard;
            pending::<()>().await;
        });
        yield_now().await;
        task.abort();
        assert!(task.await.expect_err("a panic").is_panic());
        // The value of a detached task panics when it is dropped: nobody is there to hear it.
        drop(io.spawn(async { PanicOnDrop }));
        yield_now().await;
        assert_eq!(io.spawn(async { 2 }).await?, 2);
        Ok(())
    });
}

/// Other threads spawn tasks and wait for them.
pub fn spawning_from_another_thread(driver: DriverKind) {
    run(driver, |io| async move {
        let (ready, is_ready) =
            (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let done = ready.clone();
        let frames = io.frames::<64>(4)?;
        let other = thread::spawn(move || -> io::Result<u32> {
            let mut sum = 0;
            for number in 0..100 {
                sum += coframe::block_on(io.spawn(async move { number }))?;
                sum += coframe::block_on(coframe::block_on(frames.spawn(async { 1 }))?)?;
            }
            done.store(true, SeqCst);
            Ok(sum)
        });
        // Sleeping, so that the other thread has to wake this one.
        while !ready.load(SeqCst) {
            io.sleep(core::time::Duration::from_millis(1)).await;
        }
        drop(is_ready);
        assert_eq!(other.join().expect("the thread")?, 4950 + 100);
        Ok(())
    });
}

const fn assert_send<T: Send>() {}
const fn assert_send_sync<T: Send + Sync>() {}

const _: () = {
    assert_send_sync::<Io>();
    assert_send_sync::<coframe::Frames<64>>();
    assert_send_sync::<JoinHandle<u32>>();
    assert_send_sync::<coframe::JoinError>();
    assert_send::<coframe::net::Read<'_>>();
    assert_send::<coframe::net::WriteAll<'_>>();
    assert_send::<coframe::net::Accept<'_>>();
    assert_send::<coframe::time::Sleep>();
    assert_send::<coframe::Spawn<'_, u8, 64>>();
};

/// A runtime stays on its thread: this compiles only while it does.
#[allow(dead_code, reason = "checked while compiling")]
trait NotSend<A> {
    fn check() {}
}
impl<T> NotSend<()> for T {}
#[allow(dead_code, reason = "checked while compiling")]
struct IsSend;
impl<T: Send> NotSend<IsSend> for T {}
const _: fn() = <Runtime as NotSend<_>>::check;
