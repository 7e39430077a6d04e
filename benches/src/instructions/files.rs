//! Tasks that read a file at the same time.

use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process;
use std::sync::Arc;

use coframe::fs::File;
use coframe::{Io, frame_size};

/// How many reads are under way at the same time.
pub(super) const DEPTH: usize = 32;
/// The bytes of a read.
const BLOCK: usize = 4096;
/// The blocks of the file, all of them in the page cache.
const BLOCKS: u64 = 256;

/// Where the file is, which is removed when this is dropped.
struct Place(PathBuf);

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[coframe::coroutine]
async fn read_blocks(file: Arc<File>, first: u64, count: u64) -> io::Result<()> {
    let mut buffer = [0; BLOCK];
    let mut number = 0;
    while number < count {
        let block = (first + number * 7) % BLOCKS;
        if file.read_at(&mut buffer, block * BLOCK as u64).await? != BLOCK {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        number += 1;
    }
    Ok(())
}

/// Each of so many tasks reads `count` blocks, one after the other.
#[coframe::coroutine]
pub(super) async fn read_at_depth(io: Io, count: u64) -> io::Result<()> {
    println!("0");
    let place = Place(env::temp_dir().join(format!("coframe-blocks-{}", process::id())));
    fs::write(&place.0, vec![7; BLOCK * BLOCKS as usize])?;
    let file = Arc::new(File::open(io, &place.0).await?);
    let frames = io.frames::<{ frame_size!(read_blocks) }>(DEPTH)?;
    let mut tasks = Vec::with_capacity(DEPTH);
    while tasks.len() < DEPTH {
        let first = tasks.len() as u64 * 8;
        tasks.push(frames.spawn(read_blocks(Arc::clone(&file), first, count)).await?);
    }
    while let Some(task) = tasks.pop() {
        task.await??;
    }
    Ok(())
}
