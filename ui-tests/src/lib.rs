//! What the compiler says about coroutines: programs that it rejects, each with what it prints, and
//! programs that it accepts.
//!
//! * `fail/<topic>/<case>.rs` is rejected, and `<case>.stderr` is what rustc prints. A message of
//!   the macro has a case of the name of its constructor in the catalogue of diagnostics.
//! * `pass/<topic>/<case>.rs` is accepted, and its `main` runs.
//! * `parked/fail/<topic>/<case>.rs` is rejected, but what rustc prints is not what it should: the
//!   mistake is reported twice, or in words about generated code. These do not run. One that is
//!   put right moves to `fail/`.
//! * `once/` holds mistakes, each a function, that are to be reported as in a plain function: the
//!   same errors, once, in the same lines.
//!
//! The words of rustc change with its version, so they are compared under one version only, see
//! `tests/cases.rs`. `cargo xtask bless` writes them anew.
#![forbid(unsafe_code)]
