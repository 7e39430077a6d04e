//! Sleeping.

use core::pin::pin;
use core::task::Poll;
use core::time::Duration;
use std::cell::RefCell;
use std::rc::Rc;
use std::thread;
use std::time::Instant;

use coframe::DriverKind;

use super::{poll_once, run, runtime, yield_now};

/// Sleeps end in the order of their lengths, and never too early.
pub fn sleeps_end_in_order(driver: DriverKind) {
    run(driver, |io| async move {
        let order = Rc::new(RefCell::new(Vec::new()));
        let tasks: Vec<_> = [40, 10, 30, 0, 20]
            .map(|time| {
                let order = order.clone();
                io.spawn_local(async move {
                    let (start, time) = (Instant::now(), Duration::from_millis(time));
                    let mut sleep = pin!(io.sleep(time));
                    let is_over = poll_once(sleep.as_mut()).await.is_ready();
                    let begun = Instant::now();
                    if !is_over {
                        sleep.await;
                    }
                    assert!(start.elapsed() >= time);
                    // One that is over at once has not waited for its turn among the others.
                    if !is_over {
                        order.borrow_mut().push((start + time, begun + time));
                    }
                })
            })
            .into();
        for task in tasks {
            task.await?;
        }
        let order = order.borrow();
        for (place, (due_at_least, _)) in order.iter().enumerate() {
            // The process may have been held up between two of them: what counts is when they are due.
            let resolution = Duration::from_millis(1);
            let is_late = |later: &(Instant, Instant)| later.1 + resolution < *due_at_least;
            assert!(!order[place..].iter().any(is_late), "{order:?}");
        }
        Ok(())
    });
}

/// A sleep that was dropped is forgotten by the runtime.
pub fn a_dropped_sleep_wakes_nobody(driver: DriverKind) {
    run(driver, |io| async move {
        for _ in 0..100 {
            let mut sleep = pin!(io.sleep(Duration::from_millis(1)));
            // A thread that was held up finds it over, which it may be.
            let _: Poll<()> = poll_once(sleep.as_mut()).await;
        }
        let mut boxed = Box::pin(io.sleep(Duration::from_millis(1)));
        let _: Poll<()> = poll_once(boxed.as_mut()).await;
        drop(boxed);
        io.sleep(Duration::from_millis(3)).await;
        Ok(())
    });
}

/// Very long sleeps do not end, and do not overflow.
pub fn sleeps_of_all_lengths(driver: DriverKind) {
    run(driver, |io| async move {
        for seconds in [3600, 86_400, 1 << 30, 1 << 40, u64::MAX] {
            let mut sleep = pin!(io.sleep(Duration::from_secs(seconds)));
            assert!(poll_once(sleep.as_mut()).await.is_pending());
            io.sleep(Duration::from_micros(200)).await;
            assert!(poll_once(sleep.as_mut()).await.is_pending());
        }
        io.sleep(Duration::ZERO).await;
        io.sleep(Duration::from_nanos(1)).await;
        Ok(())
    });
}

/// A sleep that is leaked fires into the void.
pub fn a_leaked_sleep_is_harmless(driver: DriverKind) {
    run(driver, |io| async move {
        let task = io.spawn(async move {
            let mut sleep = Box::pin(io.sleep(Duration::from_millis(1)));
            assert!(poll_once(sleep.as_mut()).await.is_pending());
            core::mem::forget(sleep);
        });
        task.await?;
        io.sleep(Duration::from_millis(5)).await;
        let mut sleep = Box::pin(io.sleep(Duration::from_secs(1000)));
        assert!(poll_once(sleep.as_mut()).await.is_pending());
        core::mem::forget(sleep);
        Ok(())
    });
}

/// A sleep can be awaited on another thread; dropped there as well.
pub fn a_sleep_on_another_thread(driver: DriverKind) {
    let Some(mut runtime) = runtime(driver) else { return };
    let kept = runtime.run(|io| async move {
        let task = io.spawn(async move { io.sleep(Duration::from_secs(1000)).await });
        let other = thread::spawn(move || {
            coframe::block_on(io.sleep(Duration::from_millis(2)));
            let mut sleep = Box::pin(io.sleep(Duration::from_secs(1000)));
            assert!(super::poll_alone(sleep.as_mut()).is_pending());
            sleep
        });
        while !other.is_finished() {
            yield_now().await;
        }
        task.abort();
        [other.join().expect("the thread")]
    });
    drop(runtime);
    drop(kept);
}

/// A task sleeps on the clock of another runtime, which runs on another thread.
pub fn a_sleep_of_another_runtime(driver: DriverKind) {
    let (sender, receiver) = std::sync::mpsc::channel();
    let Some(mut here) = runtime(driver) else { return };
    let other = thread::spawn(move || {
        let mut there = runtime(driver).expect("a second runtime");
        there.run(|io| async move {
            let (stop, stopped) = std::sync::mpsc::channel::<()>();
            sender.send((io, stop)).expect("the first runtime");
            while stopped.try_recv() != Err(std::sync::mpsc::TryRecvError::Disconnected) {
                io.sleep(Duration::from_millis(1)).await;
            }
        });
    });
    let (theirs, stop) = receiver.recv().expect("the second runtime");
    here.run(|io| async move {
        for _ in 0..100 {
            let task = io.spawn(theirs.sleep(Duration::from_micros(300)));
            let aborted = io.spawn(theirs.sleep(Duration::from_micros(300)));
            task.await.expect("no panic");
            aborted.abort();
        }
    });
    drop(stop);
    other.join().expect("the other thread");
}

/// Many sleeps at the same time, with and without end.
pub fn many_sleeps(driver: DriverKind) {
    run(driver, |io| async move {
        let start = Instant::now();
        let sleep = |number: u64| io.spawn(io.sleep(Duration::from_micros(number % 5000)));
        let tasks: Vec<_> = (0..10_000).map(sleep).collect();
        for task in tasks {
            task.await?;
        }
        assert!(start.elapsed() >= Duration::from_micros(4999));
        Ok(())
    });
}
