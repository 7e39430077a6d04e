//! Lifetimes in an edition in which `impl Trait` captures only what is named.

#[path = "../../tests/differential_lifetimes.rs"]
mod differential_lifetimes;
