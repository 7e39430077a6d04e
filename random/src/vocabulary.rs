//! What generated programs are made of.

use std::fmt::Debug;

pub use coframe_tests::differential::{
    D, Event, Guard, Later, Leaf, Lock, Run, Steps, d, eat, event, fail, give, leaf, pause, say,
    val,
};

/// Two values, which can be moved out one by one.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The first to be dropped.
    pub left: D,
    /// The second.
    pub right: D,
}

/// A new [`Pair`].
pub fn pair(left: &'static str, right: &'static str) -> Pair {
    Pair { left: d(left), right: d(right) }
}

impl Pair {
    /// Uses both.
    pub fn sum(&self) -> u32 {
        self.left.touch() + self.right.touch()
    }

    /// Exchanges both.
    #[must_use]
    pub fn swap(self) -> Self {
        Pair { left: self.right, right: self.left }
    }

    /// Exchanges both where they are.
    pub fn turn(&mut self) {
        std::mem::swap(&mut self.left, &mut self.right);
    }

    /// Drops the second.
    pub fn into_left(self) -> D {
        self.left
    }

    /// Drops the first.
    pub fn unwrap(self) -> D {
        self.right
    }

    /// Both.
    pub fn split(self) -> (D, D) {
        (self.left, self.right)
    }

    /// Uses both, with a suspension.
    pub async fn visit(&self) -> u32 {
        let first = self.left.touch();
        pause().await;
        first + self.right.touch()
    }

    /// Takes both, with a suspension.
    pub async fn drain(self) -> u32 {
        pause().await;
        self.left.eat()
    }
}

/// A value and a number, with a destructor.
#[derive(Debug)]
pub struct Noisy {
    /// The value.
    pub inner: D,
    /// The number.
    pub number: u32,
}

impl Noisy {
    /// Uses the value.
    pub fn len(&self) -> u32 {
        self.number + self.inner.touch()
    }

    /// Whether the number is zero.
    pub fn is_empty(&self) -> bool {
        self.number == 0
    }

    /// Takes it.
    pub fn finish(self) -> u32 {
        self.number + 1
    }
}

impl Drop for Noisy {
    fn drop(&mut self) {
        event(Event::Drop, format_args!("drop noisy {}", self.number));
    }
}

/// An enum.
#[derive(Debug)]
pub enum Shape {
    /// Nothing.
    Empty,
    /// One value.
    One(D),
    /// Two values.
    Two(D, D),
    /// A value and a number.
    Named {
        /// The value.
        x: D,
        /// The number.
        n: u32,
    },
}

impl Shape {
    /// Uses its values.
    pub fn count(&self) -> u32 {
        match self {
            Shape::Empty => 0,
            Shape::One(x) => x.touch() + 1,
            Shape::Two(x, y) => x.touch() + y.touch() + 2,
            Shape::Named { x, n } => x.touch() + n,
        }
    }

    /// Takes it.
    pub fn collapse(self) -> Option<D> {
        match self {
            Shape::Empty => None,
            Shape::One(x) | Shape::Two(x, _) | Shape::Named { x, .. } => Some(x),
        }
    }
}

/// Methods of arbitrary names.
pub trait Methods: Sized {
    /// Takes the value.
    fn finish(self) -> u32;
    /// Takes the value.
    fn into_count(self) -> u32;
    /// Takes the value and gives another.
    #[must_use]
    fn map_or_same(self) -> Self;
    /// Borrows the value.
    fn peek(&self) -> u32;
    /// Borrows the value, unlike its name.
    #[allow(clippy::wrong_self_convention, reason = "that is its point")]
    fn into_nothing(&self) -> u32;
    /// Borrows the value, unlike its name.
    fn expect_use(&self) -> u32;
    /// Changes the value.
    fn raise(&mut self) -> u32;
}

impl Methods for D {
    fn finish(self) -> u32 {
        self.eat() + 1
    }

    fn into_count(self) -> u32 {
        self.eat() + 2
    }

    fn map_or_same(self) -> Self {
        self.pass()
    }

    fn peek(&self) -> u32 {
        self.touch()
    }

    fn into_nothing(&self) -> u32 {
        self.touch()
    }

    fn expect_use(&self) -> u32 {
        self.touch()
    }

    fn raise(&mut self) -> u32 {
        self.poke().touch()
    }
}

/// What type parameters stand for.
pub trait Make: Debug + Clone {
    /// A new value.
    fn make(name: &'static str) -> Self;
}

impl Make for D {
    fn make(name: &'static str) -> Self {
        d(name)
    }
}

impl Make for Pair {
    fn make(name: &'static str) -> Self {
        pair(name, "right")
    }
}

impl Make for u32 {
    fn make(_: &'static str) -> Self {
        7
    }
}

/// Uses two values.
pub fn both(left: &D, right: &D) -> u32 {
    left.touch() + right.touch()
}

/// Uses a value.
pub fn mix(left: &D, right: u32) -> u32 {
    left.touch() + right
}

/// Changes a value.
pub fn push(left: &mut D, right: u32) -> u32 {
    left.poke();
    right
}

/// Takes two values.
pub fn join(left: D, right: D) -> u32 {
    left.eat() + right.eat()
}

/// Gives the first and drops the second.
pub fn pick(left: D, right: u32) -> D {
    if right > 100 { d("picked") } else { left }
}

/// Gives one of two references.
pub fn choose<'a>(left: &'a D, right: &'a D) -> &'a D {
    if left.touch() > 0 { left } else { right }
}

/// A reference that lives long enough for anything.
pub fn keep<T>(value: T) -> &'static mut T {
    Box::leak(Box::new(value))
}

/// A shared reference that lives long enough for anything.
pub fn lend<T>(value: T) -> &'static T {
    keep(value)
}

/// Gives its argument.
pub fn same<T>(value: T) -> T {
    value
}

/// The sum of two numbers.
pub fn add(left: u32, right: u32) -> u32 {
    say("add");
    left.wrapping_add(right)
}

/// Gives its argument after a suspension.
pub async fn echo<T>(value: T) -> T {
    pause().await;
    value
}

/// Uses a value around a suspension.
pub async fn look(value: &D) -> u32 {
    let before = value.touch();
    pause().await;
    before + value.touch()
}

/// Changes a value after a suspension.
pub async fn bump(value: &mut D) -> u32 {
    pause().await;
    value.poke().touch()
}

/// Uses a value and gives another after a suspension.
pub async fn beside<T>(value: &D, other: T) -> T {
    pause().await;
    value.touch();
    other
}
