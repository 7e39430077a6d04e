//! The small desugared form of a body.
//!
//! ```text
//! block = { stmt* expr? }
//! stmt  = let pattern [= expr [else block]];  |  expr;
//! expr  = code                      no suspension point: kept as the user wrote it
//!       | { block }  | if | match | loop | break | continue | return
//!       | await expr | suspend expr
//!       | split local { pattern => expr .. }   match, after which the local's rest is kept
//!       | hold code                 code, whose temporaries live on in a local
//!       | operands(temp = expr, ..; expr)    what a suspension interrupts, in evaluation order
//! ```
//!
//! There is no `while`, `for`, `if let` or `while let` in it, and no operand that suspends inside
//! another expression. Code refers to locals and labels by the unique names that `resolve` gave
//! them: `x·3` is the local with number 3, whose name was `x`.

pub mod assignment;
mod captures;
mod closures;
mod conventions;
pub mod destructure;
mod lower;
mod names;
mod parted;
mod pretty;
mod rename;
mod resolve;
mod taken;
mod tokens;
pub mod uses;

use proc_macro2::Span;
use syn::{Ident, Pat, Type};

use crate::ast::CoroutineFn;
use crate::edition::Edition;
use crate::index::{Id, IndexVec, define_id};

pub use captures::with_captures;
pub use closures::{captured_parts, names_parts_only};
pub use conventions::may_take_part;
pub use lower::{
    expression_leaves_temporaries, is_constructor, is_place, leaves_temporaries, lower, split_guard,
};
pub use names::{locals_in, original_names};
pub use parted::{
    mark_part, mark_parted, mark_scrutinee, part_mark, parted_locals, paths_in, scrutinee_mark,
    unmark_parted,
};
pub use rename::Rename;
pub use resolve::{Resolution, resolve};
pub use taken::{Step, Touch, only_taken, steps_to, taken_bindings, touch};

define_id!(
    /// A variable of the user, or a temporary that lowering made.
    LocalId, "_");
define_id!(
    /// A loop or labelled block.
    LabelId, "'");

/// The mark between name and number in a unique name.
const MARK: char = '·';
/// What the number in the unique name of a label begins with: it is no local's.
const LABEL: char = 'l';

impl LocalId {
    /// The unique name of this local.
    pub fn unique(self, name: &str, span: Span) -> Ident {
        Ident::new(&format!("{}{MARK}{}", name.trim_start_matches("r#"), self.index()), span)
    }

    /// The local that a unique name stands for.
    pub fn from_unique(ident: &Ident) -> Option<LocalId> {
        let text = ident.to_string();
        let (_, number) = without_occurrence(&text).rsplit_once(MARK)?;
        Some(LocalId::new(number.parse().ok()?))
    }
}

impl LabelId {
    /// The unique name of this label.
    pub fn unique(self, name: &str, span: Span) -> syn::Lifetime {
        syn::Lifetime::new(&format!("'{name}{MARK}{LABEL}{}", self.index()), span)
    }

    /// The label that a unique name stands for.
    pub fn from_unique(lifetime: &syn::Lifetime) -> Option<LabelId> {
        let text = lifetime.ident.to_string();
        let (_, number) = text.rsplit_once(MARK)?;
        Some(LabelId::new(number.strip_prefix(LABEL)?.parse().ok()?))
    }
}

/// A variable, and what the syntax tells about it.
#[derive(Clone, Debug)]
pub struct Local {
    /// The name in the user's program, or a name for a temporary.
    pub name: Ident,
    /// Where it comes from.
    pub kind: LocalKind,
    /// Whether it is declared `mut`.
    pub is_mutable: bool,
    /// The type, where the source has it.
    pub ty: Option<Type>,
    /// Whether the syntax shows that its type needs no drop.
    pub is_plain: bool,
    /// Whether the syntax shows that it is a number, `bool` or `char`, or made of these.
    pub is_number: bool,
    /// Whether the syntax shows that its type is `Copy`.
    pub is_copy: bool,
    /// Whether it is an operand that waits for others: dropped before the temporaries around it.
    pub is_waiting: bool,
    /// How many scopes are open in its own, with that.
    pub depth: usize,
    /// Whether its type may name a closure or an `async` block of the body, so that the witness
    /// and the machine have different types for it.
    pub is_anonymous: bool,
}

impl Local {
    /// A local that the user did not write.
    pub fn temporary(name: Ident) -> Self {
        Local {
            name,
            kind: LocalKind::Temporary,
            is_mutable: false,
            ty: None,
            is_plain: false,
            is_number: false,
            is_copy: false,
            is_waiting: false,
            depth: 0,
            is_anonymous: true,
        }
    }

