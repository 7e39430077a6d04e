//! Text of the frame.

use std::fmt::Write;

use super::{FrameLayout, Overlay};
use crate::mir::Body;

pub(super) fn pretty(layout: &FrameLayout, body: &Body) -> String {
    let mut text = String::new();
    overlay(layout, &layout.root, 0, &mut text);
    if let Some(sharing) = &layout.sharing {
        let _ = writeln!(text, "state in {}, if it is a coroutine", name(layout, sharing.callee));
    }
    for local in &layout.flags {
        let _ = writeln!(text, "flag of {}", name(layout, *local));
    }
    for local in &layout.activation {
        let _ = writeln!(text, "activation: {}", name(layout, *local));
    }
    let mut numbers = 3..;
    for state in &layout.states {
        let kind = match state.suspension {
            Some(_) => format!("state {}", numbers.next().expect("there are enough")),
            None if state.is_repeated => "loop".to_owned(),
            None => "join".to_owned(),
        };
        let _ = write!(text, "{kind} {}: {:?}", state.name, state.block);
        if let Some(source) = &state.source {
            let _ = write!(text, ", suspended at `{}`", source.text);
        }
        text.push('\n');
    }
    debug_assert!(!body.blocks.is_empty());
    text
}

fn name(layout: &FrameLayout, local: crate::hir::LocalId) -> String {
    layout.names[local].as_ref().map_or_else(|| format!("{local:?}"), ToString::to_string)
}

fn overlay(layout: &FrameLayout, part: &Overlay, depth: usize, text: &mut String) {
    let indent = "    ".repeat(depth);
    match part {
        Overlay::Slot(local) => {
            let _ = writeln!(text, "{indent}slot {}", name(layout, *local));
        }
        Overlay::All(parts) => {
            let _ = writeln!(text, "{indent}all of");
            parts.iter().for_each(|part| overlay(layout, part, depth + 1, text));
        }
        Overlay::OneOf(parts) => {
            let _ = writeln!(text, "{indent}one of");
            parts.iter().for_each(|part| overlay(layout, part, depth + 1, text));
        }
    }
}
