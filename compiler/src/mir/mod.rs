//! The body as a control-flow graph.
//!
//! A block is a list of statements and one terminator. Statements hold user code; scopes are
//! explicit: a local's scope begins at `Declare` (or at the statement that binds it) and ends at
//! `Drop`. Code may leave its block early through `return`, `?`, or a jump, which has the form
//! `break 'goto·bN` for the block with number N.
//!
//! A block with one predecessor is emitted inside it; the others, and those that a suspension
//! resumes, are *heads*: states of the machine.

mod build;
mod graph;
mod pretty;

use proc_macro2::Span;
use syn::{Ident, Pat, Type};

use crate::hir::{Local, LocalId, LocalKind, bindings, destructure, root_local};
use crate::index::{Id, IndexVec, define_id};

pub use build::build;
pub use graph::jumps_of;
pub use pretty::pretty;

define_id!(
    /// A basic block.
    BlockId, "bb");

/// A body as a graph.
#[derive(Debug)]
pub struct Body {
    /// All locals.
    pub locals: IndexVec<LocalId, Local>,
    /// The arguments, in the order of the signature.
    pub arguments: Vec<LocalId>,
    /// The locals in the order of their declarations: dropped in reverse.
    pub declared: Vec<LocalId>,
    /// The blocks; the first is the entry.
    pub blocks: IndexVec<BlockId, Block>,
    /// If nothing suspends, how many statements there are before the body: they move the arguments to
    /// variables, and take them apart.
    pub prologue: Option<usize>,
    /// The blocks that end with a `return` of the user's.
    pub left: Vec<BlockId>,
    /// Items that stand between the statements.
    pub items: Vec<syn::Item>,
    /// The locals that a holder may keep, with that holder.
    pub holders: Vec<(LocalId, LocalId)>,
    /// Receivers, with the operands that they are while they wait for their arguments.
    pub lent: Vec<(LocalId, LocalId)>,
    /// How many calls and closures are marked that may take a part of a local.
    pub parted: usize,
    /// Whether there may be unsafe code.
    pub has_unsafe: bool,
    /// Whether it is that of an edition before 2024 only.
    pub needs_old_edition: bool,
}

impl Body {
    /// A new local that the user did not write.
    pub fn temporary(&mut self, name: &str) -> LocalId {
        self.locals.push(Local::temporary(generated(name)))
    }

    /// A variable that the value of a local moves to.
    pub fn variable_like(&mut self, local: LocalId) -> LocalId {
        let mut variable = self.locals[local].clone();
        if variable.kind == LocalKind::Argument {
            variable.kind = LocalKind::Binding;
        }
        self.locals.push(variable)
    }

    /// The local in whose slot the value of a local is: a receiver that waits stays where it is.
    pub fn kept_in(&self, local: LocalId) -> LocalId {
        let lent = self.lent.iter().find(|(_, operand)| *operand == local);
        lent.map_or(local, |(receiver, _)| *receiver)
    }

    /// Whether a local is a holder, which keeps what its code leaves.
    pub fn is_holder(&self, local: LocalId) -> bool {
        let holds = |statement: &Statement| matches!(statement, Statement::Hold { holder, .. } if *holder == local);
        self.blocks.iter().any(|block| {
            let splits =
                matches!(block.terminator, Terminator::Split { holder, .. } if holder == local);
            splits || block.statements.iter().any(holds)
        })
    }

    /// The unique name of a local, where it was declared.
    pub fn unique(&self, local: LocalId) -> Ident {
        let declared = &self.locals[local];
        declared.unique(local, declared.name.span())
    }
}

/// A basic block.
#[derive(Debug)]
pub struct Block {
    /// What happens, in order.
    pub statements: Vec<Statement>,
    /// How it goes on.
    pub terminator: Terminator,
    /// The locals whose scope is open when the block is entered, outermost first.
    pub in_scope: Vec<LocalId>,
    /// Whether the block must be a state of its own although it has one predecessor.
    pub is_join: bool,
}

/// A step of a block.
#[derive(Debug)]
#[allow(missing_docs, reason = "the fields are named after what they hold")]
#[allow(clippy::large_enum_variant, reason = "syn nodes are large, and few")]
pub enum Statement {
    /// The scope of a local begins; it holds nothing.
    Declare(LocalId),
    /// The local gets its first value.
    Init { local: LocalId, value: syn::Expr },
    /// The local gets the value of code that runs in `holder`, which keeps what is left over. Each
    /// of `moves` is a local and the variable inside the holder that its value moves to.
    Hold {
        holder: LocalId,
        local: LocalId,
        value: syn::Expr,
        moves: Vec<(LocalId, LocalId)>,
        until: Until,
    },
    /// The local is the receiver of a call whose arguments suspend: if the method takes it by value, it is
    /// dropped as the operand `to` from here on.
    Lend { from: LocalId, to: LocalId },
    /// All arguments are evaluated, and `call` is made next, on the local.
    Restore { from: LocalId, to: LocalId, call: syn::Expr },
    /// The local has moved to a variable of the block. What was declared after it and is not kept in
    /// its block is dropped before that variable, should it be dropped by unwinding.
    Later { local: LocalId, variable: LocalId },
    /// What follows drops its temporaries as edition 2024 does, which must be the user's.
    RequireEdition2024,
    /// What follows is the tail of the body. Its temporaries are dropped before these locals, or after
    /// them if the user's edition is older than 2024.
    Tail(Vec<LocalId>),
    /// The scope of the local ends here, if the user's edition is 2024 or later.
    DropIn2024(LocalId),
    /// The value of the local was taken by the pattern that leads here.
    Taken(LocalId),
    /// The local gets its value from the terminator that leads here.
    Bound(LocalId),
    /// `let` with bindings whose scope begins here.
    Let { attributes: Vec<syn::Attribute>, pat: Pat, ty: Option<Type>, value: syn::Expr },
    /// A statement of the user.
    Eval(syn::Stmt),
    /// The scope of a local ends.
    Drop { local: LocalId, kind: DropKind },
}

