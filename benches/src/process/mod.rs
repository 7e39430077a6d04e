//! What a process takes, seen from outside of it.
//!
//! ```text
//! allocations.rs   an allocator that counts, in the process that is measured
//! child.rs         that process: started, asked, ended
//! memory.rs        the memory of a process that is resident and its own
//! clock.rs         the time that a process was given
//! processors.rs    which processors a process may use
//! descriptors.rs   how many descriptors a process may have
//! ```
//!
//! What is measured runs in a child, so that its time and memory are its own, and the one that
//! measures costs it nothing: there is no thread in the child that would answer questions.

pub mod allocations;
mod child;
mod clock;
pub mod descriptors;
mod memory;
mod processors;

pub use child::Child;
pub use clock::cpu_time;
pub use memory::resident;
pub use processors::Processors;
