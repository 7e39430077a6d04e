//! The graph of the states in which a coroutine is at rest.

use std::collections::BTreeSet;
use std::fmt::Write;

use coframe_compiler::Compilation;
use coframe_compiler::mir::BlockId;

use crate::source::Function;
use crate::{Format, Outcome};

/// A state, and where it can go on to.
struct State {
    name: String,
    /// The line it is at, and what is awaited or handed out.
    at: Option<(usize, String)>,
    next: BTreeSet<usize>,
}

/// The graph of a function.
pub(crate) fn render(function: &Function, format: Format) -> Outcome<String> {
    let states = states(&function.compile()?);
    Ok(match format {
        Format::Text => text(&function.name, &states),
        Format::Dot => dot(&function.name, &states),
        Format::Mermaid => mermaid(&states),
    })
}

/// The states: not resumed yet, each suspension, and the end, which is the last.
fn states(compilation: &Compilation) -> Vec<State> {
    let suspensions = &compilation.analysis.suspensions;
    let resting = compilation.layout.states.iter().filter(|state| state.suspension.is_some());
    let resting: Vec<_> = resting.collect();
    let end = resting.len() + 1;
    let number = |block: BlockId| {
        let number = suspensions.iter().position(|suspension| suspension.block == block)?;
        Some(1 + resting.iter().position(|state| state.suspension == Some(number))?)
    };
    let next = |from: BlockId| reached(compilation, from, end, &number);
    let entry = compilation.mir.entry();
    let mut states = vec![State { name: "Start".to_owned(), at: None, next: next(entry) }];
    for state in &resting {
        let at = state.source.as_ref().map(|s| (s.span.start().line, s.text.clone()));
        let name = state.name.to_string();
        states.push(State { name, at, next: next(state.block) });
    }
    states.push(State { name: "Returned".to_owned(), at: None, next: BTreeSet::new() });
    states
}

/// The states that code can come to rest in which goes on in a block.
fn reached(
    compilation: &Compilation,
    from: BlockId,
    end: usize,
    number: &impl Fn(BlockId) -> Option<usize>,
) -> BTreeSet<usize> {
    let (mut seen, mut found) = (BTreeSet::from([from]), BTreeSet::new());
    let mut left = vec![from];
    while let Some(id) = left.pop() {
        let block = &compilation.mir.blocks[id];
        if block.may_return() {
            found.insert(end);
        }
        let targets = match number(id) {
            Some(state) => {
                found.insert(state);
                let jumps = block.statements.iter().flat_map(|statement| statement.jumps());
                jumps.collect()
            }
            None => compilation.mir.all_successors(id),
        };
        left.extend(targets.into_iter().filter(|target| seen.insert(*target)));
    }
    found
}

fn label(state: &State) -> String {
    match &state.at {
        Some((line, awaited)) if awaited.is_empty() => format!("{}, line {line}", state.name),
        Some((line, awaited)) => format!("{}, line {line}: {awaited}", state.name),
        None => state.name.clone(),
    }
}

fn text(name: &str, states: &[State]) -> String {
    let mut text = format!("states of {name}\n");
    for state in states {
        let next: Vec<&str> = state.next.iter().map(|next| states[*next].name.as_str()).collect();
        let _ = write!(text, "  {}", label(state));
        if !next.is_empty() {
            let _ = write!(text, "\n      -> {}", next.join(", "));
        }
        text.push('\n');
    }
    text
}

fn dot(name: &str, states: &[State]) -> String {
    let mut text = format!("digraph {name} {{\n  node [shape=box, fontname=monospace];\n");
    for (number, state) in states.iter().enumerate() {
        let label = label(state).replace('\\', "\\\\").replace('"', "\\\"");
        let _ = writeln!(text, "  s{number} [label=\"{label}\"];");
    }
    for (number, state) in states.iter().enumerate() {
        for next in &state.next {
            let _ = writeln!(text, "  s{number} -> s{next};");
        }
    }
    text + "}\n"
}

fn mermaid(states: &[State]) -> String {
    let mut text = "stateDiagram-v2\n".to_owned();
    for (number, state) in states.iter().enumerate() {
        let label = label(state).replace(':', "#58;").replace(';', "#59;");
        let label = label.replace("#58#59;", "#58;");
        let _ = writeln!(text, "  s{number} : {label}");
    }
    let _ = writeln!(text, "  [*] --> s0");
    for (number, state) in states.iter().enumerate() {
        for next in &state.next {
            let _ = writeln!(text, "  s{number} --> s{next}");
        }
    }
    let _ = writeln!(text, "  s{} --> [*]", states.len() - 1);
    text
}