/// How long a holder keeps something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// The receivers and the temporaries of its code, to the end of the statement.
    StatementEnd,
    /// The receiver, to the end of its scope.
    ScopeEnd,
}

/// What is known about a local where its scope ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropKind {
    /// Nothing yet.
    Unknown,
    /// It holds nothing, or its type needs no drop.
    Never,
    /// It holds a value.
    Always,
    /// Only its flag knows.
    Flagged,
}

/// How a block goes on.
#[derive(Debug)]
#[allow(missing_docs, reason = "the fields are named after what they hold")]
#[allow(clippy::large_enum_variant, reason = "syn nodes are large, and few")]
pub enum Terminator {
    /// In another block.
    Goto(BlockId),
    /// In one of two blocks.
    If { condition: syn::Expr, then: BlockId, otherwise: BlockId },
    /// `let pat = value else { .. }`.
    LetElse { pat: Pat, ty: Option<Type>, value: syn::Expr, then: BlockId, otherwise: BlockId },
    /// In the block of the arm that matches.
    Match { scrutinee: syn::Expr, arms: Vec<Arm>, taken: Option<LocalId> },
    /// In the block of the arm that matches a local or a part of it. The local moves to `holder`: what
    /// the arm does not bind is kept there.
    Split { place: syn::Expr, holder: LocalId, arms: Vec<Arm> },
    /// In the block of the arm that matches a place, from which nothing is taken. An arm may look
    /// at what it binds.
    Select { scrutinee: syn::Expr, arms: Vec<SelectArm>, otherwise: Option<BlockId> },
    /// When the future is ready, its value is in `result`.
    Await { future: LocalId, result: LocalId, resume: BlockId, source: Source },
    /// When the coroutine is resumed, the value that came with it is in `result`.
    Suspend { value: Option<syn::Expr>, result: LocalId, resume: BlockId, source: Source },
    /// The coroutine ends with a value.
    Return { value: Option<syn::Expr> },
    /// Control does not get here.
    Unreachable,
}

/// An arm of a match.
#[derive(Debug)]
pub struct Arm {
    /// The pattern.
    pub pat: Pat,
    /// The condition after it.
    pub guard: Option<syn::Expr>,
    /// Where it goes on.
    pub target: BlockId,
}

/// The locals that have the value behind each arm of a [`Terminator::Split`]: the holder, or the local that
/// was matched, if an arm takes nothing and others take elements of arrays. How an array is dropped depends
/// on where that is then, which is known of a local.
pub fn kept_by(place: &syn::Expr, holder: LocalId, arms: &[Arm]) -> Vec<LocalId> {
    let local = root_local(place).expect("a local is split");
    let takes_elements = arms.iter().any(|arm| destructure::takes_elements(&arm.pat));
    let keeps = |arm: &Arm| match takes_elements && bindings(&arm.pat).is_empty() {
        true => local,
        false => holder,
    };
    arms.iter().map(keeps).collect()
}

/// An arm of a match that takes nothing.
#[derive(Debug)]
pub struct SelectArm {
    /// The pattern.
    pub pat: Pat,
    /// The condition after it.
    pub guard: Option<syn::Expr>,
    /// The bindings that are looked at, and the locals that know where they are.
    pub looks: Vec<(LocalId, LocalId)>,
    /// Where it goes on.
    pub target: BlockId,
}

/// A suspension point in the user's program.
#[derive(Clone, Debug)]
pub struct Source {
    /// The `await` or `suspend`.
    pub span: Span,
    /// What is awaited or handed out: where it begins.
    pub operand: Span,
    /// And where it ends.
    pub operand_end: Span,
    /// What is awaited or handed out, as text.
    pub text: String,
}

/// The label of a jump to a block.
pub fn jump_label(target: BlockId, span: Span) -> syn::Lifetime {
    syn::Lifetime::new(&format!("'goto·b{}", target.index()), span)
}

/// The block that a jump with this label goes to.
pub fn jump_target(label: &syn::Lifetime) -> Option<BlockId> {
    let text = label.ident.to_string();
    let number = text.strip_prefix("goto·b")?;
    Some(BlockId::new(number.parse().ok()?))
}

/// A name for a generated local.
pub fn generated(name: &str) -> Ident {
    Ident::new(name, Span::mixed_site())
}
