//! A package as cargo knows it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::{Outcome, Selection};

/// A package, with what can be compiled of it.
#[derive(Debug)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its `Cargo.toml`.
    pub(crate) manifest: PathBuf,
    /// Where this program builds.
    pub(crate) build: PathBuf,
    /// The library and the binaries that were selected.
    pub(crate) targets: Vec<Target>,
}

/// A part of a package that is compiled on its own.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// `lib`, `bin` or `example`.
    pub(crate) kind: &'static str,
    /// Its name.
    pub(crate) name: String,
}

/// The cargo that runs this program.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")))
}

impl Package {
    /// The package that is meant.
    pub(crate) fn find(selection: &Selection) -> Outcome<Self> {
        let mut command = cargo();
        command.args(["metadata", "--no-deps", "--format-version", "1"]);
        if let Some(manifest) = &selection.manifest_path {
            command.arg("--manifest-path").arg(manifest);
        }
        let output = command.output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned().into());
        }
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        let packages = metadata["packages"].as_array().ok_or("cargo told of no packages")?;
        let package = choose(packages, selection)?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let build = Path::new(&text(&metadata["target_directory"])).join("coframe");
        let targets = package["targets"].as_array().into_iter().flatten().filter_map(target);
        let targets: Vec<Target> = targets.filter(|target| target.is_selected(selection)).collect();
        let name = text(&package["name"]);
        if targets.is_empty() {
            return Err(format!("`{name}` has no such target").into());
        }
        let manifest = PathBuf::from(text(&package["manifest_path"]));
        Ok(Package { name, manifest, build, targets })
    }

    /// The Rust files of the package.
    pub(crate) fn sources(&self) -> Vec<PathBuf> {
        let root = self.manifest.parent().unwrap_or(Path::new("."));
        let mut files = Vec::new();
        for folder in ["src", "examples", "tests", "benches"] {
            collect(&root.join(folder), &mut files);
        }
        files.sort();
        files
    }
}

impl Target {
    fn is_selected(&self, selection: &Selection) -> bool {
        match (&selection.bin, selection.lib) {
            (Some(name), _) => self.kind != "lib" && self.name == *name,
            (None, true) => self.kind == "lib",
            (None, false) => self.kind != "example",
        }
    }

    /// The name of the crate.
    pub(crate) fn crate_name(&self) -> String {
        self.name.replace('-', "_")
    }
}

/// The package of a workspace that is meant.
fn choose<'a>(packages: &'a [Value], selection: &Selection) -> Outcome<&'a Value> {
    let name = |package: &Value| package["name"].as_str().unwrap_or_default().to_owned();
    if let Some(wanted) = &selection.package {
        let found = packages.iter().find(|package| name(package) == *wanted);
        return found.ok_or_else(|| format!("there is no package `{wanted}`").into());
    }
    let here = match &selection.manifest_path {
        Some(manifest) => fs::canonicalize(manifest)?,
        None => env::current_dir()?.join("Cargo.toml"),
    };
    let is_here = |package: &&Value| {
        package["manifest_path"].as_str().is_some_and(|path| Path::new(path) == here)
    };
    match (packages.iter().find(is_here), packages) {
        (Some(package), _) | (None, [package]) => Ok(package),
        (None, several) => {
            let names: Vec<String> = several.iter().map(name).collect();
            Err(format!("choose a package with `-p`: {}", names.join(", ")).into())
        }
    }
}

fn target(value: &Value) -> Option<Target> {
    let kinds = value["kind"].as_array()?;
    let kind = kinds.iter().find_map(|kind| match kind.as_str()? {
        "bin" => Some("bin"),
        "example" => Some("example"),
        "lib" | "rlib" | "dylib" | "staticlib" | "cdylib" => Some("lib"),
        _ => None,
    })?;
    Some(Target { kind, name: value["name"].as_str()?.to_owned() })
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for path in entries.map(|entry| entry.path()) {
        match path.is_dir() {
            true => collect(&path, files),
            false if path.extension().is_some_and(|extension| extension == "rs") => {
                files.push(path);
            }
            false => {}
        }
    }
}
