//! Examples.

pub mod allocations;
pub mod load;
