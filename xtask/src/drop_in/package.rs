//! A package of the registry: its copies, and cargo's commands in them.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::Options;
use super::functions::SourceFile;
use crate::{Outcome, workspace};

/// Where packages are kept: below the target folder.
fn folder() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    workspace::root().join(target).join("drop-in")
}

/// Runs cargo and gives what it prints, which ends in an error if cargo does.
fn output(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let output = command.stderr(Stdio::inherit()).output()?;
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout)?),
        false => Err(format!("{command:?} failed").into()),
    }
}

fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder).env("CARGO_TARGET_DIR", self::folder().join("target"));
    command
}

/// A copy of a package.
#[derive(Debug)]
pub(super) struct Package {
    pub(super) folder: PathBuf,
    /// `name version`.
    pub(super) title: String,
    arguments: Vec<String>,
    /// Its targets with tests.
    pub(super) targets: Vec<Target>,
}

/// A target with tests.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The arguments that choose it.
    pub(super) choice: Vec<String>,
    /// The name of its crate.
    pub(super) name: String,
}

impl Package {
    /// Gets a package from the registry, and copies it.
    pub(super) fn download(options: &Options) -> Result<Self, Box<dyn Error>> {
        let (name, version) = match options.package.split_once('@') {
            Some((name, version)) => (name, format!("={version}")),
            None => (options.package.as_str(), "*".to_owned()),
        };
        let user = folder().join("user").join(name);
        fs::create_dir_all(&user)?;
        fs::write(user.join("lib.rs"), "")?;
        let manifest = format!(
            "[workspace]\n[package]\nname = \"user-of-one\"\nedition = \"2024\"\n\
             [lib]\npath = \"lib.rs\"\n[dependencies]\n\"{name}\" = \"{version}\"\n"
        );
        fs::write(user.join("Cargo.toml"), manifest)?;
        let metadata = output(cargo(&user).args(["metadata", "--format-version=1"]))?;
        let metadata: Value = serde_json::from_str(&metadata)?;
        let packages = metadata["packages"].as_array().ok_or("cargo lists packages")?;
        let direct = packages.iter().filter(|package| package["name"] == name);
        let newest = direct.max_by_key(|package| order(&package["version"]));
        let package = newest.ok_or_else(|| format!("no package `{name}`"))?;
        let (version, manifest) = (text(&package["version"]), text(&package["manifest_path"]));
        let source = Path::new(&manifest).parent().ok_or("a manifest is in a folder")?;
        let mut copy = Package {
            folder: folder().join(format!("{name}-{version}")).join("plain"),
            title: format!("{name} {version}"),
            arguments: options.arguments(),
            targets: Vec::new(),
        };
        copy_folder(source, &copy.folder)?;
        copy.depend_on_coframe()?;
        copy.targets = targets(&copy.folder)?;
        Ok(copy)
    }

    /// Copies the package, with the versions of its dependencies.
    pub(super) fn copy(&self) -> Result<Self, Box<dyn Error>> {
        let folder = self.folder.with_file_name("annotated");
        copy_folder(&self.folder, &folder)?;
        let (title, arguments) = (self.title.clone(), self.arguments.clone());
        Ok(Package { folder, title, arguments, targets: self.targets.clone() })
    }

    /// Makes coframe a dependency, and lets cargo choose the versions of all.
    fn depend_on_coframe(&self) -> Outcome {
        let runtime = workspace::root().join("runtime").display().to_string();
        let path = self.folder.join("Cargo.toml");
        let manifest = fs::read_to_string(&path)?;
        let added =
            format!("[dependencies.coframe]\npath = {runtime:?}\ndefault-features = false\n");
        fs::write(path, format!("{manifest}\n[workspace]\n{added}"))?;
        match self.folder.join("Cargo.lock") {
            lock if lock.exists() => Ok(fs::remove_file(lock)?),
            _ => Ok(()),
        }
    }

    /// The files with `async fn`s in them.
    pub(super) fn sources(&self) -> Result<Vec<SourceFile>, Box<dyn Error>> {
        let mut found = Vec::new();
        for part in ["src", "tests"] {
            collect(&self.folder.join(part), &self.folder, &mut found)?;
        }
        found.retain(|file| !file.functions.is_empty() || !file.skipped.is_empty());
        Ok(found)
    }

    /// Cargo's command `name` with the arguments for the package, whose own crates may use options
    /// that are not stable.
    pub(super) fn command(&self, name: &str) -> Command {
        let crates: Vec<&str> = self.targets.iter().map(|target| target.name.as_str()).collect();
        let mut command = cargo(&self.folder);
        command.env("RUSTC_BOOTSTRAP", crates.join(","));
        command.arg(name).args(&self.arguments);
        command
    }
}

/// The targets with tests of the package in a folder.
fn targets(folder: &Path) -> Result<Vec<Target>, Box<dyn Error>> {
    let metadata = output(cargo(folder).args(["metadata", "--no-deps", "--format-version=1"]))?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let targets = metadata["packages"][0]["targets"].as_array().ok_or("cargo lists targets")?;
    let tested = targets.iter().filter(|target| target["test"] == true);
    let chosen = tested.filter_map(|target| {
        let name = text(&target["name"]);
        let choice = match text(&target["kind"][0]).as_str() {
            "test" => vec!["--test".to_owned(), name.clone()],
            "lib" | "rlib" => vec!["--lib".to_owned()],
            _ => return None,
        };
        Some(Target { choice, name: name.replace('-', "_") })
    });
    Ok(chosen.collect())
}

/// The text of a value that is text.
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What versions are compared by.
fn order(version: &Value) -> Vec<u64> {
    text(version).split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
}

/// Copies a folder to where there may be an old copy.
fn copy_folder(from: &Path, to: &Path) -> Outcome {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_folder(&entry.path(), &target)?,
            false => fs::write(target, fs::read(entry.path())?)?,
        }
    }
    Ok(())
}

fn collect(folder: &Path, root: &Path, found: &mut Vec<SourceFile>) -> Outcome {
    if !folder.is_dir() {
        return Ok(());
    }
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, root, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root)?.display().to_string();
            found.push(SourceFile::parse(name, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}
