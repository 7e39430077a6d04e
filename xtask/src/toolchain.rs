//! Who compiles for another machine.

use std::env;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;

/// A compiler and the libraries of a target.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Toolchain {
    /// The toolchain in use, in which the target is installed.
    Rustup,
    /// Debian's compiler for the web, which builds the libraries from their source.
    Debian,
}

impl Toolchain {
    /// The first one that is installed and can build for a target.
    pub(crate) fn find(target: &str) -> Result<Self, String> {
        let all = [Toolchain::Rustup, Toolchain::Debian];
        all.into_iter().find(|toolchain| toolchain.has(target)).ok_or_else(|| {
            format!(
                "no compiler for {target}: `rustup target add {target}`, or on Debian \
                 `apt-get install rustc-web cargo-web rust-web-src lld`"
            )
        })
    }

    /// Whether it is installed, and can build for a target.
    pub(crate) fn has(self, target: &str) -> bool {
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

    /// `cargo` with a command, and the libraries to build where they do not come with the compiler.
    pub(crate) fn cargo(self, command: &str, libraries: &str) -> Command {
        match self {
            Toolchain::Rustup => {
                let mut cargo =
                    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
                cargo.arg(command);
                cargo
            }
            Toolchain::Debian => {
                let mut cargo = Command::new("/usr/bin/cargo");
                // `-Z` on a compiler that is not a nightly one.
                cargo.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
                cargo.env_remove("RUSTUP_TOOLCHAIN");
                cargo.arg(command).arg(format!("-Zbuild-std={libraries}"));
                cargo
            }
        }
    }

    /// The folder for what is built, in one for all compilers: they do not share one.
    pub(crate) fn folder(self, all: &Path) -> PathBuf {
        match self {
            Toolchain::Rustup => all.to_owned(),
            Toolchain::Debian => all.join("debian"),
        }
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
        f.write_str(match self {
            Toolchain::Rustup => "rustup, with the target",
            Toolchain::Debian => "Debian's rustc-web, which builds the target's libraries",
        })
    }
}
