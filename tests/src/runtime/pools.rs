//! Pools of frames.

use core::pin::pin;
use std::cell::RefCell;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc;
use std::task::Poll;
use std::thread;

use coframe::{DriverKind, JoinHandle, PoolFull, block_on};

use super::{poll_once, run, runtime, yield_now};

async fn until(flag: Arc<AtomicBool>) -> u32 {
    while !flag.load(SeqCst) {
        yield_now().await;
    }
    7
}

/// A full pool gives the coroutine back, which works elsewhere.
pub fn a_full_pool_gives_the_coroutine_back(driver: DriverKind) {
    run(driver, |io| async move {
        let frames = io.frames::<64>(1)?;
        let flag = Arc::new(AtomicBool::new(false));
        let first = frames.try_spawn(until(flag.clone())).expect("an empty pool");
        assert_eq!((frames.slots(), frames.in_use()), (1, 1));
        let full = frames.try_spawn(until(flag.clone())).expect_err("a full pool");
        assert_eq!(full.to_string(), "no frame of the pool is free");
        let PoolFull(coroutine) = full;
        flag.store(true, SeqCst);
        assert_eq!(coroutine.await, 7);
        assert_eq!(first.await?, 7);
        assert_eq!(frames.in_use(), 0);
        assert_eq!(frames.try_spawn(until(flag)).expect("an empty pool").await?, 7);
        Ok(())
    });
}

/// A spawn into a full pool waits until a slot is free.
pub fn a_full_pool_makes_spawns_wait(driver: DriverKind) {
    run(driver, |io| async move {
        let frames = io.frames::<64>(2)?;
        let flags: Vec<_> = (0..5).map(|_| Arc::new(AtomicBool::new(false))).collect();
        drop(frames.spawn(until(flags[0].clone())).await?);
        drop(frames.spawn(until(flags[1].clone())).await?);
        let mut third = pin!(frames.spawn(until(flags[2].clone())));
        assert!(poll_once(third.as_mut()).await.is_pending());
        assert!(frames.try_spawn(async {}).is_err());
        flags[0].store(true, SeqCst);
        let third = third.await?;
        assert!(!third.is_finished());
        flags[2].store(true, SeqCst);
        assert_eq!(third.await?, 7);
        flags[1].store(true, SeqCst);
        Ok(())
    });
}

/// What makes a coroutine is called when there is a slot, and not before.
pub fn a_coroutine_is_made_in_its_slot(driver: DriverKind) {
    run(driver, |io| async move {
        let frames = io.frames::<64>(1)?;
        let flag = Arc::new(AtomicBool::new(false));
        let is_made = AtomicBool::new(false);
        let first = frames.spawn_with(|| until(flag.clone())).await?;
        let mut second = pin!(frames.spawn_with(|| {
            is_made.store(true, SeqCst);
            until(flag.clone())
        }));
        assert!(poll_once(second.as_mut()).await.is_pending());
        assert!(!is_made.load(SeqCst));
        flag.store(true, SeqCst);
        assert_eq!(first.await?, 7);
        assert_eq!(second.await?.await?, 7);
        assert!(is_made.load(SeqCst));
        let rc = Rc::new(5);
        assert_eq!(frames.spawn_local_with(|| async move { *rc }).await?.await?, 5);
        Ok(())
    });
}

/// A function that panics instead of making a coroutine leaves the slot to the next.
pub fn a_coroutine_that_is_not_made(driver: DriverKind) {
    run(driver, |io| async move {
        let frames = io.frames::<64>(1)?;
        let mut spawn = pin!(frames.spawn_with(|| -> std::future::Ready<()> { panic!("made") }));
        let mut poll = pin!(poll_once(spawn.as_mut()));
        let poll = std::future::poll_fn(|context| {
            let poll = AssertUnwindSafe(|| poll.as_mut().poll(context).is_ready());
            Poll::Ready(catch_unwind(poll))
        });
        let payload = poll.await.expect_err("it panics");
        assert_eq!(payload.downcast_ref(), Some(&"made"));
        assert_eq!(frames.in_use(), 0);
        assert_eq!(frames.spawn(async { 2 }).await?.await?, 2);
        Ok(())
    });
}

/// Those who wait are served in the order in which they came.
pub fn waiting_spawns_are_served_in_order(driver: DriverKind) {
    run(driver, |io| async move {
        let frames = Rc::new(io.frames::<64>(1)?);
        let order = Rc::new(RefCell::new(Vec::new()));
        let flag = Arc::new(AtomicBool::new(false));
        drop(frames.spawn(until(flag.clone())).await?);
        let mut tasks = Vec::new();
        for number in 0..10 {
            let (frames, order) = (frames.clone(), order.clone());
            tasks.push(io.spawn_local(async move {
                drop(frames.spawn(async {}).await);
                order.borrow_mut().push(number);
            }));
            yield_now().await;
        }
        flag.store(true, SeqCst);
        for task in tasks {
            task.await?;
        }
        assert_eq!(*order.borrow(), (0..10).collect::<Vec<_>>());
        Ok(())
    });
}

