//! The interrupt signal. It is the process's, so this is a test binary of its own.

use coframe::{DriverKind, Io, Runtime, signal};
use coframe_tests::runtime::{poll_once, yield_now};
use rustix::process::{Signal, getpid, kill_process};

async fn wait_for_signals(io: Io) -> std::io::Result<()> {
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

#[test]
fn an_interrupt_wakes_all_that_wait() {
    for driver in [DriverKind::IoUring, DriverKind::Epoll] {
        match Runtime::builder().driver(driver).build() {
            Ok(mut runtime) => runtime.run(wait_for_signals).expect("the signals"),
            Err(error) => println!("skipped: {error}"),
        }
    }
}
