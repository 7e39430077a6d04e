//! Writing through a buffer.

use std::io;

use super::AsyncWrite;

/// Collects small writes into large ones.
///
/// The buffer is a part of the writer, and so of the frame that it is in. Whoever drops the writer
/// without [`flush`](Self::flush) loses what is in the buffer: a destructor cannot wait.
///
/// Dropping the future of one of its methods loses nothing that was in the buffer before.
#[derive(Debug)]
pub struct BufWriter<W, const SIZE: usize = 8192> {
    sink: W,
    bytes: [u8; SIZE],
    /// What of the buffer is written already.
    start: usize,
    end: usize,
}

impl<W, const SIZE: usize> BufWriter<W, SIZE> {
    const HAS_ROOM: () = assert!(SIZE > 0, "a buffer needs room for a byte");

    /// A writer with an empty buffer.
    pub const fn new(sink: W) -> Self {
        const { Self::HAS_ROOM };
        BufWriter { sink, bytes: [0; SIZE], start: 0, end: 0 }
    }

    /// What is not written yet.
    pub fn buffer(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// The sink.
    pub const fn get_ref(&self) -> &W {
        &self.sink
    }

    /// The sink. What is in the buffer will be written after what is written to it.
    pub const fn get_mut(&mut self) -> &mut W {
        &mut self.sink
    }

    /// The sink; what is in the buffer is lost.
    pub fn into_inner(self) -> W {
        self.sink
    }
}

impl<W: AsyncWrite, const SIZE: usize> BufWriter<W, SIZE> {
    /// Writes what is in the buffer.
    ///
    /// # Errors
    ///
    /// Those of the sink; what was not written is still in the buffer.
    pub async fn flush(&mut self) -> io::Result<()> {
        while self.start < self.end {
            match self.sink.write(&self.bytes[self.start..self.end]).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                count => self.start += count,
            }
        }
        (self.start, self.end) = (0, 0);
        Ok(())
    }

    /// Takes some of `bytes` and gives their number, after it has made room if there is none.
    ///
    /// # Errors
    ///
    /// Those of the sink; then none of `bytes` was taken.
    pub async fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.end == SIZE || (self.end > 0 && bytes.len() >= SIZE) {
            self.flush().await?;
        }
        if bytes.len() >= SIZE {
            return self.sink.write(bytes).await;
        }
        let count = bytes.len().min(SIZE - self.end);
        self.bytes[self.end..self.end + count].copy_from_slice(&bytes[..count]);
        self.end += count;
        Ok(count)
    }

    /// Takes all of `bytes`.
    ///
    /// # Errors
    ///
    /// Those of the sink; then it is unknown how many of the bytes were taken.
    pub async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.write(rest).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                count => rest = &rest[count..],
            }
        }
        Ok(())
    }

    /// Writes what is in the buffer, and says that nothing more will come.
    ///
    /// # Errors
    ///
    /// Those of the sink.
    pub async fn end(&mut self) -> io::Result<()> {
        self.flush().await?;
        self.sink.end()
    }
}
