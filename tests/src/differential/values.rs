//! Values that log their creation, use and drop.

use std::cell::{Cell, RefCell, RefMut};
use std::fmt;
use std::ops::{Deref, DerefMut, Range};

use super::log::{Event, Log, event};

/// Logs that this point was reached.
pub fn say(text: impl fmt::Display) {
    event(Event::Step, text);
}

/// Logs that `value` was evaluated.
pub fn val<T>(text: &str, value: T) -> T {
    event(Event::Step, text);
    value
}

/// A value that is not `Copy` and logs what is done to it.
pub struct D {
    name: &'static str,
    uses: Cell<u32>,
    number: usize,
}

/// A new [`D`].
pub fn d(name: &'static str) -> D {
    event(Event::Step, format_args!("new {name}"));
    D { name, uses: Cell::new(0), number: Log::bear() }
}

/// Drops a value and says how often it was used.
pub fn eat(value: D) -> u32 {
    value.eat()
}

impl D {
    /// Uses the value and says how often that was done before.
    pub fn touch(&self) -> u32 {
        self.check(false);
        event(Event::Step, format_args!("touch {}", self.name));
        self.uses.replace(self.uses.get() + 1)
    }

    /// Changes the value.
    pub fn poke(&mut self) -> &mut Self {
        self.check(false);
        event(Event::Step, format_args!("poke {}", self.name));
        *self.uses.get_mut() += 10;
        self
    }

    /// Takes the value and drops it.
    pub fn eat(self) -> u32 {
        event(Event::Step, format_args!("eat {}", self.name));
        self.uses.get()
    }

    /// Takes the value and gives it back.
    #[must_use]
    pub fn pass(self) -> Self {
        event(Event::Step, format_args!("pass {}", self.name));
        self
    }

    /// Its name, borrowed from the value.
    pub fn name(&self) -> &str {
        self.check(false);
        self.name
    }

    fn check(&self, bury: bool) {
        if !Log::is_alive(self.number, bury) {
            Log::note(format_args!("! {} is dead", self.name));
        }
    }
}

impl Drop for D {
    fn drop(&mut self) {
        self.check(true);
        event(Event::Drop, format_args!("drop {} ({})", self.name, self.uses.get()));
    }
}

impl Clone for D {
    fn clone(&self) -> Self {
        event(Event::Step, format_args!("clone {}", self.name));
        D { name: self.name, uses: self.uses.clone(), number: Log::bear() }
    }
}

impl PartialEq for D {
    fn eq(&self, other: &Self) -> bool {
        event(Event::Step, format_args!("compare {} and {}", self.name, other.name));
        self.name == other.name
    }
}

impl fmt::Debug for D {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.check(false);
        write!(f, "{}#{}", self.name, self.uses.get())
    }
}

/// An iterator that logs each step and its drop.
#[derive(Debug)]
pub struct Steps {
    name: D,
    range: Range<u32>,
}

impl Steps {
    /// Counts from zero.
    pub fn new(name: &'static str, count: u32) -> Self {
        Steps { name: d(name), range: 0..count }
    }
}

impl Iterator for Steps {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        self.name.touch();
        self.range.next()
    }
}

/// A value behind a lock that logs.
#[derive(Debug)]
pub struct Lock {
    value: RefCell<D>,
}

impl Lock {
    /// A lock on a new value.
    pub fn new(name: &'static str) -> Self {
        Lock { value: RefCell::new(d(name)) }
    }

    /// Locks; it is an error to lock twice.
    pub fn lock(&self) -> Guard<'_> {
        event(Event::Step, "lock");
        Guard { value: self.value.borrow_mut() }
    }
}

/// A locked [`Lock`].
#[derive(Debug)]
pub struct Guard<'a> {
    value: RefMut<'a, D>,
}

impl Deref for Guard<'_> {
    type Target = D;

    fn deref(&self) -> &D {
        &self.value
    }
}

impl DerefMut for Guard<'_> {
    fn deref_mut(&mut self) -> &mut D {
        &mut self.value
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        event(Event::Drop, "unlock");
    }
}
