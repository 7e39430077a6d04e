//! Signals. They are the process's, so this is a test binary of its own with one test.

use std::io::ErrorKind;

use coframe::signal::{self, Kind};
use coframe::{DriverKind, Io, Runtime};
use coframe_tests::runtime::{poll_once, yield_now};
use rustix::process::{Signal, getpid, kill_process};

async fn wait_for_interrupts(io: Io) -> std::io::Result<()> {
    let mut dropped = Box::pin(signal::ctrl_c(io));
    assert!(poll_once(dropped.as_mut()).await.is_pending());
    drop(dropped);
    for _ in 0..3 {
        let mut here = Box::pin(signal::ctrl_c(io));
        assert!(poll_once(here.as_mut()).await.is_pending());
        let there = io.spawn(signal::ctrl_c(io));
        yield_now().await;
        kill_process(getpid(), Signal::INT)?;
        here.await?;
        there.await??;
        // A signal ends those waits that had begun, and no later one.
        let mut later = Box::pin(signal::ctrl_c(io));
        assert!(poll_once(later.as_mut()).await.is_pending());
    }
    Ok(())
}

async fn listen(io: Io) -> std::io::Result<()> {
    let mut first = signal::listen(io, Kind::USER1)?;
    let mut again = signal::listen(io, Kind::USER1)?;
    let mut other = signal::listen(io, Kind::from_raw(Signal::USR2.as_raw()))?;
    for round in 0..3 {
        if round > 0 {
            // A wait that is given up loses no signal.
            let mut dropped = Box::pin(first.recv());
            assert!(poll_once(dropped.as_mut()).await.is_pending());
        }
        kill_process(getpid(), Signal::USR1)?;
        first.recv().await?;
        again.recv().await?;
        assert!(poll_once(Box::pin(again.recv()).as_mut()).await.is_pending());
        assert!(poll_once(Box::pin(other.recv()).as_mut()).await.is_pending());
    }
    // It came before anybody waited.
    kill_process(getpid(), Signal::USR2)?;
    other.recv().await?;
    for kind in [Signal::KILL.as_raw(), Signal::SEGV.as_raw(), 0, -1, 65, 1000] {
        let error = signal::listen(io, Kind::from_raw(kind)).expect_err("it cannot be caught");
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{kind}");
    }
    Ok(())
}

async fn all(io: Io) -> std::io::Result<()> {
    wait_for_interrupts(io).await?;
    listen(io).await
}

#[test]
fn signals_wake_all_that_wait() {
    for driver in [DriverKind::IoUring, DriverKind::Epoll, DriverKind::Threads] {
        match Runtime::builder().driver(driver).build() {
            Ok(mut runtime) => runtime.run(all).expect("the signals"),
            Err(error) => println!("skipped: {error}"),
        }
    }
}
