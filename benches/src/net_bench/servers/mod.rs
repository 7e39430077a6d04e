//! The servers, each written as its users would.
//!
//! Each sends back what it receives, or for [`Workload::File`] the block of the file whose number
//! a request begins with. Each has a buffer of 4 KiB for a connection, but for the raw loops, which
//! need none.
//!
//! [`Workload::File`]: super::Workload::File

mod coframe;
mod compio;
mod monoio;
mod raw_epoll;
mod raw_uring;
mod smol;
mod tokio;

use std::io;

pub(super) use coframe::{serve_coframe, serve_coframe_leased};
pub(super) use compio::serve_compio;
pub(super) use monoio::serve_monoio;
pub(super) use raw_epoll::serve_raw_epoll;
pub(super) use raw_uring::{Receiving, serve_raw_uring, serve_raw_uring_single};
pub(super) use smol::serve_smol;
pub(super) use tokio::serve_tokio;

use super::blocks;

/// The bytes of a connection's buffer.
const BUFFER: usize = blocks::BLOCK;

/// Where the block is that a request asks for.
fn offset(request: &[u8]) -> io::Result<u64> {
    blocks::offset(request).ok_or_else(|| io::ErrorKind::InvalidData.into())
}
