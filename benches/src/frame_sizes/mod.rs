//! The corpus of frame sizes: small functions, each compiled by rustc and by `#[coroutine]`.
//!
//! ```text
//! world.rs    numbers, bytes and a transport, and the hash of what a function did with them
//! corpus.rs   the functions, compiled twice, and a table of them
//! known.rs    what was measured or computed elsewhere
//! ```

mod corpus;
mod known;
mod world;

pub use corpus::{Case, cases};
pub use known::{Known, known};
pub use world::Outcome;
