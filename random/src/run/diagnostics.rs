//! rustc's errors: which copy of which program they are about.

use serde_json::Value;

use crate::print::Copy;

/// An error of rustc.
#[derive(Clone, Debug)]
pub(super) struct Complaint {
    /// The number of the program and which copy; none if it is about neither.
    pub(super) about: Option<(usize, Copy)>,
    /// The error's code and words, and below them where it is.
    pub(super) text: String,
}

/// The errors in what rustc prints.
pub(super) fn complaints(output: &str) -> Vec<Complaint> {
    let messages = output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut found: Vec<Complaint> = Vec::new();
    for message in messages {
        if message["level"] == "error" {
            found.extend(complaint(&message));
        } else if let Some(last) = found.last_mut().filter(|last| last.about.is_none()) {
            // Where a constant was used whose evaluation has failed.
            last.about = about(&message);
        }
    }
    found
}

/// The copy that a message is about.
fn about(message: &Value) -> Option<(usize, Copy)> {
    message["spans"].as_array()?.iter().find_map(place)
}

fn complaint(message: &Value) -> Option<Complaint> {
    let text = message["message"].as_str()?;
    if text.starts_with("aborting due to") {
        return None;
    }
    let code = message["code"]["code"].as_str().unwrap_or("error");
    let about = about(message);
    let rendered = message["rendered"].as_str().unwrap_or_default();
    Some(Complaint { about, text: format!("{code}: {text}\n{rendered}") })
}

/// The copy that a span or the macro call it comes from is in.
fn place(span: &Value) -> Option<(usize, Copy)> {
    let own = span["file_name"].as_str().and_then(copy);
    own.or_else(|| span.get("expansion").and_then(|it| it.get("span")).and_then(place))
}

/// The copy in a file.
fn copy(file: &str) -> Option<(usize, Copy)> {
    let (number, copy) = file.strip_prefix('p')?.strip_suffix(".rs")?.split_once('_')?;
    let copy = match copy {
        "plain" => Copy::Plain,
        "machine" => Copy::Machine,
        _ => return None,
    };
    Some((number.parse().ok()?, copy))
}
