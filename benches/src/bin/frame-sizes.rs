//! Prints the frame sizes of the corpus as a table, and checks what must hold for all of them.

use std::process::ExitCode;

use coframe_benches::frame_sizes::{Case, by_hand, cases, known, practice};

const INTRODUCTION: &str = "\
# Frame sizes

Bytes of the whole frame of each function of a small corpus, children included.
All copies of a function are run, and must suspend as often and report the same.

* **bound** is the information lower bound: the bytes that must survive the worst suspension and one
  byte of state for the whole chain, rounded up to the alignment.
* **nested** is what structs nested by hand take, with a byte of state in each level.
* **suspend** is measured: the function under `#[coroutine]`, with `suspend!()` where it suspends. This
  is what the bound and nested count.
* **coframe** and **rustc** are measured: the same function with and without `#[coroutine]`, awaiting a
  future of one byte where it suspends.
* **Zig** is `@sizeOf(@Frame(f))` of Zig 0.9.1, `ReleaseFast`.

The tables are printed by this command, which also fails if a check does not hold:

```console
cargo run --release --manifest-path benches/Cargo.toml --bin frame-sizes
```
";

const PRACTICE: &str = "\
## Functions as programs have them

Parsers of HTTP and of Redis' protocol, proxies, timers, retries, and work on large buffers, each on
top of those before it.
Here **nested** is the size of types that are written by hand, in
[`by_hand.rs`](../benches/src/frame_sizes/by_hand.rs).
";

/// What is wrong with a case.
fn mistakes(case: &Case) -> Vec<String> {
    let mut mistakes = Vec::new();
    let (theirs, expected) = case.rustc;
    for (ours, outcome) in [case.coframe, case.suspend] {
        if outcome != expected {
            mistakes.push(format!("{}: {outcome:x?}, but rustc {expected:x?}", case.name));
        }
        if ours > theirs {
            mistakes.push(format!("{}: {ours} bytes, but rustc {theirs}", case.name));
        }
    }
    let nested = known(case.name).map(|known| known.nested).or_else(|| by_hand(case.name));
    let nested = nested.expect("every function is written by hand");
    if case.suspend.0 > nested {
        mistakes.push(format!("{}: {} bytes, but nested {nested}", case.name, case.suspend.0));
    }
    mistakes
}

fn print(cases: &[Case]) {
    println!("{INTRODUCTION}");
    println!("| function | what it does | bound | nested | suspend | coframe | rustc | Zig |");
    println!("|---|---|--:|--:|--:|--:|--:|--:|");
    let (mut at_bound, mut below) = (0, 0);
    for case in cases {
        let known = known(case.name).expect("every function of the corpus is known");
        let (suspend, ours, theirs) = (case.suspend.0, case.coframe.0, case.rustc.0);
        at_bound += usize::from(suspend <= known.bound);
        below += usize::from(ours < theirs);
        println!(
            "| `{}` | {} | {} | {} | **{suspend}** | **{ours}** | {theirs} | {} |",
            known.name, known.meaning, known.bound, known.nested, known.zig
        );
    }
    let sum = |size: fn(&Case) -> usize| cases.iter().map(size).sum::<usize>();
    let (ours, theirs) = (sum(|case| case.coframe.0), sum(|case| case.rustc.0));
    let count = cases.len();
    println!();
    println!(
        "With `suspend!()` {at_bound} of {count} frames are at the bound, and none is larger than nested."
    );
    println!("With a future {below} are smaller than rustc's, and none is larger.");
    println!("The sum is {ours} bytes, where rustc's is {theirs}.");
}

/// Prints the functions as real programs have them.
fn print_practice(cases: &[Case]) {
    println!();
    println!("{PRACTICE}");
    println!("| function | nested | suspend | coframe | rustc |");
    println!("|---|--:|--:|--:|--:|");
    for case in cases {
        let nested = by_hand(case.name).expect("every function is written by hand");
        let (suspend, ours, theirs) = (case.suspend.0, case.coframe.0, case.rustc.0);
        println!("| `{}` | {nested} | **{suspend}** | **{ours}** | {theirs} |", case.name);
    }
    let sum = |size: fn(&Case) -> usize| cases.iter().map(size).sum::<usize>();
    let by_hand: usize = cases.iter().filter_map(|case| by_hand(case.name)).sum();
    println!();
    println!(
        "The sum is {} bytes, by hand {by_hand}, where rustc's is {}.",
        sum(|case| case.coframe.0),
        sum(|case| case.rustc.0)
    );
}

fn main() -> ExitCode {
    let (cases, practice) = (cases(), practice());
    print(&cases);
    print_practice(&practice);
    let mistakes: Vec<String> = cases.iter().chain(&practice).flat_map(mistakes).collect();
    for mistake in &mistakes {
        eprintln!("{mistake}");
    }
    if mistakes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
