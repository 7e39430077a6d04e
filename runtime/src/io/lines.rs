//! A source in parts.

use std::io;

use super::{AsyncRead, BufReader};

/// The lines of a source. Made by [`BufReader::lines`].
#[derive(Debug)]
pub struct Lines<R, const SIZE: usize> {
    parts: Split<R, SIZE>,
}

/// The parts of a source between delimiters. Made by [`BufReader::split`].
#[derive(Debug)]
pub struct Split<R, const SIZE: usize> {
    reader: BufReader<R, SIZE>,
    delimiter: u8,
    /// What was read of the next part.
    part: Vec<u8>,
}

impl<R: AsyncRead, const SIZE: usize> Split<R, SIZE> {
    pub(super) const fn new(reader: BufReader<R, SIZE>, delimiter: u8) -> Self {
        Split { reader, delimiter, part: Vec::new() }
    }

    /// The next part without its delimiter, `None` at the end.
    ///
    /// Dropping the future loses nothing: the next call goes on with the part.
    ///
    /// # Errors
    ///
    /// Those of the source.
    pub async fn next_part(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.reader.read_until(self.delimiter, &mut self.part).await?;
        let mut part = core::mem::take(&mut self.part);
        match part.pop_if(|last| *last == self.delimiter) {
            None if part.is_empty() => Ok(None),
            _ => Ok(Some(part)),
        }
    }

    /// The reader; what was read of the next part is lost.
    pub fn into_inner(self) -> BufReader<R, SIZE> {
        self.reader
    }
}

impl<R: AsyncRead, const SIZE: usize> Lines<R, SIZE> {
    pub(super) const fn new(reader: BufReader<R, SIZE>) -> Self {
        Lines { parts: Split::new(reader, b'\n') }
    }

    /// The next line without its `\n` or `\r\n`, `None` at the end.
    ///
    /// Dropping the future loses nothing: the next call goes on with the line.
    ///
    /// # Errors
    ///
    /// Those of the source; `InvalidData` if the line is not UTF-8: the next call gives the next one.
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        let Some(mut line) = self.parts.next_part().await? else { return Ok(None) };
        let _ = line.pop_if(|last| *last == b'\r');
        let invalid = |_| io::Error::new(io::ErrorKind::InvalidData, "a line is not UTF-8");
        String::from_utf8(line).map(Some).map_err(invalid)
    }

    /// The reader; what was read of the next line is lost.
    pub fn into_inner(self) -> BufReader<R, SIZE> {
        self.parts.into_inner()
    }
}
