//! Waiting for a moment.

mod sleep;
mod wheel;

pub use sleep::Sleep;
pub(crate) use wheel::{Timer, Timers};