    /// Its size in bytes, if the source says that its type is one of at most four.
    pub fn small_size(&self) -> Option<usize> {
        let Some(Type::Path(path)) = &self.ty else { return None };
        match path.path.get_ident()?.to_string().as_str() {
            "bool" | "i8" | "u8" => Some(1),
            "i16" | "u16" => Some(2),
            "char" | "f32" | "i32" | "u32" => Some(4),
            _ => None,
        }
    }

    /// Whether the source says that its type is one of at most four bytes.
    pub fn is_small(&self) -> bool {
        self.small_size().is_some()
    }

    /// Whether it cannot hold a reference to another local: numbers hold none, and the caller has chosen
    /// the lifetimes in the type of an argument.
    pub fn holds_no_local(&self) -> bool {
        self.is_number || self.kind == LocalKind::Argument
    }

    /// Whether the user did not name it.
    pub fn is_generated(&self) -> bool {
        match self.kind {
            LocalKind::Binding => false,
            LocalKind::Argument => self.name.to_string().starts_with("argument_"),
            LocalKind::Temporary | LocalKind::Awaited => true,
        }
    }

    /// The unique name of this local, whose id is `id`. That of a temporary has two marks.
    pub fn unique(&self, id: LocalId, span: Span) -> Ident {
        let name = self.name.to_string();
        match self.kind {
            LocalKind::Argument | LocalKind::Binding => id.unique(&name, span),
            LocalKind::Temporary | LocalKind::Awaited => id.unique(&format!("{name}{MARK}"), span),
        }
    }
}

/// Where a local comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalKind {
    /// An argument of the function.
    Argument,
    /// A binding in the body.
    Binding,
    /// An operand, a scrutinee or an iterator that lowering gave a name.
    Temporary,
    /// A future that is awaited.
    Awaited,
}

/// A loop or labelled block.
#[derive(Clone, Debug)]
pub struct Label {
    /// The label in the user's program.
    pub name: Option<Ident>,
    /// Where it is.
    pub span: Span,
}

/// The desugared body of a coroutine.
#[derive(Debug)]
pub struct Body {
    /// The arguments, in the order of the signature.
    pub arguments: Vec<LocalId>,
    /// All locals.
    pub locals: IndexVec<LocalId, Local>,
    /// All labels.
    pub labels: IndexVec<LabelId, Label>,
    /// The body.
    pub root: Block,
    /// If nothing suspends, the variable that each argument moves to when the coroutine is resumed for the
    /// first time: so all of the body is rustc's to judge.
    pub variables: Option<Vec<LocalId>>,
    /// For each argument the statement that takes it apart, if the signature has a pattern for it.
    pub taken_apart: Vec<Option<Stmt>>,
    /// How many assignments have an order of evaluation that depends on types.
    pub orders: usize,
    /// Items that were declared between suspending statements.
    pub items: Vec<syn::Item>,
    /// Whether there may be unsafe code: in the body, or in what a macro expands to.
    pub has_unsafe: bool,
    /// What temporaries depend on.
    pub edition: Edition,
    /// Whether it is that of an edition before 2024 only.
    pub needs_old_edition: bool,
}

/// A scope: its bindings are dropped at its end, in reverse order.
#[derive(Debug)]
pub struct Block {
    /// The statements.
    pub stmts: Vec<Stmt>,
    /// The value; unit if there is none.
    pub tail: Option<Box<Expr>>,
}

/// A statement.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "syn nodes are large, and few")]
pub enum Stmt {
    /// A binding.
    Let(Let),
    /// An expression whose value is dropped.
    Expr(Expr),
    /// Since edition 2024 the scrutinee of an `if let` and its temporaries end before `else`.
    EndIn2024(Vec<LocalId>),
    /// What follows drops the temporaries of its tail as edition 2024 does, which must be the user's.
    RequireEdition2024,
    /// What these hold ends here, in this order.
    End(Vec<LocalId>),
    /// A binding of parts of a local, whose rest is kept to the end of the block.
    Split(Split),
    /// A statement that neither binds nor suspends.
    Code(syn::Stmt),
}

/// A binding.
#[derive(Debug)]
pub struct Let {
    /// Attributes of the statement.
    pub attributes: Vec<syn::Attribute>,
    /// What is bound.
    pub pat: Pat,
    /// The type, where it is written.
    pub ty: Option<Type>,
    /// What it is bound to, if it is initialised here.
    pub init: Option<Expr>,
    /// What runs if the pattern does not match.
    pub otherwise: Option<Block>,
}

