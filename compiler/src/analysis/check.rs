//! Mistakes that are seen in the graph.

use syn::Ident;

use crate::diagnostics::{self, Diagnostics, SUSPENSIONS_MAX};
use crate::mir::Body;

/// Reports what the analyses and the machine cannot carry.
pub fn check(body: &Body, name: &Ident) -> Result<(), Diagnostics> {
    let mut found = Diagnostics::default();
    let suspensions = body.blocks.iter().filter(|block| block.terminator.is_suspension()).count();
    if suspensions > SUSPENSIONS_MAX {
        found.push(diagnostics::too_many_suspensions(name, suspensions));
    }
    found.or_ok(())
}
