//! Prints the time that rustc takes for plain `async fn`s and for the same functions under
//! `#[coframe::coroutine]`.

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use coframe_benches::compile_time::{Crate, SHAPES};

/// How many copies there are of each function.
const COPIES: usize = 25;

/// How often each crate is built; the shortest time counts.
const REPEATS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target"), PathBuf::from);
    let root = target.join("compile-time");
    let plain = Crate::write(&root, "plain", "", COPIES)?;
    let ours = Crate::write(&root, "coroutines", "#[coframe::coroutine]", COPIES)?;
    println!("{} functions, the shortest of {REPEATS} builds in turn.\n", COPIES * SHAPES);
    println!("| build | `async fn` | `#[coroutine]` | ratio |");
    println!("|---|--:|--:|--:|");
    for (name, is_release) in [("debug", false), ("release", true)] {
        let (mut without, mut with) = (Duration::MAX, Duration::MAX);
        for repeat in 0..=REPEATS {
            let times = (plain.build(is_release)?, ours.build(is_release)?);
            if repeat > 0 {
                (without, with) = (without.min(times.0), with.min(times.1));
            }
        }
        let ratio = with.as_secs_f64() / without.as_secs_f64();
        let (without, with) = (without.as_secs_f64(), with.as_secs_f64());
        println!("| {name} | {without:.2} s | {with:.2} s | {ratio:.2} |");
    }
    Ok(())
}