/// A binding of parts of a local. Its value moves to the local `holder`, a future: rustc decides
/// what the pattern takes out of it.
#[derive(Debug)]
pub struct Split {
    /// What is bound.
    pub pat: Pat,
    /// The local that is taken apart gets its value here, and temporaries of that live until all is
    /// bound.
    pub init: Option<(LocalId, Expr)>,
    /// What is taken apart: a local, or a part of one.
    pub place: syn::Expr,
    /// What keeps the rest.
    pub holder: LocalId,
    /// What runs if the pattern does not match.
    pub otherwise: Option<Block>,
}

/// An expression with the place it comes from.
#[derive(Debug)]
pub struct Expr {
    /// Which expression.
    pub kind: ExprKind,
    /// Where it is.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Debug)]
#[allow(missing_docs, reason = "the fields are named after what they hold")]
pub enum ExprKind {
    /// User code without a suspension point.
    Code(syn::Expr),
    /// A block, which `break` may leave if it has a label.
    Block(Option<LabelId>, Block),
    /// A condition with two branches.
    If { condition: Box<Expr>, then: Block, otherwise: Option<Box<Expr>> },
    /// A match.
    Match { scrutinee: Box<Expr>, arms: Vec<Arm> },
    /// A match on a local, or on a part of one, whose rest is kept in `holder` as in [`Split`].
    Split { place: syn::Expr, holder: LocalId, arms: Vec<Arm> },
    /// A match on a place with guards that suspend, so the place is looked at several times.
    Guarded { scrutinee: syn::Expr, arms: Vec<GuardedArm> },
    /// An endless loop.
    Loop { label: LabelId, body: Block },
    /// Leaves a loop or labelled block.
    Break { label: LabelId, value: Option<Box<Expr>> },
    /// Begins the next round of a loop.
    Continue { label: LabelId },
    /// Leaves the coroutine.
    Return { value: Option<Box<Expr>> },
    /// Awaits a future, which lives in the local `future`.
    Await { operand: Box<Expr>, future: LocalId },
    /// Gives control back to whoever resumed.
    Suspend { value: Option<Box<Expr>> },
    /// Evaluates code whose temporaries are kept in the local `holder`, as rustc keeps them: a
    /// method in it may or may not consume its receiver. The operands in `moves` are moved into it.
    Hold { holder: LocalId, value: syn::Expr, moves: Vec<LocalId> },
    /// The receiver of a call whose arguments suspend waits as an operand from here on, if the method
    /// takes it by value.
    Lend { from: LocalId },
    /// What was lent is the variable's again, in which `call` is made next.
    Restore { from: LocalId, call: syn::Expr },
    /// Evaluates the temporaries in order, then the value; drops the temporaries afterwards.
    Operands { temporaries: Vec<(LocalId, Expr)>, value: Box<Expr> },
}

/// An arm of a match.
#[derive(Debug)]
pub struct Arm {
    /// The pattern.
    pub pat: Pat,
    /// The condition after it, which does not suspend.
    pub guard: Option<syn::Expr>,
    /// What the arm evaluates to.
    pub body: Expr,
}

/// An arm of a match with guards that suspend.
#[derive(Debug)]
pub struct GuardedArm {
    /// The patterns, each tried with the guard.
    pub cases: Vec<Case>,
    /// What the arm evaluates to.
    pub body: Expr,
}

/// A pattern of an arm with a guard.
#[derive(Debug)]
pub struct Case {
    /// What is looked for.
    pub pat: Pat,
    /// The condition after it.
    pub guard: Option<Guard>,
    /// What is bound when it was found, and the guard holds: all parts of a value that is dropped.
    pub taking: Pat,
    /// A local that keeps the rest of the value, if `taking` does not bind all of it.
    pub holder: Option<LocalId>,
}

/// The condition of an arm.
#[derive(Debug)]
pub enum Guard {
    /// It does not suspend.
    Code(syn::Expr),
    /// It suspends, and looks at the bindings of the pattern through references.
    Suspends {
        /// The condition.
        condition: Box<Expr>,
        /// The bindings that are looked at.
        looks: Vec<Look>,
    },
}

/// A binding that a guard looks at.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The binding.
    pub binding: LocalId,
    /// Where it is, or a copy of it if it is a reference.
    pub seen: LocalId,
    /// A reference to it.
    pub reference: LocalId,
}

