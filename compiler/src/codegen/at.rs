//! Where in the graph code is emitted.

use crate::mir::{BlockId, Body};

/// A statement of a block.
#[derive(Clone, Copy)]
pub(super) struct At {
    pub(super) block: BlockId,
    pub(super) index: usize,
}

impl At {
    /// The terminator of a block.
    pub(super) fn end(body: &Body, block: BlockId) -> Self {
        At { block, index: body.blocks[block].statements.len() }
    }
}
