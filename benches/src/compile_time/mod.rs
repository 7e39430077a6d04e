//! The time that rustc takes for functions of real life, plain and under `#[coroutine]`.
//!
//! ```text
//! shapes/world.rs       what the functions talk to
//! shapes/functions.rs   eight functions, of which each crate has as many copies as are asked for
//! shapes/calls.rs       what polls them, so that code is generated for them
//! ```

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const WORLD: &str = include_str!("shapes/world.rs");
const FUNCTIONS: &str = include_str!("shapes/functions.rs");
const CALLS: &str = include_str!("shapes/calls.rs");

/// How many functions `shapes/functions.rs` has.
pub const SHAPES: usize = 8;

/// A crate with the functions.
#[derive(Debug)]
pub struct Crate {
    folder: PathBuf,
    name: &'static str,
}

impl Crate {
    /// Writes a crate with `copies` of each function, with `attribute` on them.
    pub fn write(
        root: &Path,
        name: &'static str,
        attribute: &str,
        copies: usize,
    ) -> Result<Self, Box<dyn Error>> {
        let folder = root.join(name);
        fs::create_dir_all(folder.join("src"))?;
        let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("runtime");
        let manifest = format!(
            "[workspace]\n[package]\nname = \"{name}\"\nedition = \"2024\"\n\
             [dependencies.coframe]\npath = {:?}\ndefault-features = false\n",
            runtime.display().to_string()
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        let mut code =
            format!("#![allow(dead_code)]\npub mod world {{\n{WORLD}\n}}\nuse world::*;\n");
        for number in 1..=copies {
            let both = format!("{FUNCTIONS}{CALLS}");
            let both = both.replace("ATTRIBUTE", attribute);
            code.push_str(&both.replace("NUMBER", &number.to_string()));
        }
        fs::write(folder.join("src/lib.rs"), code)?;
        Ok(Crate { folder, name })
    }

    /// Builds the crate alone, its dependencies being there, and gives the time that took.
    pub fn build(&self, is_release: bool) -> Result<Duration, Box<dyn Error>> {
        let target = self.folder.with_file_name("target");
        let mut clean = cargo(&self.folder, &target);
        clean.args(["clean", "--package", self.name]).args(is_release.then_some("--release"));
        succeed(&mut clean)?;
        let mut build = cargo(&self.folder, &target);
        build.arg("build").args(is_release.then_some("--release"));
        let start = Instant::now();
        succeed(&mut build)?;
        Ok(start.elapsed())
    }
}

fn cargo(folder: &Path, target: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder).arg("--quiet").stdout(Stdio::null());
    command.env("CARGO_TARGET_DIR", target).env("CARGO_INCREMENTAL", "0");
    command
}

fn succeed(command: &mut Command) -> Result<(), Box<dyn Error>> {
    match command.status()?.success() {
        true => Ok(()),
        false => Err(format!("{command:?} failed").into()),
    }
}
