//! Who compiles for the chip.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

use crate::{Outcome, workspace};

/// What the emulated processor runs.
pub(super) const CORTEX_M3: &str = "thumbv7m-none-eabi";
/// The part of it that a Cortex-M0 has: without compare-and-swap.
pub(super) const CORTEX_M0: &str = "thumbv6m-none-eabi";

/// A compiler and the target's `core`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Toolchain {
    /// The toolchain in use, in which the target is installed.
    Rustup,
    /// Debian's compiler for the web, which builds `core`.
    Debian,
}

impl Toolchain {
    /// The first one that is installed.
    pub(super) fn find() -> Result<Self, String> {
        let all = [Toolchain::Rustup, Toolchain::Debian];
        all.into_iter().find(|toolchain| toolchain.has(CORTEX_M3)).ok_or_else(|| {
            format!(
                "no compiler for {CORTEX_M3}: `rustup target add {CORTEX_M3}`, or on Debian \
                 `apt-get install rustc-web cargo-web rust-web-src lld`"
            )
        })
    }

    /// Whether it is installed, and can build for a target.
    pub(super) fn has(self, target: &str) -> bool {
        match self {
            Toolchain::Rustup => {
                let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
                let output = Command::new(rustc)
                    .args(["--print=target-libdir", "--target", target])
                    .output();
                output.is_ok_and(|output| {
                    let folder = String::from_utf8_lossy(&output.stdout);
                    output.status.success() && Path::new(folder.trim()).is_dir()
                })
            }
            Toolchain::Debian => {
                ["/usr/bin/cargo", "/usr/bin/rustc", "/usr/bin/ld.lld"]
                    .iter()
                    .all(|path| Path::new(path).exists())
                    && self.source().is_some_and(|source| source.is_dir())
            }
        }
    }

    /// The source of `core` that belongs to Debian's compiler.
    fn source(self) -> Option<PathBuf> {
        let output = Command::new("/usr/bin/rustc").arg("--print=sysroot").output().ok()?;
        let root = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
        Some(root.join("lib/rustlib/src/rust/library/core"))
    }

    /// The folder for what is built: compilers do not share one.
    fn folder(self) -> PathBuf {
        let name = match self {
            Toolchain::Rustup => "target",
            Toolchain::Debian => "target/debian",
        };
        workspace::root().join("firmware").join(name)
    }

    /// Where an image is.
    pub(super) fn image(self, target: &str, name: &str) -> PathBuf {
        self.folder().join(target).join("release").join(name)
    }

    /// Builds images for a target.
    pub(super) fn build(self, target: &str, arguments: &[&str]) -> Outcome {
        let status = self.command().args(["--target", target]).args(arguments).status()?;
        if status.success() { Ok(()) } else { Err("the images do not build".into()) }
    }

    fn command(self) -> Command {
        let arguments = ["build", "--release", "--locked", "--target-dir"];
        let mut command = match self {
            Toolchain::Rustup => {
                Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            }
            Toolchain::Debian => {
                let mut command = Command::new("/usr/bin/cargo");
                // `-Z` on a compiler that is not a nightly one.
                command.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
                command.env("RUSTFLAGS", "-C link-arg=-Tlink.x -C linker=ld.lld");
                command.env_remove("RUSTUP_TOOLCHAIN");
                command.arg("-Zbuild-std=core");
                command
            }
        };
        command.args(arguments).arg(self.folder());
        command.current_dir(workspace::root().join("firmware"));
        command
    }
}

impl FromStr for Toolchain {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "rustup" => Ok(Toolchain::Rustup),
            "debian" => Ok(Toolchain::Debian),
            _ => Err("expected `rustup` or `debian`".to_owned()),
        }
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Toolchain::Rustup => write!(f, "rustup, with the target {CORTEX_M3}"),
            Toolchain::Debian => write!(f, "Debian's rustc-web, which builds core for {CORTEX_M3}"),
        }
    }
}
