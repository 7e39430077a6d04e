//! The list of passes.

use std::collections::HashSet;

use crate::analysis::{self, Analysis};
use crate::ast::CoroutineFn;
use crate::diagnostics::Diagnostics;
use crate::frame::{self, FrameLayout};
use crate::hir::Resolution;
use crate::transform::Unspilled;
use crate::{ast, codegen, hir, mir, transform};

/// How often last uses are looked for: each round is about what the one before it has changed.
const UNSPILL_ROUNDS_MAX: usize = 4;

/// The graph of a function, in which rustc can judge the last uses of saved locals.
struct Graph {
    hir: hir::Body,
    mir: mir::Body,
    analysis: Analysis,
    unspilled: Unspilled,
}

/// Builds the graph; again if there are calls that need a statement of their own, unless that
/// makes something of it that is not supported.
fn graph(function: &CoroutineFn, resolution: &Resolution) -> Result<Graph, Diagnostics> {
    let mut named = HashSet::new();
    let mut graph = graph_with(function, resolution, &named)?;
    loop {
        let known = named.len();
        named.extend(&graph.unspilled.named);
        if named.len() == known {
            return Ok(graph);
        }
        match graph_with(function, resolution, &named) {
            Ok(next) => graph = next,
            Err(_) => return Ok(graph),
        }
    }
}

fn graph_with(
    function: &CoroutineFn,
    resolution: &Resolution,
    named: &HashSet<usize>,
) -> Result<Graph, Diagnostics> {
    let hir = hir::lower(function, resolution, named)?;
    let mut mir = mir::build(&hir);
    analysis::check(&mir, &function.signature.ident)?;
    let mut analysis = analysis::run(&mir);
    let mut unspilled = Unspilled::default();
    // What moved to a variable may make others live longer, which then have last uses as well.
    let (mut rounds, mut may_mark) = (0, true);
    while rounds < UNSPILL_ROUNDS_MAX && mir.prologue.is_none() {
        let parted = mir.parted;
        let found = transform::unspill(&mut mir, &analysis, may_mark, named);
        may_mark = mir.parted > parted;
        unspilled.moved.extend(found.moved);
        unspilled.named.extend(found.named);
        if !found.is_changed {
            break;
        }
        rounds += usize::from(!may_mark);
        analysis = analysis::run(&mir);
    }
    Ok(Graph { hir, mir, analysis, unspilled })
}

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
    /// The function as written, if its frame is to be reported to `cargo coframe`.
    pub(crate) original: Option<Box<CoroutineFn>>,
}

impl Compilation {
    /// Runs every pass up to the frame's layout. Each pass reports all the mistakes it finds.
    pub fn run(function: &CoroutineFn) -> Result<Self, Diagnostics> {
        ast::check(function)?;
        let original = codegen::reported_original(function);
        let function = codegen::spell_out_recursion(function);
        let (function, resolution) = hir::resolve(&function)?;
        let Graph { hir, mut mir, analysis, unspilled } = graph(&function, &resolution)?;
        let moved = unspilled.moved;
        transform::elaborate_drops(&mut mir, &analysis);
        let layout = frame::assign(&mir, &analysis);
        Ok(Compilation { function, hir, mir, moved, analysis, layout, original })
    }
}
