//! Text of the graph.

use std::fmt::Write;

use quote::ToTokens;

use super::{Arm, Body, DropKind, Statement, Terminator};
use crate::dump::code;
use crate::hir::LocalId;

/// All blocks that control can get to.
pub fn pretty(body: &Body) -> String {
    let heads = body.heads();
    let mut text = String::new();
    for id in body.reachable() {
        let block = &body.blocks[id];
        let head = if heads.contains(id) { " (head)" } else { "" };
        let _ = writeln!(text, "{id:?}{head}: in scope {}", names(body, &block.in_scope));
        for line in block.statements.iter().filter_map(|s| statement(body, s)) {
            let _ = writeln!(text, "    {line}");
        }
        let _ = writeln!(text, "    {}", terminator(body, &block.terminator));
    }
    text
}

/// A local with its number and name.
pub(crate) fn name(body: &Body, local: LocalId) -> String {
    format!("{local:?} {}", body.locals[local].name)
}

fn names(body: &Body, locals: &[LocalId]) -> String {
    let names: Vec<String> = locals.iter().map(|local| name(body, *local)).collect();
    format!("[{}]", names.join(", "))
}

fn tokens(tokens: &impl ToTokens) -> String {
    code(tokens.to_token_stream())
}

fn statement(body: &Body, statement: &Statement) -> Option<String> {
    Some(match statement {
        Statement::Declare(local) => format!("declare {}", name(body, *local)),
        Statement::Init { local, value } => {
            format!("{} = {}", name(body, *local), tokens(value))
        }
        Statement::Hold { holder, local, value, .. } => {
            format!("{} = {} held by {}", name(body, *local), tokens(value), name(body, *holder))
        }
        Statement::Lend { from, to } => {
            format!("lend {} to {}", name(body, *from), name(body, *to))
        }
        Statement::Restore { from, .. } => format!("restore {}", name(body, *from)),
        Statement::Later { local, .. } => format!("later than {}", name(body, *local)),
        Statement::DropIn2024(local) => format!("drop in 2024 {}", name(body, *local)),
        Statement::Tail(locals) => format!("tail, which ends {}", names(body, locals)),
        Statement::RequireEdition2024 => "require edition 2024".to_owned(),
        Statement::Taken(local) => format!("taken {}", name(body, *local)),
        Statement::Bound(local) => format!("bound {}", name(body, *local)),
        Statement::Let { pat, value, .. } => format!("let {} = {}", tokens(pat), tokens(value)),
        Statement::Eval(stmt) => tokens(stmt),
        Statement::Drop { local, kind } => match kind {
            DropKind::Never => return None,
            DropKind::Always => format!("drop {}", name(body, *local)),
            DropKind::Flagged => format!("drop {} if it is filled", name(body, *local)),
            DropKind::Unknown => format!("end {}", name(body, *local)),
        },
    })
}

fn targets(arms: &[Arm]) -> String {
    let mut text = String::new();
    for arm in arms {
        let _ = write!(text, "\n        {}", tokens(&arm.pat));
        if let Some(guard) = &arm.guard {
            let _ = write!(text, " if {}", tokens(guard));
        }
        let _ = write!(text, " => {:?}", arm.target);
    }
    text
}

fn terminator(body: &Body, terminator: &Terminator) -> String {
    match terminator {
        Terminator::Goto(target) => format!("goto {target:?}"),
        Terminator::If { condition, then, otherwise } => {
            format!("if {} goto {then:?} else {otherwise:?}", tokens(condition))
        }
        Terminator::LetElse { pat, value, then, otherwise, .. } => {
            format!("let {} = {} goto {then:?} else {otherwise:?}", tokens(pat), tokens(value))
        }
        Terminator::Match { scrutinee, arms, .. } => {
            format!("match {}{}", tokens(scrutinee), targets(arms))
        }
        Terminator::Select { scrutinee, arms, otherwise } => {
            let mut text = format!("select {}", tokens(scrutinee));
            for arm in arms {
                let _ = write!(text, "\n        {}", tokens(&arm.pat));
                if let Some(guard) = &arm.guard {
                    let _ = write!(text, " if {}", tokens(guard));
                }
                for (binding, seen) in &arm.looks {
                    let _ = write!(text, ", {} sees {binding:?}", name(body, *seen));
                }
                let _ = write!(text, " => {:?}", arm.target);
            }
            if let Some(otherwise) = otherwise {
                let _ = write!(text, "\n        else {otherwise:?}");
            }
            text
        }
        Terminator::Split { place, holder, arms } => {
            let (place, holder) = (tokens(place), name(body, *holder));
            format!("split {place} kept by {holder}{}", targets(arms))
        }
        Terminator::Await { future, result, resume, .. } => {
            format!("await {} into {} then {resume:?}", name(body, *future), name(body, *result))
        }
        Terminator::Suspend { value, result, resume, .. } => {
            let value = value.as_ref().map(tokens).unwrap_or_default();
            format!("suspend {value} into {} then {resume:?}", name(body, *result))
        }
        Terminator::Return { value } => {
            format!("return {}", value.as_ref().map(tokens).unwrap_or_default())
        }
        Terminator::Unreachable => "unreachable".to_owned(),
    }
}
