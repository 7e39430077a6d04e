//! Signals from the operating system.

#![forbid(unsafe_code)]

mod ctrl_c;

pub use ctrl_c::{CtrlC, ctrl_c};
