//! TCP sockets.
//!
//! A socket is a descriptor and nothing else. An operation on it uses the runtime of the thread
//! that polls it first; polled where no runtime runs, it gives an error.

#![forbid(unsafe_code)]

mod listener;
mod stream;

pub use listener::TcpListener;
pub use stream::TcpStream;

pub use crate::op::{Accept, Connect, Read, Write, WriteAll};
