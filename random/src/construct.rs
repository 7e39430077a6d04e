//! What a program may contain, and what is left out for now.

use std::collections::BTreeSet;

/// Declares the constructs with their names on the command line.
macro_rules! constructs {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// Something a program may contain, which can be switched off.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Construct { $($(#[$doc])* $name,)* }

        impl Construct {
            /// All constructs.
            pub const ALL: &[Construct] = &[$(Construct::$name),*];

            /// The name on the command line.
            pub fn name(self) -> &'static str {
                match self { $(Construct::$name => stringify!($name)),* }
            }
        }
    };
}

constructs! {
    /// Variables, constants, constructors, calls of functions: always there.
    Basic,
    /// `f().await`.
    Await,
    /// Awaits as operands, and not as the whole of a statement's value.
    OperandAwait,
    /// `f(x.await).await`.
    NestedAwait,
    /// Blocks, `if`, `match` and loops as operands, and not as the whole of a statement's value.
    NestedControl,
    /// A future that is kept in a variable.
    StoredFuture,
    /// `async move { .. }` in a variable.
    AsyncBlock,
    /// Calls of other generated functions.
    Helper,
    /// A generated function with a type parameter.
    Generic,
    /// A block in an expression.
    Block,
    /// A labelled block with `break` and a value.
    LabelledBlock,
    /// `if` and `else`.
    If,
    /// `if let`.
    IfLet,
    /// Chains of conditions and patterns.
    Chain,
    /// `let` with `else`.
    LetElse,
    /// `match`.
    Match,
    /// A guard of a match arm.
    Guard,
    /// A guard that suspends.
    GuardAwait,
    /// Patterns that move a variable or a part of one.
    MoveByPattern,
    /// Patterns that leave parts of a value behind: `_` and `..`.
    Remainder,
    /// Bindings with a subpattern.
    At,
    /// Patterns with alternatives.
    Or,
    /// `ref` and `ref mut` in patterns for variables.
    RefPattern,
    /// `ref` and `ref mut` in patterns for new values.
    RefOfValue,
    /// `loop`.
    Loop,
    /// `while`.
    While,
    /// `while let`.
    WhileLet,
    /// `for`.
    For,
    /// `break` and `continue`.
    Jump,
    /// A variable that is moved in a loop and assigned again.
    MoveInLoop,
    /// `return` in the midst.
    Return,
    /// `?`.
    Question,
    /// Methods that borrow.
    Method,
    /// Methods that take their receiver.
    ConsumingMethod,
    /// Methods that borrow, with a name by convention of one that takes.
    MisnamedMethod,
    /// A field that is moved out of a variable.
    PartialMove,
    /// The value that is moved out of a box.
    Unbox,
    /// The field of an expression that is not a variable.
    FieldOfValue,
    /// A struct literal with a base.
    StructBase,
    /// Indexing.
    Index,
    /// References.
    Reference,
    /// `&*` of what a function returns.
    Reborrow,
    /// Mutable references.
    MutableReference,
    /// References in variables.
    StoredReference,
    /// Guards of locks, in temporaries and variables.
    LockGuard,
    /// Closures.
    Closure,
    /// Assignments to variables.
    Assign,
    /// Assignments to fields, elements and through references.
    AssignPlace,
    /// Compound assignments.
    Compound,
    /// Variables that are declared before they are assigned.
    LateInit,
    /// A name that is used again.
    Shadow,
    /// A pattern in a `let`.
    LetPattern,
    /// A pattern as an argument.
    ArgumentPattern,
    /// `&&` and `||`.
    Lazy,
    /// Macros of the standard library.
    Macro,
    /// Macros of the standard library with arguments that suspend.
    MacroAwait,
    /// `std::mem::replace` and `take`.
    Replace,
}

/// What the generator leaves out unless it is asked for, and why.
pub const LEFT_OUT: &[(Construct, &str)] = &[
    (Construct::ConsumingMethod, "E0507: a field that is consumed while others are used later"),
    (Construct::Closure, "refused: captures of a part whose other parts are used later"),
    (Construct::AsyncBlock, "refused: captures of a part whose other parts are used later"),
];

/// A set of constructs.
#[derive(Clone, Debug)]
pub struct Constructs(BTreeSet<Construct>);

impl Constructs {
    /// All of them.
    pub fn all() -> Self {
        Constructs(Construct::ALL.iter().copied().collect())
    }

    /// Those that are not in [`LEFT_OUT`].
    pub fn usual() -> Self {
        let mut constructs = Self::all();
        LEFT_OUT.iter().for_each(|(construct, _)| constructs.set(*construct, false));
        constructs
    }

    /// Adds or removes one.
    pub fn set(&mut self, construct: Construct, is_in: bool) {
        match is_in {
            true => self.0.insert(construct),
            false => self.0.remove(&construct),
        };
    }

    /// Whether it is in the set.
    pub fn has(&self, construct: Construct) -> bool {
        self.0.contains(&construct)
    }
}
