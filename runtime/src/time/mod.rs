//! Waiting for a moment.

mod locked;
mod sleep;
mod wheel;

pub(crate) use locked::LockedTimers;
pub use sleep::Sleep;
pub(crate) use wheel::{Timer, Timers};
