//! Builds an annotated package, and takes the attribute off the functions that do not compile.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use super::functions::SourceFile;
use super::package::{Package, text};

/// One pass of the compiler over the package.
struct Messages {
    is_built: bool,
    errors: Vec<Value>,
    warnings: usize,
}

/// Writes the sources with the attribute and builds them, without the functions whose code has
/// errors, until the package compiles. Gives the number of warnings.
pub(super) fn build(
    package: &Package,
    sources: &mut [SourceFile],
) -> Result<usize, Box<dyn Error>> {
    loop {
        for file in sources.iter() {
            fs::write(package.folder.join(&file.path), file.annotated())?;
        }
        let messages = compile(package)?;
        if messages.is_built {
            return Ok(messages.warnings);
        }
        let refused = refuse(sources, &messages.errors);
        eprintln!("{}: {refused} functions do not compile with the attribute", package.title);
        if refused == 0 {
            let others: Vec<String> =
                messages.errors.iter().map(|error| text(&error["rendered"])).collect();
            return Err(format!("errors elsewhere:\n{}", others.join("\n")).into());
        }
    }
}

/// Compiles all tests.
fn compile(package: &Package) -> Result<Messages, Box<dyn Error>> {
    let mut command = package.command("test");
    command.args(["--tests", "--no-run", "--message-format=json"]);
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut messages = Messages { is_built: false, errors: Vec::new(), warnings: 0 };
    for line in BufReader::new(child.stdout.take().expect("it is piped")).lines() {
        let Ok(mut message) = serde_json::from_str::<Value>(&line?) else { continue };
        if message["reason"] != "compiler-message" {
            continue;
        }
        let diagnostic = message["message"].take();
        match diagnostic["level"].as_str() {
            Some("error") if has_place(&diagnostic) => messages.errors.push(diagnostic),
            Some("warning") if has_place(&diagnostic) => messages.warnings += 1,
            _ => {}
        }
    }
    messages.is_built = child.wait()?.success();
    Ok(messages)
}

/// The last words of the compiler (`aborting due to ..`) have no place.
fn has_place(diagnostic: &Value) -> bool {
    !places(diagnostic).is_empty()
}

/// All places of a diagnostic as files and offsets, the most telling first.
fn places(diagnostic: &Value) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let spans = diagnostic["spans"].as_array().map_or(&[][..], Vec::as_slice);
    for is_primary in [true, false] {
        for span in spans.iter().filter(|span| span["is_primary"] == is_primary) {
            let mut span = span;
            while span.is_object() {
                let start = span["byte_start"].as_u64().unwrap_or_default();
                found.push((text(&span["file_name"]), start as usize));
                span = &span["expansion"]["span"];
            }
        }
    }
    for child in diagnostic["children"].as_array().into_iter().flatten() {
        found.extend(places(child));
    }
    found
}

/// The function that an error is in, as the numbers of its file and its own.
fn place_of(sources: &[SourceFile], error: &Value) -> Option<(usize, usize)> {
    places(error).into_iter().find_map(|(path, offset)| {
        let file = sources.iter().position(|file| file.path == path)?;
        Some((file, sources[file].function_at(offset)?))
    })
}

/// Takes the attribute off the functions that errors are in, and says how many there are. If there
/// are several errors in a function, the first is the reason.
fn refuse(sources: &mut [SourceFile], errors: &[Value]) -> usize {
    let places: Vec<_> = errors.iter().map(|error| place_of(sources, error)).collect();
    let mut refused = 0;
    for (place, error) in places.into_iter().zip(errors) {
        let Some((file, function)) = place else { continue };
        let function = &mut sources[file].functions[function];
        if function.refused.is_none() {
            function.refused = Some(text(&error["rendered"]));
            refused += 1;
        }
    }
    refused
}
