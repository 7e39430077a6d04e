//! A crate of the registry with the attribute on each of its `async fn`s.
//!
//! ```text
//! package.rs     the package, from the registry, and its copies below the target folder
//! functions.rs   the functions, and the text of a file with the attribute on them
//! build.rs       what the compiler refuses
//! outcomes.rs    the crate's own tests
//! sizes.rs       the sizes of the futures
//! ```

mod build;
mod functions;
mod outcomes;
mod package;
mod sizes;

use std::fmt::Write as _;
use std::fs;

use clap::Args;

use self::functions::{Skipped, SourceFile};
use self::outcomes::Outcomes;
use self::package::Package;
use self::sizes::{Sizes, Sums};
use crate::Outcome;

/// What to try.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The package, as `NAME` or `NAME@VERSION`
    package: String,
    /// The features that its tests need
    #[arg(long)]
    features: Option<String>,
    /// Leave out the default features
    #[arg(long)]
    no_default_features: bool,
    /// Arguments for the programs with the tests, as `--skip NAME`
    #[arg(last = true)]
    tests: Vec<String>,
}

impl Options {
    /// What cargo gets for each of its commands.
    fn arguments(&self) -> Vec<String> {
        let features = self.features.iter().map(|features| format!("--features={features}"));
        let none = self.no_default_features.then(|| "--no-default-features".to_owned());
        features.chain(none).collect()
    }
}

/// Gets a package, compiles and tests it without and with the attribute, and prints what was found.
pub(crate) fn drop_in(options: &Options) -> Outcome {
    let plain = Package::download(options)?;
    let before = Outcomes::of(&plain, &options.tests)?;
    let annotated = plain.copy()?;
    let mut sources = annotated.sources()?;
    let warnings = build::build(&annotated, &mut sources)?;
    let after = Outcomes::of(&annotated, &options.tests)?;
    let sums = Sizes::of(&plain)?.sums(&Sizes::of(&annotated)?);
    let report = report(&plain.title, &sources, warnings, (&before, &after), &sums);
    print!("{report}");
    fs::write(annotated.folder.with_file_name("report.md"), &report)?;
    match before.differences(&after).is_empty() {
        true => Ok(()),
        false => Err("tests differ".into()),
    }
}

fn report(
    title: &str,
    sources: &[SourceFile],
    warnings: usize,
    (before, after): (&Outcomes, &Outcomes),
    sums: &Sums,
) -> String {
    let mut report = format!("# {title}\n\n");
    let functions = || sources.iter().flat_map(|file| &file.functions);
    let refused = functions().filter(|function| function.refused.is_some()).count();
    let mut skipped = Skipped::new();
    for (reason, times) in sources.iter().flat_map(|file| &file.skipped) {
        *skipped.entry(reason.clone()).or_default() += times;
    }
    let found = functions().count() + skipped.values().sum::<usize>();
    let skipped: Vec<_> =
        skipped.iter().map(|(reason, times)| format!("{times} {reason}")).collect();
    let lines = [
        format!("{found} `async fn`s; skipped: {}", skipped.join(", ")),
        format!("annotated: {}, refused: {refused}", functions().count() - refused),
        format!("warnings in the annotated copy: {warnings}"),
        format!("tests that pass: {} of {} before", before.passed(), before.count()),
        format!("tests that pass: {} of {} with the attribute", after.passed(), after.count()),
        format!(
            "sizes of {} futures in test programs: {} bytes before, {} with the attribute ({} smaller, {} larger)",
            sums.futures, sums.before, sums.after, sums.smaller, sums.larger
        ),
    ];
    lines.iter().for_each(|line| _ = writeln!(report, "* {line}"));
    for difference in before.differences(after) {
        _ = writeln!(report, "* differs: {difference}");
    }
    for file in sources {
        for function in &file.functions {
            if let Some(reason) = &function.refused {
                let line = file.line(function);
                let (path, name) = (&file.path, &function.name);
                _ = writeln!(report, "\n## `{name}`, {path}:{line}\n\n```text\n{reason}```");
            }
        }
    }
    report
}
