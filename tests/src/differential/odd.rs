//! A value whose methods are named against all conventions.

use super::values::{D, d};

/// A value whose methods break every convention of names.
#[derive(Debug)]
pub struct Odd(D);

/// A new [`Odd`].
pub fn odd(name: &'static str) -> Odd {
    Odd(d(name))
}

#[allow(clippy::wrong_self_convention, reason = "the names are meant to mislead")]
impl Odd {
    /// Borrows.
    pub fn unwrap(&self) -> u32 {
        self.0.touch()
    }
    /// Borrows mutably.
    pub fn expect(&mut self, _: &str) -> u32 {
        self.0.poke().touch()
    }
    /// Borrows, and gives a reference back.
    pub fn into_name(&self) -> &str {
        self.0.name()
    }
    /// Borrows two values.
    pub fn collect(&self, other: &D) -> u32 {
        self.0.touch() + other.touch()
    }
    /// Consumes.
    pub fn finish(self) -> u32 {
        self.0.eat()
    }
    /// Consumes, and gives the argument back.
    pub fn send(self, other: D) -> D {
        self.0.eat();
        other
    }
    /// Borrows.
    pub fn look(&self) -> u32 {
        self.0.touch()
    }
    /// Borrows, and may fail.
    pub fn result(&self) -> Result<u32, String> {
        Ok(self.0.touch())
    }
    /// Consumes, and gives two values back.
    pub fn parts(self) -> (D, D) {
        (self.0, d("second"))
    }
    /// Consumes, and gives the inner value back.
    pub fn option(self) -> Option<D> {
        Some(self.0)
    }
    /// Consumes, and gives itself back.
    pub fn grown(self) -> Self {
        self.0.touch();
        self
    }
    /// Consumes.
    pub fn is_fine(self) -> bool {
        self.0.eat() == 0
    }
    /// Consumes, and fails.
    pub fn fails(self) -> Result<u32, String> {
        Err(format!("failed {}", self.0.eat()))
    }
}
