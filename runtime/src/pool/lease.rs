//! A buffer that a runtime has lent.

use core::fmt;
use core::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::{BufferIndex, Buffers};

/// Bytes that were received, in a buffer of the runtime's, which gets it back when this is dropped.
///
/// Made by [`TcpStream::recv`](crate::net::TcpStream::recv). No bytes mean that the peer sends no
/// more.
///
/// It may be kept for as long as it is needed, sent to another thread, and outlive its runtime. While
/// it is kept others have a buffer less, and who leaks it leaks the buffer.
///
/// ```
/// use coframe::Io;
/// use coframe::net::TcpStream;
///
/// /// The frame has no buffer: while the connection is idle it takes a hundred bytes.
/// #[coframe::coroutine]
/// async fn echo(mut socket: TcpStream) -> std::io::Result<()> {
///     loop {
///         let bytes = socket.recv().await?;
///         if bytes.is_empty() {
///             return Ok(());
///         }
///         socket.write_all(&bytes).await?;
///     } // here the buffer goes back
/// }
/// # assert!(coframe::frame_size!(echo) < 120);
/// ```
pub struct Lease {
    buffers: Arc<Buffers>,
    index: BufferIndex,
    len: u32,
}

impl Lease {
    /// A buffer with all its bytes.
    ///
    /// # Safety
    ///
    /// * The buffer is one of `buffers`, and the caller is its owner.
    pub(crate) unsafe fn whole(buffers: Arc<Buffers>, index: BufferIndex) -> Self {
        let len = buffers.bytes();
        Lease { buffers, index, len }
    }

    /// Whether there is room behind the bytes.
    pub(crate) fn is_partial(&self) -> bool {
        self.len < self.buffers.bytes()
    }

    /// Keeps the first bytes only.
    pub(crate) fn truncate(&mut self, len: usize) {
        debug_assert!(len <= self.len as usize);
        self.len = self.len.min(len as u32);
    }
}

impl Deref for Lease {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        let start = self.buffers.place(self.index).as_ptr();
        // SAFETY: this owns the buffer: `BufferLent`. It was zeroed, so all its bytes are written, and
        // it is not shorter than `len`.
        unsafe { core::slice::from_raw_parts(start, self.len as usize) }
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut [u8] {
        let start = self.buffers.place(self.index).as_ptr();
        // SAFETY: as above, and this is borrowed exclusively.
        unsafe { core::slice::from_raw_parts_mut(start, self.len as usize) }
    }
}

impl AsRef<[u8]> for Lease {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl AsMut<[u8]> for Lease {
    fn as_mut(&mut self) -> &mut [u8] {
        self
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.buffers.give_back(self.index);
    }
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease").field("len", &self.len).finish_non_exhaustive()
    }
}
