//! Tokio.

use std::io;
use std::time::{Duration, Instant};

use tokio::runtime::Builder;
use tokio::time::{sleep, sleep_until};

use super::Measured;
use super::census::{self, Census, GLANCE};

async fn sleeper(deadline: Instant) {
    census::start();
    sleep_until(deadline.into()).await;
    census::end();
}

async fn run_all(count: u64, time: Duration) -> io::Result<Measured> {
    let mut census = Census::begin(count, time)?;
    for _ in 0..count {
        tokio::spawn(sleeper(census.deadline));
    }
    while !census.is_over()? {
        sleep(GLANCE).await;
    }
    census.close()
}

/// On one thread, or on several that share the work.
pub(super) fn run(threads: usize, count: u64, time: Duration) -> io::Result<Measured> {
    let mut builder = match threads {
        1 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    if threads > 1 {
        builder.worker_threads(threads);
    }
    builder.enable_time().build()?.block_on(run_all(count, time))
}
