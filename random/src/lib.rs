//! Random programs, compiled by rustc and by `#[coframe::coroutine]`, which must do the same.
//!
//! ```text
//! construct.rs   what a program may contain, and what is left out
//! program/       a program as data: what can be removed, and what can be replaced
//! generate/      a seed ─▶ a program that rustc nearly always accepts
//! print.rs       a program ─▶ the text of both copies
//! vocabulary.rs  what the programs are made of: types, methods, functions
//! batch.rs       what a compiled batch of programs does
//! run/           programs ─▶ compiled in batches and run ─▶ a verdict on each
//! reduce.rs      a program with a bad verdict ─▶ a small one with the same
//! report.rs      the verdicts of many programs
//! ```
//!
//! A seed is a program: the same one as long as the generator is the same.
#![forbid(unsafe_code)]

pub mod batch;
pub mod construct;
pub mod generate;
pub mod print;
pub mod program;
pub mod reduce;
pub mod report;
pub mod run;
pub mod vocabulary;
