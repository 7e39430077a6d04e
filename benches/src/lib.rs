//! Measurements of coframe.

pub mod compile_time;
pub mod frame_sizes;
pub mod instructions;
mod median;
#[cfg(feature = "competitors")]
pub mod net_bench;
#[cfg(feature = "competitors")]
pub mod page;
#[cfg(feature = "competitors")]
pub mod process;
pub mod resume_cost;
#[cfg(feature = "competitors")]
pub mod scenarios;
#[cfg(feature = "competitors")]
pub mod sleeping_tasks;
#[cfg(feature = "competitors")]
pub mod soak;

pub use median::median;
