//! Reading through a buffer.

use std::io;

use super::{AsyncRead, Lines, Split};

/// Reads a source in large steps, and hands the bytes out in small ones.
///
/// The buffer is a part of the reader, and so of the frame that it is in: it allocates nothing, and
/// the kernel writes straight into it.
///
/// Dropping the future of one of its methods loses no byte: what was read stays in the buffer, or in
/// what the caller gave for it. [`read_exact`](Self::read_exact) does not say how far it came, and
/// [`read_line`](Self::read_line) drops what it has of a line. As always, a read of the source that
/// is dropped in flight may take bytes with it on the ring.
#[derive(Debug)]
pub struct BufReader<R, const SIZE: usize = 8192> {
    source: R,
    bytes: [u8; SIZE],
    start: usize,
    end: usize,
}

impl<R, const SIZE: usize> BufReader<R, SIZE> {
    const HAS_ROOM: () = assert!(SIZE > 0, "a buffer needs room for a byte");

    /// A reader with an empty buffer.
    pub const fn new(source: R) -> Self {
        const { Self::HAS_ROOM };
        BufReader { source, bytes: [0; SIZE], start: 0, end: 0 }
    }

    /// What was read already.
    pub fn buffer(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Takes `count` bytes of the buffer as used.
    ///
    /// # Panics
    ///
    /// If there are not so many.
    pub fn consume(&mut self, count: usize) {
        assert!(count <= self.end - self.start, "more is consumed than there is");
        self.start += count;
    }

    /// The source.
    pub const fn get_ref(&self) -> &R {
        &self.source
    }

    /// The source. What is in the buffer has been taken from it.
    pub const fn get_mut(&mut self) -> &mut R {
        &mut self.source
    }

    /// The source; what is in the buffer is lost.
    pub fn into_inner(self) -> R {
        self.source
    }
}

impl<R: AsyncRead, const SIZE: usize> BufReader<R, SIZE> {
    /// What is in the buffer, after it was filled if it was empty. Nothing is the end.
    ///
    /// # Errors
    ///
    /// Those of the source.
    pub async fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
            self.end = self.source.read(&mut self.bytes).await?;
        }
        Ok(&self.bytes[self.start..self.end])
    }

    /// Reads some bytes and gives their number; 0 is the end.
    ///
    /// # Errors
    ///
    /// Those of the source.
    pub async fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end && buffer.len() >= SIZE {
            return self.source.read(buffer).await;
        }
        let bytes = self.fill_buf().await?;
        let count = bytes.len().min(buffer.len());
        buffer[..count].copy_from_slice(&bytes[..count]);
        self.consume(count);
        Ok(count)
    }

    /// Fills `buffer`.
    ///
    /// # Errors
    ///
    /// Those of the source; `UnexpectedEof` if it ends before.
    pub async fn read_exact(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        let mut done = 0;
        while done < buffer.len() {
            match self.read(&mut buffer[done..]).await? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => done += count,
            }
        }
        Ok(())
    }

    /// Appends bytes up to the first `delimiter`, which is one of them, or to the end, and gives
    /// their number; 0 is the end.
    ///
    /// # Errors
    ///
    /// Those of the source; what was read before is in `bytes`.
    pub async fn read_until(&mut self, delimiter: u8, bytes: &mut Vec<u8>) -> io::Result<usize> {
        let before = bytes.len();
        loop {
            let filled = self.fill_buf().await?;
            let found = filled.iter().position(|&byte| byte == delimiter);
            let count = found.map_or(filled.len(), |position| position + 1);
            bytes.extend_from_slice(&filled[..count]);
            self.consume(count);
            if found.is_some() || count == 0 {
                return Ok(bytes.len() - before);
            }
        }
    }

    /// Appends a line with its `\n`, or the rest without, and gives the number of bytes; 0 is the
    /// end.
    ///
    /// # Errors
    ///
    /// Those of the source; `InvalidData` if the line is not UTF-8: then it is passed over.
    ///
    /// # Cancellation
    ///
    /// What was read of the line when the future is dropped is lost: use
    /// [`read_until`](Self::read_until) or [`lines`](Self::lines) where that matters.
    pub async fn read_line(&mut self, line: &mut String) -> io::Result<usize> {
        let mut bytes = Vec::new();
        let count = self.read_until(b'\n', &mut bytes).await?;
        let invalid = |_| io::Error::new(io::ErrorKind::InvalidData, "a line is not UTF-8");
        line.push_str(core::str::from_utf8(&bytes).map_err(invalid)?);
        Ok(count)
    }

    /// Appends all that is left, and gives the number of bytes.
    ///
    /// # Errors
    ///
    /// Those of the source; what was read before is in `bytes`.
    pub async fn read_to_end(&mut self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        let before = bytes.len();
        loop {
            let filled = self.fill_buf().await?;
            let count = filled.len();
            if count == 0 {
                return Ok(bytes.len() - before);
            }
            bytes.extend_from_slice(filled);
            self.consume(count);
        }
    }

    /// The lines, without their ends.
    pub const fn lines(self) -> Lines<R, SIZE> {
        Lines::new(self)
    }

    /// The parts between delimiters.
    pub const fn split(self, delimiter: u8) -> Split<R, SIZE> {
        Split::new(self, delimiter)
    }
}
