//! A seed to a program that rustc nearly always accepts.
//!
//! Each file adds productions: functions that make an expression of a type or a statement, or
//! nothing if there is none here. `PRODUCTIONS` and `STATEMENTS` say how often each is tried.

mod awaits;
mod branches;
mod expressions;
mod functions;
mod jumps;
mod loops;
mod numbers;
mod patterns;
mod places;
mod scope;
mod statements;
mod types;
mod values;

use fastrand::Rng;

use crate::construct::{Construct, Constructs};
use crate::program::{Node, Program, Type};

use scope::{Scope, State, States};

/// How deep expressions are nested.
const DEPTH_MAX: usize = 7;

/// A loop or a labelled block around the code that is being generated.
#[derive(Debug)]
struct Around {
    label: Option<String>,
    /// The type of the value that `break` takes.
    value: Option<Type>,
    /// The first variable inside.
    base: usize,
    /// What held before the loop.
    entry: States,
    is_loop: bool,
    /// What holds at each `break`.
    breaks: Vec<States>,
}

/// A function that can be called.
#[derive(Clone, Debug)]
struct Signature {
    name: String,
    arguments: Vec<Type>,
    returns: Type,
    is_generic: bool,
}

/// What programs are made with.
#[derive(Debug)]
struct Generator {
    rng: Rng,
    constructs: Constructs,
    scope: Scope,
    around: Vec<Around>,
    helpers: Vec<Signature>,
    returns: Type,
    is_generic: bool,
    /// How many more nodes there should be.
    fuel: i32,
    /// How many more suspensions there should be.
    awaits: i32,
    depth: usize,
    /// Whether code here may suspend or leave the function.
    is_inline: bool,
    /// Whether the code so far never comes to its end.
    has_left: bool,
    /// Whether a temporary here lives as long as its reference.
    keeps_temporaries: bool,
    /// Whether no variable may be used.
    is_bare: bool,
    /// Whether this is the condition of a loop, where jumps need a label.
    is_condition: bool,
    /// The depth of an expression that is the whole of a statement's value.
    whole: usize,
    /// Whether this is an operand of something awaited.
    is_awaited: bool,
    names: usize,
}

/// Makes the program of a seed.
pub fn generate(seed: u64, constructs: &Constructs) -> Program {
    let mut generator = Generator {
        rng: Rng::with_seed(seed),
        constructs: constructs.clone(),
        scope: Scope::default(),
        around: Vec::new(),
        helpers: Vec::new(),
        returns: Type::Unit,
        is_generic: false,
        fuel: 0,
        awaits: 0,
        depth: 0,
        is_inline: true,
        has_left: false,
        keeps_temporaries: true,
        is_bare: false,
        is_condition: false,
        whole: 1,
        is_awaited: false,
        names: 0,
    };
    generator.program(seed)
}

impl Generator {
    fn has(&self, construct: Construct) -> bool {
        self.constructs.has(construct)
    }

    /// True in so many cases of a hundred.
    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(0..100) < percent
    }

    fn one_of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.rng.usize(..choices.len())].clone()
    }

    /// One of these that are switched on, by weight.
    fn weighted<T: Copy>(&mut self, choices: &[(Construct, u32, T)]) -> T {
        let allowed = choices.iter().filter(|choice| self.constructs.has(choice.0));
        let total: u32 = allowed.clone().map(|choice| choice.1).sum();
        let mut left = self.rng.u32(0..total);
        for (_, weight, choice) in allowed {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return *choice,
            }
        }
        unreachable!("the weights add up")
    }

    /// A name that was not used before.
    fn fresh_name(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    /// A string for a value that appears in the log.
    fn tag(&mut self, prefix: &str) -> String {
        let name = self.fresh_name(prefix);
        format!("\"{name}\"")
    }

    /// An expression of a type.
    fn expression(&mut self, ty: &Type) -> Node {
        self.fuel -= 1;
        self.depth += 1;
        let mark = self.scope.locks();
        let node = self.produce(ty);
        if !ty.is_borrowing() {
            self.scope.unlock(mark);
        }
        self.depth -= 1;
        node
    }

    fn produce(&mut self, ty: &Type) -> Node {
        if self.depth < DEPTH_MAX && self.fuel > 0 {
            for _ in 0..5 {
                let (is_control, production) = self.weighted(expressions::PRODUCTIONS);
                let is_nested = is_control && self.depth > self.whole;
                if is_nested && !self.has(Construct::NestedControl) {
                    continue;
                }
                if let Some(node) = production(self, ty) {
                    return node;
                }
            }
        }
        self.simple(ty)
    }

    /// Begins several paths of which one is taken.
    fn fork(&self) -> Fork {
        Fork { before: self.scope.states(), after: None, had_left: self.has_left }
    }

    /// Begins the next path.
    fn path(&mut self, fork: &Fork) {
        self.scope.restore(&fork.before);
        self.has_left = fork.had_left;
    }

    /// Ends a path.
    fn end_path(&mut self, fork: &mut Fork) {
        if !self.has_left {
            fork.add(&self.scope.states());
        }
    }

    /// Goes on after all paths.
    fn join(&mut self, fork: Fork) {
        self.has_left = fork.had_left || fork.after.is_none();
        self.scope.restore(fork.after.as_ref().unwrap_or(&fork.before));
    }

    /// Makes something that may run or not; what holds after it is both.
    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let mut fork = self.fork();
        self.end_path(&mut fork);
        let made = make(self);
        self.end_path(&mut fork);
        self.join(fork);
        made
    }
}

/// Several paths of which one is taken.
#[derive(Debug)]
struct Fork {
    before: States,
    after: Option<States>,
    had_left: bool,
}

impl Fork {
    /// Adds the end of a path.
    fn add(&mut self, states: &[State]) {
        match &mut self.after {
            None => self.after = Some(states.to_vec()),
            Some(after) => scope::merge(after, states),
        }
    }
}
