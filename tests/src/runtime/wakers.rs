//! Wakers that are called late, often, and from elsewhere.

use core::future::poll_fn;
use core::task::{Poll, Waker};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;

use coframe::{DriverKind, Io};

use super::{run, runtime, yield_now};

/// Gives the waker of the task.
async fn own_waker() -> Waker {
    poll_fn(|context| Poll::Ready(context.waker().clone())).await
}

/// A sleeping runtime is woken by another thread.
pub fn a_wake_from_another_thread(driver: DriverKind) {
    run(driver, |_| async {
        for round in 0..100 {
            let turns = Arc::new(AtomicUsize::new(0));
            let waker = own_waker().await;
            let theirs = turns.clone();
            let other = thread::spawn(move || {
                theirs.store(1, SeqCst);
                if round % 2 == 0 { waker.wake() } else { waker.wake_by_ref() }
            });
            poll_fn(|_| if turns.load(SeqCst) == 1 { Poll::Ready(()) } else { Poll::Pending })
                .await;
            other.join().expect("the thread");
        }
        Ok(())
    });
}

/// A waker of a task that has ended wakes nobody, or the next task in the slot for nothing.
pub fn a_late_waker_is_harmless(driver: DriverKind) {
    run(driver, |io| async move {
        let frames = io.frames::<64>(1)?;
        let waker = frames.spawn(own_waker()).await?.await?;
        waker.wake_by_ref();
        let polls = Arc::new(AtomicUsize::new(0));
        let theirs = polls.clone();
        let task = frames.spawn(poll_fn(move |_| {
            theirs.fetch_add(1, SeqCst);
            Poll::<()>::Pending
        }));
        let task = task.await?;
        yield_now().await;
        waker.wake_by_ref();
        let other = waker.clone();
        thread::spawn(move || other.wake()).join().expect("the thread");
        yield_now().await;
        yield_now().await;
        task.abort();
        assert!(task.await.is_err());
        assert!((1..=3).contains(&polls.load(SeqCst)));
        waker.wake();
        Ok(())
    });
}

/// Wakers may outlive their pool and their runtime.
pub fn wakers_outlive_everything(driver: DriverKind) {
    let Some(mut runtime) = runtime(driver) else { return };
    let keep = |io: Io| async move {
        let frames = io.frames::<64>(1).expect("a pool");
        let pooled = frames.spawn(own_waker()).await.expect("a slot").await.expect("a waker");
        let spawned = io.spawn(own_waker()).await.expect("a waker");
        [own_waker().await, pooled, spawned]
    };
    let wakers = runtime.run(keep);
    wakers.iter().for_each(Waker::wake_by_ref);
    drop(runtime);
    wakers.iter().for_each(Waker::wake_by_ref);
    let copies = wakers.clone();
    thread::spawn(move || copies.into_iter().for_each(Waker::wake)).join().expect("the thread");
    drop(wakers);
}

/// Many threads wake many tasks while these come and go.
pub fn many_wakes_from_many_threads(driver: DriverKind) {
    run(driver, |io| async move {
        let counter = Arc::new(AtomicUsize::new(0));
        let mut tasks = Vec::new();
        for _ in 0..50 {
            let counter = counter.clone();
            tasks.push(io.spawn(async move {
                for _ in 0..20 {
                    let waker = own_waker().await;
                    let woken = Arc::new(AtomicUsize::new(0));
                    let theirs = woken.clone();
                    let other = thread::spawn(move || {
                        theirs.store(1, SeqCst);
                        waker.wake_by_ref();
                        waker.wake();
                    });
                    poll_fn(|_| match woken.load(SeqCst) {
                        0 => Poll::Pending,
                        _ => Poll::Ready(()),
                    })
                    .await;
                    counter.fetch_add(1, SeqCst);
                    drop(other);
                }
            }));
        }
        for task in tasks {
            task.await?;
        }
        assert_eq!(counter.load(SeqCst), 1000);
        Ok(())
    });
}
