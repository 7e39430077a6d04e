//! Behaviour tests.

pub mod differential;
pub mod runtime;
