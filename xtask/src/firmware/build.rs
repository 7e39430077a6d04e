//! Building images.

use std::path::PathBuf;

use crate::toolchain::Toolchain;
use crate::{Outcome, workspace};

/// What the emulated processor runs.
pub(super) const CORTEX_M3: &str = "thumbv7m-none-eabi";
/// The part of it that a Cortex-M0 has: without compare-and-swap.
pub(super) const CORTEX_M0: &str = "thumbv6m-none-eabi";

/// The folder for what a toolchain builds.
fn folder(toolchain: Toolchain) -> PathBuf {
    toolchain.folder(&workspace::root().join("firmware/target"))
}

/// Where an image is.
pub(super) fn image(toolchain: Toolchain, target: &str, name: &str) -> PathBuf {
    folder(toolchain).join(target).join("release").join(name)
}

/// Builds images for a target.
pub(super) fn build(toolchain: Toolchain, target: &str, arguments: &[&str]) -> Outcome {
    let mut command = toolchain.cargo("build", "core");
    if let Toolchain::Debian = toolchain {
        command.env("RUSTFLAGS", "-C link-arg=-Tlink.x -C linker=ld.lld");
    }
    command.args(["--release", "--locked", "--target", target, "--target-dir"]);
    command.arg(folder(toolchain)).args(arguments);
    let status = command.current_dir(workspace::root().join("firmware")).status()?;
    if status.success() { Ok(()) } else { Err("the images do not build".into()) }
}
