//! The sizes of the futures in a package, as rustc prints them.
//!
//! `-Zprint-type-sizes` lists the types of a crate whose layout was needed: the futures that rustc
//! makes of `async fn`s, and the frames. Both name the function.

use std::collections::BTreeMap;
use std::error::Error;

use super::package::{Package, Target};

/// The sizes of the futures of functions, by the name of the frame, in each test program.
#[derive(Debug, Default)]
pub(super) struct Sizes(BTreeMap<(String, String), Vec<u64>>);

/// The sum over the futures that were found in both copies of a package.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) futures: usize,
    pub(super) smaller: usize,
    pub(super) larger: usize,
    pub(super) before: u64,
    pub(super) after: u64,
}

impl Sizes {
    /// Compiles each target with tests once more and reads what rustc prints.
    pub(super) fn of(package: &Package) -> Result<Self, Box<dyn Error>> {
        let mut sizes = Sizes::default();
        for Target { choice, name } in &package.targets {
            let mut command = package.command("rustc");
            command.args(["--profile=test", "--quiet"]).args(choice);
            command.args(["--", "-Zprint-type-sizes", "--cap-lints=allow"]);
            // What cargo finds compiled already, in either copy, prints nothing.
            let copy = package.folder.file_name().unwrap_or_default().display();
            command.arg(format!("--cfg=measured_{}_{copy}", std::process::id()));
            let output = command.output()?;
            if !output.status.success() {
                return Err(String::from_utf8(output.stderr)?.into());
            }
            sizes.read(name, &String::from_utf8(output.stdout)?);
        }
        sizes.0.values_mut().for_each(|sizes| sizes.sort_unstable());
        Ok(sizes)
    }

    fn read(&mut self, target: &str, printed: &str) {
        for line in printed.lines() {
            let Some(rest) = line.strip_prefix("print-type-size type: `") else { continue };
            let Some((ty, size)) = rest.split_once("`: ") else { continue };
            let Some(size) = size.split(' ').next().and_then(|size| size.parse().ok()) else {
                continue;
            };
            if let Some(frame) = frame_of(ty) {
                self.0.entry((target.to_owned(), frame)).or_default().push(size);
            }
        }
    }

    /// Compares the futures of functions of which there are equally many in both copies.
    pub(super) fn sums(&self, other: &Self) -> Sums {
        let mut sums = Sums::default();
        for (function, before) in &self.0 {
            let Some(after) = other.0.get(function) else { continue };
            if before.len() != after.len() {
                continue;
            }
            sums.futures += before.len();
            let pairs = || before.iter().zip(after);
            sums.smaller += pairs().filter(|(before, after)| after < before).count();
            sums.larger += pairs().filter(|(before, after)| after > before).count();
            sums.before += before.iter().sum::<u64>();
            sums.after += after.iter().sum::<u64>();
        }
        sums
    }
}

/// The name of the frame of the function that a future is of.
fn frame_of(ty: &str) -> Option<String> {
    if let Some(rest) = ty.strip_prefix("{async fn body of ") {
        return Some(format!("__{}Frame", camel(&last_name(rest))));
    }
    let name = last_name(ty);
    (name.starts_with("__") && name.ends_with("Frame")).then_some(name)
}

/// The last name of a path, without what is in angle brackets.
fn last_name(path: &str) -> String {
    let mut depth = 0_usize;
    let mut name = String::new();
    let mut last = ' ';
    for letter in path.chars() {
        match letter {
            '<' => depth += 1,
            '>' if last != '-' => depth = depth.saturating_sub(1),
            '(' | '}' if depth == 0 => break,
            ':' if depth == 0 => name.clear(),
            letter if depth == 0 => name.push(letter),
            _ => {}
        }
        last = letter;
    }
    name
}

fn camel(name: &str) -> String {
    let words = name.trim_start_matches("r#").split('_');
    words
        .map(|word| {
            word.chars()
                .take(1)
                .flat_map(char::to_uppercase)
                .chain(word.chars().skip(1))
                .collect::<String>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Sizes, Sums};

    #[test]
    fn futures_and_frames_of_a_function_are_compared() {
        let (mut before, mut after) = (Sizes::default(), Sizes::default());
        let line =
            |ty: &str, size: u64| format!("print-type-size type: `{ty}`: {size} bytes, align\n");
        before.read("t", &line("{async fn body of <a::B<C> as D>::read_all<fn() -> u8>()}", 24));
        before.read("t", &line("{async fn body of a::only_here()}", 100));
        after.read("t", &line("<a::B<C> as D>::read_all::__ReadAllFrame<fn() -> u8>", 16));
        let sums = Sums { futures: 1, smaller: 1, larger: 0, before: 24, after: 16 };
        assert_eq!(before.sums(&after), sums);
    }
}
