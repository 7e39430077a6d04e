//! Images for a Cortex-M3 without a heap.
//!
//! `bin/demo.rs` shows what an application looks like. The other programs are one task each of
//! embedded work, written four times to be compared in flash and RAM: `programs/` has the bodies
//! that are compiled as plain `async fn` and under `#[coframe::coroutine]`, `bin/` what resumes them.
#![no_std]

pub mod board;
pub mod programs;
