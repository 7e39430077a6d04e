//! Behaviour tests.

pub mod differential;
#[cfg(target_os = "linux")]
pub mod kernel;
pub mod runtime;
