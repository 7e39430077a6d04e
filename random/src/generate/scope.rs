//! The variables of a function while it is generated: what rustc's borrow checker would say.
//!
//! The rules are stricter than rustc's where that is simpler. A reference counts as used until the
//! variable it borrows is moved, assigned or borrowed again; from then on it is never named.

use crate::program::Type;

/// Whether a variable has a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It has.
    Live,
    /// All but these fields.
    Partial(Vec<String>),
    /// It may have none, or one that may not be used.
    Gone,
}

/// A borrow of a variable.
#[derive(Clone, Debug)]
pub(crate) struct Loan {
    pub(crate) variable: usize,
    pub(crate) is_mutable: bool,
}

/// A variable in scope.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    pub(crate) name: String,
    pub(crate) ty: Type,
    pub(crate) is_mutable: bool,
    pub(crate) state: State,
    /// What its value borrows.
    pub(crate) loans: Vec<Loan>,
}

/// What is done to a variable or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    /// A mutable borrow, or an assignment to a part.
    Write,
    /// An assignment to the whole.
    Assign,
    Move,
}

/// All variables in scope, innermost last.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    variables: Vec<Variable>,
    /// The borrows of the expression that is being generated.
    locks: Vec<Loan>,
    /// The first variable inside the innermost loop.
    pub(crate) loop_base: usize,
    /// The first variable that may be moved or changed: one of a closure or a guard.
    pub(crate) frozen: usize,
}

/// The states of all variables at one point of the program.
pub(crate) type States = Vec<State>;

impl Scope {
    pub(crate) fn len(&self) -> usize {
        self.variables.len()
    }

    pub(crate) fn get(&self, variable: usize) -> &Variable {
        &self.variables[variable]
    }

    pub(crate) fn declare(&mut self, variable: Variable) -> usize {
        self.variables.push(variable);
        self.variables.len() - 1
    }

    /// Ends the scope of all variables from `base` on.
    pub(crate) fn leave(&mut self, base: usize) {
        self.variables.truncate(base);
        for variable in &mut self.variables {
            variable.loans.retain(|loan| loan.variable < base);
        }
        self.locks.retain(|lock| lock.variable < base);
    }

    /// Whether the name means this variable.
    pub(crate) fn is_visible(&self, variable: usize) -> bool {
        let name = &self.variables[variable].name;
        !self.variables[variable + 1..].iter().any(|later| later.name == *name)
    }

    pub(crate) fn states(&self) -> States {
        self.variables.iter().map(|variable| variable.state.clone()).collect()
    }

    pub(crate) fn restore(&mut self, states: &[State]) {
        for (variable, state) in self.variables.iter_mut().zip(states) {
            variable.state = state.clone();
        }
    }

    pub(crate) fn locks(&self) -> usize {
        self.locks.len()
    }

    pub(crate) fn unlock(&mut self, mark: usize) {
        self.locks.truncate(mark);
    }

    pub(crate) fn lock(&mut self, variable: usize, is_mutable: bool) {
        self.locks.push(Loan { variable, is_mutable });
    }

    /// The borrows since the mark.
    pub(crate) fn loans_since(&self, mark: usize) -> Vec<Loan> {
        self.locks[mark.min(self.locks.len())..].to_vec()
    }

    /// Whether a part of a variable has a value: the part is `path`, as in `.left`.
    fn has_value(&self, variable: usize, path: &str) -> bool {
        match &self.variables[variable].state {
            State::Live => true,
            State::Partial(moved) => {
                !path.is_empty() && !moved.iter().any(|one| overlaps(one, path))
            }
            State::Gone => false,
        }
    }

    /// Whether an access is allowed here.
    pub(crate) fn allows(&self, variable: usize, path: &str, access: Access) -> bool {
        let found = &self.variables[variable];
        if !self.is_visible(variable) {
            return false;
        }
        if access != Access::Read && variable < self.frozen {
            return false;
        }
        let is_locked = |is_mutable: bool| {
            self.locks
                .iter()
                .any(|lock| lock.variable == variable && (lock.is_mutable || is_mutable))
        };
        let is_outside = variable < self.loop_base;
        let state_allows = match access {
            Access::Read | Access::Write => self.has_value(variable, path),
            Access::Assign => found.is_mutable,
            Access::Move => self.has_value(variable, path) && (!is_outside || found.is_mutable),
        };
        state_allows && !is_locked(access != Access::Read) && self.can_kill(variable, access)
    }

    /// The references that an access ends.
    fn ended(&self, variable: usize, access: Access) -> impl Iterator<Item = usize> + '_ {
        self.variables.iter().enumerate().filter_map(move |(index, one)| {
            let ends = |loan: &Loan| {
                loan.variable == variable && (loan.is_mutable || access != Access::Read)
            };
            (one.state != State::Gone && one.loans.iter().any(ends)).then_some(index)
        })
    }

    fn can_kill(&self, variable: usize, access: Access) -> bool {
        self.ended(variable, access).all(|one| {
            let has_drop = matches!(self.variables[one].ty, Type::Guard | Type::Future);
            let is_locked = self.locks.iter().any(|lock| lock.variable == one);
            !has_drop && !is_locked && one >= self.loop_base && self.can_kill(one, Access::Move)
        })
    }

    fn kill(&mut self, variable: usize, access: Access) {
        let ended: Vec<usize> = self.ended(variable, access).collect();
        for one in ended {
            self.variables[one].state = State::Gone;
            self.kill(one, Access::Move);
        }
    }

    /// Does an access that is allowed.
    pub(crate) fn perform(&mut self, variable: usize, path: &str, access: Access) {
        self.kill(variable, access);
        let found = &mut self.variables[variable];
        match access {
            Access::Assign => found.state = State::Live,
            Access::Move if path.is_empty() => found.state = State::Gone,
            Access::Move => match &mut found.state {
                State::Partial(moved) => moved.push(path.to_owned()),
                state => *state = State::Partial(vec![path.to_owned()]),
            },
            Access::Read | Access::Write => {}
        }
    }
}

fn overlaps(one: &str, other: &str) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// What holds after two paths.
pub(crate) fn merge(one: &mut States, other: &[State]) {
    one.truncate(other.len());
    for (one, other) in one.iter_mut().zip(other) {
        *one = merged(one, other);
    }
}

fn merged(one: &State, other: &State) -> State {
    match (one, other) {
        (one, other) if one == other => one.clone(),
        (State::Live, State::Partial(moved)) | (State::Partial(moved), State::Live) => {
            State::Partial(moved.clone())
        }
        (State::Partial(one), State::Partial(other)) => {
            State::Partial(one.iter().chain(other).cloned().collect())
        }
        _ => State::Gone,
    }
}
