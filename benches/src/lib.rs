//! Measurements of coframe.

pub mod compile_time;
pub mod frame_sizes;
pub mod instructions;
pub mod resume_cost;
