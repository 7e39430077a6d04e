//! The crate has tests only: see `tests/edition_2021.rs`.