/// A spawn that is dropped while it waits, or after it was granted a slot, loses nothing.
pub fn a_dropped_spawn_gives_its_place_up(driver: DriverKind) {
    run(driver, |io| async move {
        let frames = io.frames::<64>(1)?;
        let flag = Arc::new(AtomicBool::new(false));
        let first = frames.spawn(until(flag.clone())).await?;
        let mut second = Box::pin(frames.spawn(async { 2 }));
        let mut third = Box::pin(frames.spawn(async { 3 }));
        let mut fourth = Box::pin(frames.spawn(async { 4 }));
        assert!(poll_once(second.as_mut()).await.is_pending());
        assert!(poll_once(third.as_mut()).await.is_pending());
        assert!(poll_once(fourth.as_mut()).await.is_pending());
        drop(third);
        flag.store(true, SeqCst);
        first.await?;
        // The slot is granted to the second, which goes away without using it.
        drop(second);
        assert_eq!(fourth.await?.await?, 4);
        assert_eq!(frames.in_use(), 0);
        Ok(())
    });
}

/// A pool without frames is refused.
pub fn an_empty_pool_is_refused(driver: DriverKind) {
    run(driver, |io| async move {
        let error = io.frames::<64>(0).expect_err("no frames");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        Ok(())
    });
}

/// A pool that no machine has memory for is an error.
pub fn a_huge_pool_is_refused(driver: DriverKind) {
    run(driver, |io| async move {
        for count in [usize::MAX, usize::MAX / 512, 1 << 50] {
            let error = io.frames::<4096>(count).expect_err("too large");
            assert_eq!(error.kind(), ErrorKind::OutOfMemory);
        }
        Ok(())
    });
}

/// One slot serves many tasks, one after the other, at the same address.
pub fn a_slot_is_used_again_at_once(driver: DriverKind) {
    run(driver, |io| async move {
        let frames = io.frames::<256>(1)?;
        let bytes = frames.bytes();
        assert!(bytes >= frames.slot_bytes() && frames.slot_bytes() >= 256);
        let mut addresses = Vec::new();
        for _ in 0..1000 {
            let address = frames.spawn(async {
                let local = [0_u8; 64];
                yield_now().await;
                core::ptr::from_ref(&local).addr()
            });
            addresses.push(address.await?.await?);
        }
        assert!(addresses.iter().all(|&address| address == addresses[0]));
        assert_eq!(frames.bytes(), bytes);
        Ok(())
    });
}

/// Tasks go on after the handle of their pool was dropped.
pub fn a_pool_outlives_its_handle(driver: DriverKind) {
    run(driver, |io| async move {
        let flag = Arc::new(AtomicBool::new(false));
        let frames = io.frames::<64>(3)?;
        let task = frames.spawn(until(flag.clone())).await?;
        drop(frames);
        yield_now().await;
        flag.store(true, SeqCst);
        assert_eq!(task.await?, 7);
        Ok(())
    });
}

/// Slots that another thread gives back are not lost, whether somebody waits for them just then or not.
pub fn slots_come_back_from_another_thread(driver: DriverKind) {
    run(driver, |io| async move {
        let frames = io.frames::<64>(2)?;
        let (sender, receiver) = mpsc::channel::<JoinHandle<u32>>();
        // Who takes the value of a task gives its slot back.
        let join =
            move || receiver.iter().map(|task| block_on(task).expect("a value")).sum::<u32>();
        let other = thread::spawn(join);
        for number in 0..2000 {
            let task = frames.spawn(async move { number }).await?;
            sender.send(task).expect("the thread receives");
            if number % 3 == 0 {
                assert_eq!(frames.spawn(async move { number }).await?.await?, number);
            }
        }
        drop(sender);
        while frames.in_use() > 0 {
            yield_now().await;
        }
        assert_eq!(other.join().expect("no panic"), (0..2000).sum());
        assert_eq!((frames.slots(), frames.in_use()), (2, 0));
        Ok(())
    });
}

/// A pool whose runtime has ended takes no tasks.
pub fn a_pool_of_an_ended_runtime(driver: DriverKind) {
    let Some(mut first) = runtime(driver) else { return };
    let frames = first.run(|io| async move { io.frames::<64>(1) }).expect("a pool");
    drop(first);
    assert!(frames.try_spawn(async { 1 }).is_err());
    let error = coframe::block_on(frames.spawn(async { 1 })).expect_err("an ended runtime");
    assert!(error.to_string().contains("has ended"), "{error}");
}
