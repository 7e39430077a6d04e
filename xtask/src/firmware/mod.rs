//! The images of `firmware/`: built, looked into, run in an emulator.
//!
//! ```text
//! build.rs       building them for the chip
//! image.rs       an image: what it takes of flash and RAM, and which functions are in it
//! emulator.rs    runs an image, and gives what it printed
//! table.rs       the same programs, by coframe, by Embassy and by hand
//! ```

mod build;
mod emulator;
mod image;
mod table;

use clap::Args;

use self::build::{CORTEX_M0, CORTEX_M3};
use self::image::Image;
use crate::toolchain::Toolchain;
use crate::{Outcome, workspace};

/// What to build with.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The compiler: `rustup` (a toolchain with the target), or `debian` (the packages `rustc-web`,
    /// `cargo-web`, `rust-web-src` and `lld`, which build the target's `core` from its source)
    /// [default: the first of them that is installed]
    #[arg(long, value_name = "NAME")]
    toolchain: Option<Toolchain>,
    /// Only print how it would be built, and fail if that is not possible
    #[arg(long)]
    probe: bool,
}

/// What the demonstration is sent, and the file with what it must print.
const INPUT: &str = "hello\nworld\ndone\n";
const TRANSCRIPT: &str = "firmware/transcript.txt";

/// Builds the images, checks them, runs them, and prints what they take.
pub(crate) fn firmware(options: &Options) -> Outcome {
    let toolchain = match options.toolchain {
        Some(toolchain) => toolchain,
        None => Toolchain::find(CORTEX_M3)?,
    };
    let emulator = emulator::version()?;
    println!("toolchain: {toolchain}, {CORTEX_M3}\nemulator: {emulator}");
    if options.probe {
        return Ok(());
    }
    build::build(toolchain, CORTEX_M3, &[])?;
    demo(&Image::read(build::image(toolchain, CORTEX_M3, "demo"), "demo")?)?;
    if toolchain.has(CORTEX_M0) {
        build::build(toolchain, CORTEX_M0, &["--features", "portable-atomic", "--bin", "demo"])?;
        let name = "demo, without compare-and-swap";
        demo(&Image::read(build::image(toolchain, CORTEX_M0, "demo"), name)?)?;
    } else {
        println!("\nskipped: the target {CORTEX_M0} is not installed");
    }
    table::print(toolchain)
}

/// The demonstration: nothing in it allocates or formats, and it prints what it did before.
fn demo(image: &Image) -> Outcome {
    println!("\n## {}\n", image.name);
    image.check()?;
    println!("no allocator, no formatting of panics");
    let (flash, memory) = (image.flash(), image.memory());
    println!("flash: {flash} bytes, RAM without the stack: {memory} bytes");
    for (section, size) in image.sections() {
        println!("  {section:<16}{size:>7}");
    }
    println!("of the flash, the executor and its pools: {} bytes", image.executor());
    let run = emulator::run(image, INPUT)?;
    println!("\n{}stack: {} bytes at most", run.printed, run.stack);
    let expected = workspace::read(TRANSCRIPT);
    if run.printed != expected {
        return Err(format!("it should have printed, as {TRANSCRIPT} says:\n{expected}").into());
    }
    println!("exit status: success");
    Ok(())
}
