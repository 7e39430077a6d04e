//! Work that blocks, on threads of its own.

use core::pin::pin;
use core::time::Duration;
use std::io;
use std::sync::mpsc;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use coframe::net::{TcpListener, TcpStream, lookup_host};
use coframe::{DriverKind, Io, Runtime};

use super::{poll_once, run, runtime};

/// The values come back, from another thread, while the runtime goes on.
pub fn closures_run_elsewhere(driver: DriverKind) {
    run(driver, |io| async move {
        let here = thread::current().id();
        let (sender, receiver) = mpsc::channel::<u32>();
        let mut waiting = io.blocking(move || (receiver.recv(), thread::current().id()));
        assert!(poll_once(pin!(&mut waiting)).await.is_pending());
        assert!(!waiting.is_finished());
        assert_eq!(io.blocking(|| 20 + 1).await?, 21, "a thread waits, and another one works");
        sender.send(7).expect("the closure waits");
        let (received, there) = waiting.await?;
        assert_eq!(received, Ok(7));
        assert_ne!(here, there);
        Ok(())
    });
}

/// A panic of a closure is an error, and its thread goes on.
pub fn a_panic_of_a_closure_is_reported(driver: DriverKind) {
    let Ok(mut runtime) = Runtime::builder().driver(driver).blocking_threads(1).build() else {
        return;
    };
    runtime.run(|io| async move {
        let error = io.blocking(|| panic!("on purpose")).await.map(|()| 0).expect_err("a panic");
        assert!(error.is_panic());
        assert_eq!(error.to_string(), "the task panicked: on purpose");
        assert_eq!(io.blocking(|| 5).await.expect("a value"), 5);
        assert_eq!(io.blocking_thread_count(), 1);
    });
}

/// More closures than threads: each has its turn, and there are no more threads than were allowed.
pub fn closures_wait_for_a_thread(driver: DriverKind) {
    let Ok(mut runtime) = Runtime::builder().driver(driver).blocking_threads(3).build() else {
        return;
    };
    runtime.run(|io| async move {
        let gate = Arc::new((Mutex::new(false), Condvar::new()));
        let start = |number: u32| {
            let gate = gate.clone();
            io.blocking(move || {
                let (is_open, changed) = &*gate;
                let guard = is_open.lock().expect("not poisoned");
                drop(changed.wait_while(guard, |is_open| !*is_open).expect("not poisoned"));
                number
            })
        };
        let closures: Vec<_> = (0..50).map(start).collect();
        assert_eq!(io.blocking_thread_count(), 3);
        *gate.0.lock().expect("not poisoned") = true;
        gate.1.notify_all();
        for (number, closure) in closures.into_iter().enumerate() {
            assert_eq!(closure.await.expect("no panic"), number as u32);
        }
        assert!(io.blocking_thread_count() <= 3);
    });
}

/// Threads that have nothing to do end.
pub fn idle_threads_end(driver: DriverKind) {
    let keep_alive = Duration::from_millis(1);
    let builder = Runtime::builder().driver(driver).blocking_keep_alive(keep_alive);
    let Ok(mut runtime) = builder.build() else { return };
    runtime.run(|io| async move {
        for round in 0..3 {
            assert_eq!(io.blocking(move || round).await.expect("a value"), round);
            while io.blocking_thread_count() > 0 {
                io.sleep(keep_alive).await;
            }
        }
    });
}

/// A closure goes on when nobody waits for it, and its value is dropped.
pub fn a_detached_closure_goes_on(driver: DriverKind) {
    run(driver, |io| async move {
        let (sender, receiver) = mpsc::channel();
        let (held, gate) = mpsc::channel::<()>();
        drop(io.blocking(move || {
            let _ = gate.recv();
            sender
        }));
        drop(held);
        // The sender is the value, and it is dropped with it.
        assert_eq!(io.blocking(move || receiver.recv()).await?, Err::<u8, _>(mpsc::RecvError));
        Ok(())
    });
}

/// When a runtime ends, what has begun goes on, and what has not never does.
pub fn closures_outlive_the_runtime(driver: DriverKind) {
    let Ok(mut runtime) = Runtime::builder().driver(driver).blocking_threads(1).build() else {
        return;
    };
    let (sender, receiver) = mpsc::channel::<u32>();
    let io = runtime.io();
    let (begun, has_begun) = mpsc::channel();
    let first = io.blocking(move || {
        begun.send(()).expect("the test waits");
        receiver.recv()
    });
    let second = io.blocking(|| 0);
    has_begun.recv().expect("the closure begins");
    runtime.run(|_| async {});
    drop(runtime);
    assert!(coframe::block_on(second).expect_err("it never began").is_canceled());
    sender.send(3).expect("the closure still waits");
    assert_eq!(coframe::block_on(first).expect("a value"), Ok(3));
    let refused = std::panic::catch_unwind(move || drop(io.blocking(|| 0)));
    assert!(refused.is_err(), "the runtime has ended");
}

/// Closures are begun and awaited on threads that run no runtime.
pub fn closures_of_other_threads(driver: DriverKind) {
    let Some(runtime) = runtime(driver) else { return };
    let io = runtime.io();
    let work = move || coframe::block_on(io.blocking(|| 4)).expect("a value");
    let threads: Vec<_> = (0..4).map(|_| thread::spawn(work)).collect();
    let sum: i32 = threads.into_iter().map(|thread| thread.join().expect("no panic")).sum();
    assert_eq!(sum, 16);
    drop(runtime);
}

async fn look_up(io: Io) -> io::Result<()> {
    let listener = TcpListener::bind(io, "127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let addresses = lookup_host(io, ("127.0.0.1", port)).await?;
    assert_eq!(addresses, [listener.local_addr()?]);
    TcpStream::connect(io, &addresses[..]).await?;
    let error = lookup_host(io, "no port").await.expect_err("not an address");
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    Ok(())
}

/// Names become addresses.
pub fn hosts_are_looked_up(driver: DriverKind) {
    run(driver, |io| super::everywhere(io, look_up));
}
