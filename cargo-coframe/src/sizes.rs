//! The table of all frames, and the check of a limit.

use std::process::ExitCode;

use crate::Outcome;
use crate::report::Reported;

/// The path of a function.
pub(crate) fn path(reported: &Reported) -> String {
    format!("{}::{}", reported.path, reported.layout.name)
}

/// Where a function is.
fn place(reported: &Reported) -> String {
    let line = reported.layout.states.first().map_or(0, |state| state.line);
    format!("{}:{line}", reported.layout.file)
}

/// The three largest fields.
fn largest(reported: &Reported) -> String {
    let mut fields: Vec<_> = reported.layout.fields.iter().collect();
    fields.sort_by_key(|field| usize::MAX - field.size);
    let fields = fields.iter().take(3).map(|field| format!("{} {}", field.name, field.size));
    fields.collect::<Vec<_>>().join(", ")
}

/// Prints a line for each frame.
pub(crate) fn print(reported: &[Reported]) {
    let paths: Vec<String> = reported.iter().map(path).collect();
    let places: Vec<String> = reported.iter().map(place).collect();
    let wide = |texts: &[String], head: &str| {
        texts.iter().map(String::len).chain([head.len()]).max().unwrap_or_default()
    };
    let (path_width, place_width) = (wide(&paths, "function"), wide(&places, "at"));
    println!(
        "{:>8}  {:>8}  {:path_width$}  {:place_width$}  largest fields",
        "frame", "rustc", "function", "at"
    );
    for ((reported, path), place) in reported.iter().zip(&paths).zip(&places) {
        let plain = reported.plain.map_or("-".to_owned(), |size| size.to_string());
        let (size, largest) = (reported.layout.size, largest(reported));
        println!("{size:>8}  {plain:>8}  {path:path_width$}  {place:place_width$}  {largest}");
    }
}

/// The frames of the functions of this name, or whose path ends so.
pub(crate) fn named(reported: &[Reported], name: &str) -> Outcome<Vec<Reported>> {
    let is_named = |reported: &&Reported| {
        let path = path(reported);
        path == name || path.ends_with(&format!("::{name}"))
    };
    let found: Vec<Reported> = reported.iter().filter(is_named).copied().collect();
    if found.is_empty() {
        let known: Vec<String> = reported.iter().map(path).collect();
        return Err(
            format!("no coroutine `{name}` is compiled; there are: {}", known.join(", ")).into()
        );
    }
    Ok(found)
}

/// Prints the frames that are too large; fails if there are any.
pub(crate) fn check(reported: &[Reported], max: usize) -> ExitCode {
    let too_large: Vec<&Reported> = reported.iter().filter(|r| r.layout.size > max).collect();
    for reported in &too_large {
        let (path, place, size) = (path(reported), place(reported), reported.layout.size);
        println!("{path} ({place}) has {size} bytes, the limit is {max}: {}", largest(reported));
    }
    println!("{} of {} frames are larger than {max} bytes", too_large.len(), reported.len());
    if too_large.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
