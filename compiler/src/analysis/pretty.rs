//! Text of what lives across which suspension.

use std::fmt::Write;

use super::{Analysis, Home};
use crate::index::Id;
use crate::mir::Body;

pub(super) fn pretty(analysis: &Analysis, body: &Body) -> String {
    let mut text = String::new();
    for (local, declared) in body.locals.iter_enumerated() {
        let home = match analysis.homes[local] {
            Home::Block => "block",
            Home::Activation => "activation",
            Home::Frame => "frame",
        };
        let _ = writeln!(text, "{local:?} {}: {home}", declared.name);
    }
    for (index, suspension) in analysis.suspensions.iter().enumerate() {
        let _ =
            writeln!(text, "suspension {index}: {:?} to {:?}", suspension.block, suspension.resume);
        for local in suspension.saved.iter() {
            let drop = match () {
                () if suspension.filled.contains(local) => "dropped",
                () if suspension.flagged.contains(local) => "dropped if its flag is set",
                () => "not dropped",
            };
            let _ = writeln!(text, "    {:?} {}: {drop}", local, body.locals[local].name);
            debug_assert!(local.index() < body.locals.len());
        }
    }
    text
}
