//! Operations on pipes.

mod read;
mod write;

pub use read::ReadPipe;
pub use write::WritePipe;
