//! This project.

use std::io;
use std::time::{Duration, Instant};

use coframe::{Io, Runtime, frame_size};

use super::Measured;
use super::census::{self, Census, GLANCE};

#[coframe::coroutine]
async fn sleeper(io: Io, deadline: Instant) {
    census::start();
    let time = deadline.saturating_duration_since(Instant::now());
    io.sleep(time).await;
    census::end();
}

/// In a pool whose memory is taken before the first one starts.
pub(super) fn run_in_pool(count: u64, time: Duration) -> io::Result<Measured> {
    Runtime::new()?.run(|io| async move {
        let mut census = Census::begin(count, time)?;
        let frames = io.frames::<{ frame_size!(sleeper) }>(count as usize)?;
        for _ in 0..count {
            frames.spawn_local(sleeper(io, census.deadline)).await?;
        }
        while !census.is_over()? {
            io.sleep(GLANCE).await;
        }
        census.close()
    })
}

/// In the runtime's own pools, which grow.
pub(super) fn run_spawned(count: u64, time: Duration) -> io::Result<Measured> {
    Runtime::new()?.run(|io| async move {
        let mut census = Census::begin(count, time)?;
        for _ in 0..count {
            drop(io.spawn_local(sleeper(io, census.deadline)));
        }
        while !census.is_over()? {
            io.sleep(GLANCE).await;
        }
        census.close()
    })
}
