//! What a resume costs: one loop that suspends, under functions that only await and add.
//!
//! ```text
//! step.rs          the work of one resume, and the leaf that suspends
//! functions.rs     the functions, compiled by rustc and by `#[coroutine]`
//! nested.rs        the same by hand: structs in structs, a `match` on a byte in each
//! leaf_pointer.rs  the same by hand: the innermost frame is resumed through a pointer
//! start.rs         what starting a coroutine costs, for small and large frames
//! measure.rs       time and instructions of one of them
//! ```

mod functions;
mod leaf_pointer;
mod measure;
mod nested;
mod start;
mod step;

pub use measure::{Routine, instructions, nanoseconds, routine, routines};
