//! Makes a program with a bad verdict smaller while the verdict stays the same.
//!
//! Each round makes all programs that are one edit away, the shortest first, and runs them in
//! batches; the shortest with the same verdict is the next to be reduced.

use crate::program::{Node, Piece, Program, Role, Type};
use crate::run::{self, Toolchain, Verdict};

/// How many edits are tried together.
const BATCH: usize = 24;
/// How many rounds there are at most.
const ROUNDS_MAX: usize = 60;

/// The smallest program found with a verdict like this, and its verdict.
pub fn reduce(toolchain: &Toolchain, program: &Program, verdict: &Verdict) -> (Program, Verdict) {
    let mut best = (program.clone(), verdict.clone());
    for _ in 0..ROUNDS_MAX {
        match shorter(toolchain, &best.0, verdict) {
            Some(found) => best = found,
            None => break,
        }
    }
    best
}

/// The shortest program found that is one edit away and has a verdict like this.
fn shorter(
    toolchain: &Toolchain,
    program: &Program,
    verdict: &Verdict,
) -> Option<(Program, Verdict)> {
    let mut candidates = edits(program);
    candidates.sort_by_key(Program::length);
    candidates.retain(|candidate| candidate.length() < program.length());
    candidates
        .dedup_by_key(|candidate| crate::print::functions(candidate, crate::print::Copy::Plain));
    candidates.chunks(BATCH).find_map(|chunk| {
        let verdicts = run::run(toolchain, "reduce", chunk);
        let found = chunk.iter().zip(verdicts).find(|(_, found)| found.is_like(verdict));
        found.map(|(program, verdict)| (program.clone(), verdict))
    })
}

/// All programs that are one edit away.
fn edits(program: &Program) -> Vec<Program> {
    let mut found = Vec::new();
    for (index, function) in program.functions.iter().enumerate() {
        let mut edited = Vec::new();
        edits_of(function, &mut edited);
        for node in edited {
            let mut program = program.clone();
            program.functions[index] = node;
            found.push(program);
        }
    }
    found
}

/// All nodes that are one edit away from this one.
fn edits_of(node: &Node, found: &mut Vec<Node>) {
    match &node.role {
        Role::Expression(ty) => {
            found.extend(minimal(ty).map(|text| Node::expression(ty, vec![text.into()])));
            let mut inside = Vec::new();
            nodes_inside(node, &|inner| inner.role == node.role, &mut inside);
            found.extend(inside);
        }
        Role::Statement | Role::Option => {
            found.push(Node { role: Role::Group, pieces: Vec::new() });
            let mut inside = Vec::new();
            nodes_inside(node, &|inner| inner.role == Role::Body, &mut inside);
            let is_statement = node.role == Role::Statement;
            found.extend(inside.into_iter().filter(|_| is_statement).map(|body| {
                let mut pieces = body.pieces;
                pieces.push(Piece::Text(";".to_owned()));
                Node { role: Role::Group, pieces }
            }));
        }
        Role::Body => found.extend(without_halves(node)),
        Role::Group => {}
    }
    for (index, piece) in node.pieces.iter().enumerate() {
        if let Piece::Node(inner) = piece {
            let mut edited = Vec::new();
            edits_of(inner, &mut edited);
            found.extend(edited.into_iter().map(|inner| {
                let mut node = node.clone();
                node.pieces[index] = Piece::Node(inner);
                node
            }));
        }
    }
}

/// The outermost nodes inside this one that are wanted, and those inside them.
fn nodes_inside(node: &Node, is_wanted: &dyn Fn(&Node) -> bool, found: &mut Vec<Node>) {
    for piece in &node.pieces {
        if let Piece::Node(inner) = piece {
            if is_wanted(inner) {
                found.push(inner.clone());
            }
            nodes_inside(inner, is_wanted, found);
        }
    }
}

/// A body without several of its statements.
fn without_halves(body: &Node) -> Vec<Node> {
    let mut found = Vec::new();
    let count = body.pieces.len();
    let mut size = count / 2;
    while size > 1 {
        for start in (0..count).step_by(size) {
            let mut pieces = body.pieces.clone();
            pieces.drain(start..(start + size).min(count));
            found.push(Node { role: Role::Body, pieces });
        }
        size /= 2;
    }
    found
}

/// A short expression of a type.
fn minimal(ty: &Type) -> Option<String> {
    let of = |inner: &Type| minimal(inner);
    Some(match ty {
        Type::Unit => "()".to_owned(),
        Type::Bool => "true".to_owned(),
        Type::Int => "1_u32".to_owned(),
        Type::Text => "String::new()".to_owned(),
        Type::D => "d(\"d\")".to_owned(),
        Type::Pair => "pair(\"l\", \"r\")".to_owned(),
        Type::Shape => "Shape::Empty".to_owned(),
        Type::Option(inner) => format!("None::<{inner}>"),
        Type::Vec(inner) => format!("Vec::<{inner}>::new()"),
        Type::Boxed(inner) => format!("Box::new({})", of(inner)?),
        Type::Array(inner) => format!("[{}, {}]", of(inner)?, of(inner)?),
        Type::Tuple(parts) => {
            let parts: Option<Vec<String>> = parts.iter().map(minimal).collect();
            format!("({},)", parts?.join(", "))
        }
        _ => return None,
    })
}
