//! Prints the frame sizes of the corpus as a table, and checks what must hold for all of them.

use std::process::ExitCode;

use coframe_benches::frame_sizes::{Case, cases, known};

const INTRODUCTION: &str = "\
# Frame sizes

Bytes of the whole frame of each function of a small corpus, children included.
Both copies of a function are run, and must suspend as often and report the same.

* **bound** is the information lower bound: the bytes that must survive the worst suspension and one
  byte of state for the whole chain, rounded up to the alignment.
* **nested** is what structs nested by hand take, with a byte of state in each level.
* **coframe** and **rustc** are measured: the same function with and without `#[coroutine]`.
* **Zig** is `@sizeOf(@Frame(f))` of Zig 0.9.1, `ReleaseFast`.

The tables are printed by this command, which also fails if a check does not hold:

```console
cargo run --release --manifest-path benches/Cargo.toml --bin frame-sizes
```
";

/// What is wrong with a case.
fn mistakes(case: &Case) -> Vec<String> {
    let mut mistakes = Vec::new();
    let ((ours, outcome), (theirs, expected)) = (case.coframe, case.rustc);
    if outcome != expected {
        mistakes.push(format!("{}: {outcome:x?}, but rustc {expected:x?}", case.name));
    }
    if ours > theirs {
        mistakes.push(format!("{}: {ours} bytes, but rustc {theirs}", case.name));
    }
    mistakes
}

fn print(cases: &[Case]) {
    println!("{INTRODUCTION}");
    println!("| function | what it does | bound | nested | coframe | rustc | Zig |");
    println!("|---|---|--:|--:|--:|--:|--:|");
    let (mut at_bound, mut near, mut below) = (0, 0, 0);
    for case in cases {
        let known = known(case.name).expect("every function of the corpus is known");
        let (ours, theirs) = (case.coframe.0, case.rustc.0);
        at_bound += usize::from(ours <= known.bound);
        near += usize::from(ours <= known.bound + 1);
        below += usize::from(ours < theirs);
        println!(
            "| `{}` | {} | {} | {} | **{ours}** | {theirs} | {} |",
            known.name, known.meaning, known.bound, known.nested, known.zig
        );
    }
    let sum = |size: fn(&Case) -> usize| cases.iter().map(size).sum::<usize>();
    let (ours, theirs) = (sum(|case| case.coframe.0), sum(|case| case.rustc.0));
    let count = cases.len();
    println!();
    println!(
        "{at_bound} of {count} frames are at the bound and {near} within a byte of it, which the future"
    );
    println!("takes that suspends: the bound does not count it. {below} are smaller than rustc's.");
    println!("The sum is {ours} bytes, where rustc's is {theirs}.");
}

fn main() -> ExitCode {
    let cases = cases();
    print(&cases);
    let mistakes: Vec<String> = cases.iter().flat_map(mistakes).collect();
    for mistake in &mistakes {
        eprintln!("{mistake}");
    }
    if mistakes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
