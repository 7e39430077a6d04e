//! The corpus of frame sizes: small functions, each compiled by rustc and by `#[coroutine]`.
//!
//! ```text
//! world.rs    numbers, bytes and a transport, and the hash of what a function did with them
//! corpus.rs   the functions, compiled twice, and a table of them
//! protocols.rs, programs.rs
//!             functions as real programs have them
//! by_hand.rs  the frames of those, by hand
//! known.rs    what was measured or computed elsewhere
//! ```

mod by_hand;
mod corpus;
mod known;
mod programs;
mod protocols;
mod world;

pub use by_hand::by_hand;
pub use corpus::{Case, cases};
pub use known::{Known, known};
pub use world::Outcome;

/// Runs the functions as real programs have them.
pub fn practice() -> Vec<Case> {
    let mut cases = protocols::cases();
    cases.extend(programs::cases());
    cases
}
