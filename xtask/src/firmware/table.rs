//! The same programs, by coframe, by Embassy and by hand.

use std::error::Error;

use super::build::{self, CORTEX_M3};
use super::{Image, emulator};
use crate::Outcome;
use crate::toolchain::Toolchain;

/// The programs, and what they are sent.
const PROGRAMS: &[(&str, &str)] =
    &[("echo", "hello\nworld\nquit\n"), ("sampler", ""), ("pipeline", ""), ("crowd", "")];

/// How they are written: the end of the image's name, and the row of the table.
const VARIANTS: &[(&str, &str)] = &[
    ("coframe", "coframe"),
    ("embassy", "Embassy, plain `async fn`"),
    ("by-hand", "by hand, a super-loop"),
    ("embassy-coroutine", "Embassy, `#[coroutine]`"),
    ("coframe-plain", "coframe's executor, plain `async fn`"),
];

/// What one program takes.
struct Taken {
    flash: u64,
    memory: u64,
    stack: u64,
}

/// By how many hundredths more flash coframe may take than Embassy: compilers differ.
const MORE_FLASH: u64 = 3;

/// Runs all programs, which must print the same in each variant, and prints what they take. Fails if
/// coframe takes more RAM than Embassy, or much more flash.
pub(super) fn print(toolchain: Toolchain) -> Outcome {
    println!("\n## The same programs, bytes\n");
    println!("| program | written for | flash | static RAM | stack | RAM with stack |");
    println!("|---|---|---:|---:|---:|---:|");
    for (program, input) in PROGRAMS {
        let taken = rows(toolchain, program, input)?;
        for ((_, variant), Taken { flash, memory, stack }) in VARIANTS.iter().zip(&taken) {
            let all = memory + stack;
            println!("| {program} | {variant} | {flash} | {memory} | {stack} | {all} |");
        }
        let (ours, embassy) = (&taken[0], &taken[1]);
        if ours.memory > embassy.memory {
            return Err(format!("{program} takes more RAM than with Embassy").into());
        }
        if ours.flash * 100 > embassy.flash * (100 + MORE_FLASH) {
            return Err(format!("{program} takes much more flash than with Embassy").into());
        }
    }
    Ok(())
}

fn rows(toolchain: Toolchain, program: &str, input: &str) -> Result<Vec<Taken>, Box<dyn Error>> {
    let mut printed: Option<String> = None;
    let mut taken = Vec::new();
    for (variant, _) in VARIANTS {
        let name = format!("{program}-{variant}");
        let image = Image::read(build::image(toolchain, CORTEX_M3, &name), &name)?;
        let run = emulator::run(&image, input)?;
        let first = printed.get_or_insert_with(|| run.printed.clone());
        if *first != run.printed {
            return Err(format!("{} printed\n{}and not\n{first}", image.name, run.printed).into());
        }
        taken.push(Taken { flash: image.flash(), memory: image.memory(), stack: run.stack });
    }
    Ok(taken)
}