impl Expr {
    /// User code without a suspension point.
    pub fn code(expr: syn::Expr) -> Expr {
        use syn::spanned::Spanned;
        Expr { span: expr.span(), kind: ExprKind::Code(expr) }
    }

    /// What keeps the temporaries and rests that are left of an operand, in the order of their scopes.
    pub fn holders(&self) -> Vec<LocalId> {
        match &self.kind {
            ExprKind::Hold { holder, .. } | ExprKind::Split { holder, .. } => vec![*holder],
            ExprKind::Guarded { arms, .. } => {
                let cases = arms.iter().flat_map(|arm| &arm.cases);
                cases.filter_map(|case| case.holder).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The name of an argument that is taken apart. It is the same in both steps of the expansion of a
/// body with `#[cfg]` in it, so it is not hygienic.
pub fn argument_name(index: usize) -> Ident {
    let span = Span::mixed_site().resolved_at(Span::call_site());
    Ident::new(&format!("argument_{index}"), span)
}

/// The locals that a pattern binds, in order.
pub fn bindings(pat: &Pat) -> Vec<LocalId> {
    struct Collect(Vec<LocalId>);
    impl<'ast> syn::visit::Visit<'ast> for Collect {
        fn visit_pat_ident(&mut self, pat: &'ast syn::PatIdent) {
            if let Some(local) = LocalId::from_unique(&pat.ident)
                && !self.0.contains(&local)
            {
                self.0.push(local);
            }
            syn::visit::visit_pat_ident(self, pat);
        }
        fn visit_expr(&mut self, _: &'ast syn::Expr) {}
    }
    let mut collect = Collect(Vec::new());
    syn::visit::Visit::visit_pat(&mut collect, pat);
    collect.0
}

/// A unique name without the number of its use: `x·3` for `x·3·use7`.
pub fn without_occurrence(unique: &str) -> &str {
    unique.split("·use").next().unwrap_or(unique)
}

/// The number of a use of a local.
pub fn occurrence(expr: &syn::Expr) -> Option<usize> {
    match expr {
        syn::Expr::Path(path) => {
            let text = path.path.get_ident()?.to_string();
            text.split_once("·use")?.1.parse().ok()
        }
        syn::Expr::Paren(paren) => occurrence(&paren.expr),
        _ => None,
    }
}

/// The local that an expression is, if it is nothing else.
pub fn as_local(expr: &syn::Expr) -> Option<LocalId> {
    match expr {
        syn::Expr::Path(path) if path.qself.is_none() => {
            LocalId::from_unique(path.path.get_ident()?)
        }
        syn::Expr::Paren(paren) => as_local(&paren.expr),
        _ => None,
    }
}

/// Marks a call whose receiver waits for its arguments as the operand `to`.
fn mark_lent(call: &mut syn::Expr, to: LocalId) {
    let (number, span) = (to.index(), syn::spanned::Spanned::span(call));
    if let Some(attributes) = attributes_of_call(call) {
        attributes.push(syn::parse_quote_spanned!(span=> #[__lent(#number)]));
    }
}

/// The operand that the receiver of a call is while it waits for the arguments, if the call was marked. It
/// is no longer.
pub fn unmark_lent(call: &mut syn::Expr) -> Option<LocalId> {
    let attributes = attributes_of_call(call)?;
    let at = attributes.iter().position(|attribute| attribute.path().is_ident("__lent"))?;
    let number: syn::LitInt = attributes.remove(at).parse_args().ok()?;
    Some(LocalId::new(number.base10_parse().ok()?))
}

fn attributes_of_call(call: &mut syn::Expr) -> Option<&mut Vec<syn::Attribute>> {
    match call {
        syn::Expr::MethodCall(call) => Some(&mut call.attrs),
        syn::Expr::Call(call) => Some(&mut call.attrs),
        _ => None,
    }
}

/// The expression of which another is a part, of any depth: a field, or what a box points to.
pub fn root_of(expr: &syn::Expr) -> &syn::Expr {
    match expr {
        syn::Expr::Field(field) => root_of(&field.base),
        syn::Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Deref(_)) => root_of(&unary.expr),
        syn::Expr::Paren(paren) => root_of(&paren.expr),
        expr => expr,
    }
}

/// The local of which an expression is a part, or which it is.
pub fn root_local(expr: &syn::Expr) -> Option<LocalId> {
    as_local(root_of(expr))
}

/// Text of the body for snapshots.
pub fn pretty(function: &CoroutineFn, body: &Body) -> String {
    pretty::body(function, body)
}
