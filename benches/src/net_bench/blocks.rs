//! The file that servers read from, and the messages about it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// The bytes of a block.
pub(super) const BLOCK: usize = 4096;

/// The number of blocks: 16 MiB, which stay in the page cache.
pub(super) const COUNT: u64 = 4096;

/// What a block and a message hold behind their number.
const FILLING: u8 = 0x5a;

/// The bytes of a number.
const NUMBER: usize = 8;

/// A file of blocks. Dropping it removes the file.
#[derive(Debug)]
pub struct Blocks {
    path: PathBuf,
}

impl Blocks {
    /// Makes the file in a folder.
    ///
    /// # Errors
    ///
    /// Those of writing it.
    pub fn create(folder: &Path) -> io::Result<Self> {
        let path = folder.join(format!("net-bench-{}.blocks", std::process::id()));
        let blocks = Blocks { path };
        let mut file = BufWriter::new(File::create(&blocks.path)?);
        let mut block = message(BLOCK);
        for number in 0..COUNT {
            set_number(&mut block, number);
            file.write_all(&block)?;
        }
        file.into_inner()?.sync_all()?;
        Ok(blocks)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Blocks {
    fn drop(&mut self) {
        // There is nobody to tell if it is gone already.
        let _ = fs::remove_file(&self.path);
    }
}

/// A message or a block of so many bytes, without its number.
pub(super) fn message(size: usize) -> Vec<u8> {
    vec![FILLING; size]
}

/// Puts the number into a message.
pub(super) fn set_number(message: &mut [u8], number: u64) {
    let bytes = number.to_le_bytes();
    let count = message.len().min(NUMBER);
    message[..count].copy_from_slice(&bytes[..count]);
}

/// Where the block is that a request asks for; `None` if it asks for none.
pub(crate) fn offset(request: &[u8]) -> Option<u64> {
    let number = u64::from_le_bytes(*request.first_chunk::<NUMBER>()?);
    (number < COUNT).then_some(number * BLOCK as u64)
}
