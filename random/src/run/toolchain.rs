//! The compiler, and the crates that programs depend on.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{self, Command, Stdio};

use serde_json::Value;

/// What a batch is compiled with.
#[derive(Debug)]
pub struct Toolchain {
    rustc: String,
    folder: PathBuf,
    dependencies: PathBuf,
    crates: Vec<(String, PathBuf)>,
    edition: String,
}

impl Toolchain {
    /// Builds the crates that programs depend on.
    pub fn build() -> Result<Self, Box<dyn Error>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("there is no workspace")?;
        let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let output = Command::new(cargo)
            .current_dir(root)
            .args(["build", "--package", "coframe-random", "--lib", "--package", "coframe"])
            .args(["--profile", &profile()?])
            .arg("--message-format=json")
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err("the programs' dependencies do not compile".into());
        }
        let crates: Vec<(String, PathBuf)> =
            String::from_utf8(output.stdout)?.lines().filter_map(library).collect();
        let random = crates.iter().find(|found| found.0 == "coframe_random");
        let target = random.and_then(|found| found.1.parent()).ok_or("there is no library")?;
        let (folder, dependencies) = (target.join("random"), target.join("deps"));
        let rustc = env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
        Ok(Toolchain { rustc, folder, dependencies, crates, edition: "2024".to_owned() })
    }

    /// The same for programs of another edition.
    #[must_use]
    pub fn with_edition(self, edition: &str) -> Self {
        Toolchain { edition: edition.to_owned(), ..self }
    }

    /// The folder of everything that is written.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The folder of what is compiled for this process.
    pub fn process_folder(&self) -> PathBuf {
        self.folder.join(process::id().to_string())
    }

    /// The command that compiles `main.rs` in a folder to `main` there.
    pub fn compile(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.rustc);
        command
            .current_dir(folder)
            .arg(format!("--edition={}", self.edition))
            .args(["--crate-type=bin", "--error-format=json", "--cap-lints=allow"])
            .args(["-Cdebuginfo=0", "-Copt-level=0", "-Coverflow-checks=on", "-o", "main"])
            .arg("-L")
            .arg(format!("dependency={}", self.dependencies.display()));
        for (name, path) in &self.crates {
            command.arg("--extern").arg(format!("{name}={}", path.display()));
        }
        command.arg("main.rs").stdin(Stdio::null());
        command
    }
}

/// The profile of cargo that this process was compiled with, which is in the path to it.
fn profile() -> Result<String, Box<dyn Error>> {
    let program = env::current_exe()?;
    let folder = program.parent().filter(|folder| !folder.ends_with("deps"));
    let folder = folder.or_else(|| program.parent()?.parent()).and_then(Path::file_name);
    match folder.and_then(|name| name.to_str()).ok_or("the program is in no folder")? {
        "debug" => Ok("dev".to_owned()),
        name => Ok(name.to_owned()),
    }
}

/// The library in a message of cargo, if it is one of ours.
fn library(line: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(line).ok()?;
    let name = message["target"]["name"].as_str()?;
    let files = message["filenames"].as_array()?;
    let file = files.iter().filter_map(Value::as_str).find(|file| file.ends_with(".rlib"))?;
    ["coframe", "coframe_random"].contains(&name).then(|| (name.to_owned(), PathBuf::from(file)))
}
