//! The suites with more than one thread, under ThreadSanitizer.
//!
//! What it sees must be instrumented, the standard library too, as locks and channels are made there.
//! So that is built from its source: by a nightly toolchain with `rust-src`, or by Debian's compiler,
//! to which the sanitizer's own library of any toolchain is linked.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::toolchain::Toolchain;
use crate::{Outcome, workspace};

/// The only system that is tried.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// The suites with more than one thread: wakes from others, threads for what blocks, look-ups, files
/// on drivers that have threads for them, the executor.
const SUITES: &[&str] = &[
    "runtime_io_uring",
    "runtime_epoll",
    "runtime_threads",
    "runtime_signals",
    "random_ends",
    "executor",
];

/// Who builds the standard library with the sanitizer.
enum Builder {
    /// A nightly toolchain of rustup's, with the source of its library.
    Nightly,
    /// Debian's compiler, with the sanitizer's library of the toolchain in use.
    Debian(PathBuf),
}

/// Runs the suites. It is skipped where there is nothing to build them with.
pub(crate) fn thread_sanitizer() -> Outcome {
    let Some(builder) = Builder::find() else {
        println!(
            "skipped: it needs `rustup +nightly component add rust-src`, or on Debian \
             `apt-get install rustc-web cargo-web rust-web-src lld`"
        );
        return Ok(());
    };
    let mut cargo = builder.cargo();
    cargo.args(["--target", TARGET, "-p", "coframe-tests", "--no-fail-fast"]);
    cargo.args(SUITES.iter().flat_map(|suite| ["--test", suite]));
    cargo.env("CARGO_ENCODED_RUSTFLAGS", builder.flags().join("\x1f"));
    // One test asks for more memory than there is.
    cargo.env("TSAN_OPTIONS", "allocator_may_return_null=1");
    if cargo.current_dir(workspace::root()).status()?.success() {
        return Ok(());
    }
    Err("the suites failed under ThreadSanitizer".into())
}

impl Builder {
    fn find() -> Option<Self> {
        if source_of("rustc", &["+nightly"]).is_some() {
            return Some(Builder::Nightly);
        }
        Toolchain::Debian.has(TARGET).then_some(())?;
        library_in(&sysroot("rustc", &[])?).map(Builder::Debian)
    }

    fn cargo(&self) -> Command {
        let folder = workspace::root().join("target/thread-sanitizer");
        let libraries = "std,panic_unwind,test";
        let mut cargo = match self {
            Builder::Nightly => {
                let mut cargo = Command::new("cargo");
                cargo.args(["+nightly", "test", &format!("-Zbuild-std={libraries}")]);
                // That of `cargo xtask` names another toolchain.
                cargo.env_remove("RUSTC").env_remove("RUSTUP_TOOLCHAIN");
                cargo
            }
            Builder::Debian(_) => Toolchain::Debian.cargo("test", libraries),
        };
        let folder = match self {
            Builder::Nightly => folder,
            Builder::Debian(_) => Toolchain::Debian.folder(&folder),
        };
        cargo.arg("--target-dir").arg(folder);
        cargo
    }

    fn flags(&self) -> Vec<String> {
        let mut flags = vec!["-Zsanitizer=thread".to_owned()];
        if let Builder::Debian(library) = self {
            // Before the C library, whose functions it replaces.
            let library = library.display().to_string();
            let arguments = ["-Wl,--whole-archive", &library, "-Wl,--no-whole-archive"];
            flags.push("-Zexternal-clangrt".to_owned());
            flags.extend(arguments.map(|argument| format!("-Zpre-link-arg={argument}")));
        }
        flags
    }
}

/// Where a compiler has its libraries.
fn sysroot(compiler: &str, arguments: &[&str]) -> Option<PathBuf> {
    let output = Command::new(compiler).args(arguments).arg("--print=sysroot").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(text.trim()))
}

/// The source of a compiler's library, if it is there.
fn source_of(compiler: &str, arguments: &[&str]) -> Option<PathBuf> {
    let source = sysroot(compiler, arguments)?.join("lib/rustlib/src/rust/library/std");
    source.is_dir().then_some(source)
}

/// The sanitizer's own library, which comes with each toolchain of rustup's.
fn library_in(sysroot: &Path) -> Option<PathBuf> {
    let folder = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    let is_library = |path: &PathBuf| path.to_string_lossy().ends_with("_rt.tsan.a");
    folder.read_dir().ok()?.filter_map(|entry| Some(entry.ok()?.path())).find(is_library)
}
