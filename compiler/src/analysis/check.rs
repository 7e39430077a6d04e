//! Mistakes that only the analyses see.

use super::Analysis;
use crate::diagnostics::{self, Diagnostics};
use crate::mir::Body;

/// Reports what the machine cannot carry.
pub fn check(body: &Body, analysis: &Analysis) -> Result<(), Diagnostics> {
    let mut found = Diagnostics::default();
    if analysis.suspensions.len() > usize::from(u16::MAX) - 3 {
        let name = &body.locals.iter().next().expect("a suspension has a local").name;
        found.push(diagnostics::too_many_states(name, analysis.suspensions.len()));
    }
    found.or_ok(())
}
