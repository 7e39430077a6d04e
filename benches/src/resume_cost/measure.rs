//! Time and instructions of the routines.

use std::hint::black_box;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use super::functions::{machine, plain, suspending};
use super::nested::{Leaf, Level4, Level16, New, Resume, Two};
use super::{leaf_pointer, start};
use crate::instructions::callgrind;

/// Something that is done `n` times.
#[derive(Clone, Copy)]
pub struct Routine {
    /// Its name.
    pub name: &'static str,
    /// How often it is done to be timed.
    pub count: u64,
    /// Does it.
    pub run: fn(u64) -> u64,
}

type BoxedFuture = Pin<Box<dyn Future<Output = u64>>>;

/// Polls until it is ready: an indirect call for each resume.
fn finish(future: BoxedFuture) -> u64 {
    let mut future = black_box(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// The same, by hand.
fn finish_by_hand(coroutine: Box<dyn Resume>) -> u64 {
    let mut coroutine = black_box(coroutine);
    loop {
        if let Poll::Ready(value) = coroutine.resume() {
            return value;
        }
    }
}

/// Makes and runs something `n` times.
fn repeat(n: u64, run: impl Fn() -> u64) -> u64 {
    (0..n).fold(0, |sum, _| sum.wrapping_add(run()))
}

/// How often something is resumed, to be timed.
const RESUMES: u64 = 10_000_000;
/// How often something is made, to be timed.
const STARTS: u64 = 300_000;

macro_rules! routines {
    ($($name:literal, $count:ident: $run:expr;)*) => {
        &[$(Routine { name: $name, count: $count, run: $run }),*]
    };
}

/// All that is measured.
pub fn routines() -> &'static [Routine] {
    routines! {
        "nested 1", RESUMES: |n| finish_by_hand(Box::new(Leaf::new(n)));
        "nested 4", RESUMES: |n| finish_by_hand(Box::new(Level4::new(n)));
        "nested 16", RESUMES: |n| finish_by_hand(Box::new(Level16::new(n)));
        "leaf pointer 1", RESUMES: |n| leaf_pointer::run(1, n);
        "leaf pointer 4", RESUMES: |n| leaf_pointer::run(4, n);
        "leaf pointer 16", RESUMES: |n| leaf_pointer::run(16, n);
        "rustc 1", RESUMES: |n| finish(Box::pin(plain::leaf(n)));
        "rustc 4", RESUMES: |n| finish(Box::pin(plain::level_4(n)));
        "rustc 16", RESUMES: |n| finish(Box::pin(plain::level_16(n)));
        "coframe 1", RESUMES: |n| finish(Box::pin(machine::leaf(n)));
        "coframe 4", RESUMES: |n| finish(Box::pin(machine::level_4(n)));
        "coframe 16", RESUMES: |n| finish(Box::pin(machine::level_16(n)));
        "suspend 1", RESUMES: |n| finish(Box::pin(suspending::leaf(n)));
        "suspend 4", RESUMES: |n| finish(Box::pin(suspending::level_4(n)));
        "suspend 16", RESUMES: |n| finish(Box::pin(suspending::level_16(n)));
        "nested create", STARTS: |n| repeat(n, || finish_by_hand(Box::new(Two::new())));
        "rustc create", STARTS: |n| repeat(n, || finish(Box::pin(plain::two())));
        "coframe create", STARTS: |n| repeat(n, || finish(Box::pin(machine::two())));
        "suspend create", STARTS: |n| repeat(n, || finish(Box::pin(suspending::two())));
        "spawn 64", STARTS: start::small::spawn;
        "spawn 65536", STARTS: start::large::spawn;
        "spawn_with 64", STARTS: start::small::spawn_with;
        "spawn_with 65536", STARTS: start::large::spawn_with;
        "spawn anywhere 64", STARTS: start::small::spawn_anywhere;
        "spawn anywhere 65536", STARTS: start::large::spawn_anywhere;
        "await 64", STARTS: start::small::awaits;
        "await 65536", STARTS: start::large::awaits;
    }
}

/// The routine of this name.
pub fn routine(name: &str) -> Option<Routine> {
    routines().iter().copied().find(|routine| routine.name == name)
}

/// Nanoseconds for each time: the best of several runs.
pub fn nanoseconds(routine: Routine) -> f64 {
    let once = || {
        let before = Instant::now();
        black_box((routine.run)(black_box(routine.count)));
        before.elapsed().as_nanos() as f64 / routine.count as f64
    };
    (0..7).map(|_| once()).fold(f64::INFINITY, f64::min)
}

/// Instructions for each time, as Callgrind counts them: the difference of two runs.
///
/// # Errors
///
/// When Valgrind cannot be run, or does not say how many instructions it counted.
pub fn instructions(name: &str) -> io::Result<f64> {
    const FEW: u64 = 1000;
    const MANY: u64 = 11_000;
    let collected = |n: u64| {
        let arguments = ["run", name, &n.to_string()].map(str::to_owned);
        callgrind::count(&arguments, |_, _| Ok(()))
    };
    Ok((collected(MANY)? - collected(FEW)?) as f64 / (MANY - FEW) as f64)
}
