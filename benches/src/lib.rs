//! Measurements of coframe.

pub mod frame_sizes;
