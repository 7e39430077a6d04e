//! The list of passes.

use std::collections::HashSet;

use crate::analysis::{self, Analysis};
use crate::ast::CoroutineFn;
use crate::diagnostics::Diagnostics;
use crate::frame::{self, FrameLayout};
use crate::{ast, hir, mir, transform};

/// One function on its way through the passes: the result of each.
#[derive(Debug)]
pub struct Compilation {
    /// The function with every local and label renamed to a unique name.
    pub function: CoroutineFn,
    /// The desugared body.
    pub hir: hir::Body,
    /// The control-flow graph, with every drop elaborated.
    pub mir: mir::Body,
    /// The uses of saved locals, by their number, that move the local back into its block.
    pub moved: HashSet<usize>,
    /// What the analyses found out about the graph.
    pub analysis: Analysis,
    /// Where each saved local lives.
    pub layout: FrameLayout,
}

impl Compilation {
    /// Runs every pass up to the frame's layout. Each pass reports all the mistakes it finds.
    pub fn run(function: &CoroutineFn) -> Result<Self, Diagnostics> {
        ast::check(function)?;
        let (function, resolution) = hir::resolve(function)?;
        let hir = hir::lower(&function, resolution)?;
        let mut mir = mir::build(&hir);
        analysis::check(&mir, &function.signature.ident)?;
        let analysis = analysis::run(&mir);
        let moved = transform::unspill(&mut mir, &analysis);
        let analysis = analysis::run(&mir);
        transform::elaborate_drops(&mut mir, &analysis);
        let layout = frame::assign(&mir, &analysis);
        Ok(Compilation { function, hir, mir, moved, analysis, layout })
    }
}
