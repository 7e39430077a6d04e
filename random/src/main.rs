//! `coframe-random`: compares random programs, see the library.
#![forbid(unsafe_code)]

mod arguments;
mod session;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match session::run(&arguments::Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
