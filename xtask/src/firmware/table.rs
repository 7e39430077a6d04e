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

/// What is compared for one program only.
const OTHERS: &[(&str, &str, &str)] =
    &[("pipeline", "by-hand-channel", "by hand, with the channel of the others")];

/// By how many hundredths more RAM coframe may take than code by hand.
const MORE_MEMORY: &[(&str, u64)] = &[("echo", 10), ("sampler", 20), ("pipeline", 13)];

/// What one program takes.
struct Taken {
    flash: u64,
    memory: u64,
    stack: u64,
}

/// By how many hundredths more flash coframe may take than Embassy: compilers differ.
const MORE_FLASH: u64 = 1;

/// Runs all programs, which must print the same in each variant, and prints what they take. Fails if
/// coframe takes more RAM than Embassy, or much more than by hand, or much more flash.
pub(super) fn print(toolchain: Toolchain) -> Outcome {
    println!("\n## The same programs, bytes\n");
    println!("| program | written for | flash | static RAM | stack | RAM with stack |");
    println!("|---|---|---:|---:|---:|---:|");
    for (program, input) in PROGRAMS {
        let others =
            OTHERS.iter().filter(|(of, ..)| of == program).map(|(_, end, row)| (*end, *row));
        let variants: Vec<_> = VARIANTS.iter().copied().chain(others).collect();
        let taken = take(toolchain, program, input, &variants)?;
        for ((_, variant), Taken { flash, memory, stack }) in variants.iter().zip(&taken) {
            let all = memory + stack;
            println!("| {program} | {variant} | {flash} | {memory} | {stack} | {all} |");
        }
        check(program, &taken)?;
    }
    Ok(())
}

/// Compares the first of the variants with the two after it: Embassy's and the one by hand.
fn check(program: &str, taken: &[Taken]) -> Outcome {
    let [ours, embassy, by_hand, ..] = taken else { return Err("variants are missing".into()) };
    if ours.memory > embassy.memory {
        return Err(format!("{program} takes more RAM than with Embassy").into());
    }
    let limit = MORE_MEMORY.iter().find(|(of, _)| *of == program);
    if limit.is_some_and(|(_, more)| ours.memory * 100 > by_hand.memory * (100 + more)) {
        return Err(format!("{program} takes much more RAM than by hand").into());
    }
    if ours.flash * 100 > embassy.flash * (100 + MORE_FLASH) {
        return Err(format!("{program} takes much more flash than with Embassy").into());
    }
    Ok(())
}

/// Runs the variants of a program, by the ends of their names.
fn take(
    toolchain: Toolchain,
    program: &str,
    input: &str,
    variants: &[(&str, &str)],
) -> Result<Vec<Taken>, Box<dyn Error>> {
    let mut printed: Option<String> = None;
    let mut taken = Vec::new();
    for (variant, _) in variants {
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
