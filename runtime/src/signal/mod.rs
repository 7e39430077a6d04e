//! Signals from the operating system.

#![forbid(unsafe_code)]

mod ctrl_c;
mod signals;
mod watch;

pub use ctrl_c::{CtrlC, ctrl_c};
pub use signals::{Kind, Recv, Signals, listen};
