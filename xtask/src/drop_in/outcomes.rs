//! Runs the tests of a package.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};

use super::package::Package;

/// What became of each test, by the file it is in and its name.
#[derive(Debug, Default)]
pub(super) struct Outcomes(BTreeMap<String, String>);

impl Outcomes {
    /// Runs all tests; `arguments` are for the program with the tests.
    pub(super) fn of(package: &Package, arguments: &[String]) -> Result<Self, Box<dyn Error>> {
        let path = package.folder.with_extension("log");
        let log = File::create(&path)?;
        let mut command = package.command("test");
        command.args(["--tests", "--no-fail-fast", "--"]).args(arguments);
        command.stdout(log.try_clone()?).stderr(log).status()?;
        let outcomes = Outcomes::parse(&fs::read_to_string(&path)?);
        match outcomes.0.is_empty() {
            true => Err(format!("no test was run, see {}", path.display()).into()),
            false => Ok(outcomes),
        }
    }

    fn parse(log: &str) -> Self {
        let mut outcomes = BTreeMap::new();
        let mut program = "";
        for line in log.lines().map(str::trim) {
            if let Some(rest) = line.strip_prefix("Running ") {
                program = rest.split(" (").next().unwrap_or_default();
            } else if let Some(rest) = line.strip_prefix("test ")
                && let Some((name, outcome)) = rest.split_once(" ... ")
            {
                outcomes.insert(format!("{program} {name}"), outcome.to_owned());
            }
        }
        Outcomes(outcomes)
    }

    pub(super) fn passed(&self) -> usize {
        self.0.values().filter(|outcome| *outcome == "ok").count()
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    /// The tests whose outcome is another than in `self`, with both.
    pub(super) fn differences(&self, other: &Self) -> Vec<String> {
        let mut names: Vec<_> = self.0.keys().chain(other.0.keys()).collect();
        names.sort();
        names.dedup();
        let of = |outcomes: &Self, name: &str| {
            outcomes.0.get(name).map_or_else(|| "not run".to_owned(), Clone::clone)
        };
        let pairs = names.into_iter().map(|name| (name, of(self, name), of(other, name)));
        let different = pairs.filter(|(_, before, after)| before != after);
        different.map(|(name, before, after)| format!("{name}: {before}, then {after}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Outcomes;

    #[test]
    fn outcomes_are_compared_by_file_and_name() {
        let log = "     Running unittests src/lib.rs (deps/a-1)\n\ntest a ... ok\ntest b ... ok\n\
                   \x20    Running tests/b.rs (deps/b-1)\ntest b ... FAILED\n";
        let (before, after) = (Outcomes::parse(log), Outcomes::parse(&log.replace("FAILED", "ok")));
        assert_eq!((before.passed(), before.count()), (2, 3));
        assert_eq!(before.differences(&before), Vec::<String>::new());
        assert_eq!(before.differences(&after), ["tests/b.rs b: FAILED, then ok"]);
    }
}
