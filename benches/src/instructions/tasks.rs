//! Tasks that are spawned and joined, and tasks that yield.

use std::io;

use coframe::{Io, frame_size};

#[coframe::coroutine]
async fn small(number: u64) -> u64 {
    std::hint::black_box(number)
}

/// Spawns one task after the other from a pool, and waits for each.
#[coframe::coroutine]
pub(super) async fn spawn_and_join(io: Io, count: u64) -> io::Result<()> {
    println!("0");
    let frames = io.frames::<{ frame_size!(small) }>(1)?;
    let mut sum = 0_u64;
    let mut number = 0;
    while number < count {
        sum += frames.spawn(small(number)).await?.await?;
        number += 1;
    }
    assert_eq!(sum, (0..count).sum());
    Ok(())
}

/// Lets others run, of whom there are none.
#[coframe::coroutine]
pub(super) async fn yield_often(io: Io, count: u64) -> io::Result<()> {
    println!("0");
    let mut number = 0;
    while number < count {
        io.yield_now().await;
        number += 1;
    }
    Ok(())
}
