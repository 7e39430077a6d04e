//! `cargo coframe` on a small crate outside of the workspace.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const LIBRARY: &str = "\
#![deny(warnings)]
use std::future::ready;

/// Waits twice.
#[coframe::coroutine]
pub async fn twice(buffer: [u8; 256], flag: bool) -> Result<u8, u8> {
    let first = inner(7).await;
    if flag {
        ready(()).await;
        return Ok(buffer[0]);
    }
    Ok(first)
}

#[coframe::coroutine]
async fn inner(x: u64) -> u8 {
    ready(()).await;
    x as u8
}

pub struct Server<T>(pub T);

impl<T: Copy> Server<T> {
    #[coframe::coroutine]
    pub async fn get(&self) -> T {
        ready(()).await;
        self.0
    }
}

#[coframe::coroutine(yield = u32)]
pub fn count(n: u32) {
    for i in 0..n {
        suspend!(i);
    }
}
";

const PROGRAM: &str = "\
#[coframe::coroutine]
async fn serve() -> u8 {
    outside::Server(1u8).get().await
}

fn main() {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    println!(\"{:?}\", std::pin::pin!(serve()).poll(&mut context));
}
";

/// Makes the crate, and gives its folder. The registry is not asked: the dependencies are those that
/// this workspace was built with.
fn make() -> PathBuf {
    let folder = env::temp_dir().join(format!("cargo-coframe-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("src")).expect("the temporary folder is writable");
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it is in a workspace");
    let manifest = format!(
        "[package]\nname = \"outside\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
         [dependencies]\ncoframe = {{ path = {:?}, default-features = false }}\n[workspace]\n",
        workspace.join("runtime")
    );
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("writable");
    write("Cargo.toml", &manifest);
    write("src/lib.rs", LIBRARY);
    write("src/main.rs", PROGRAM);
    fs::copy(workspace.join("Cargo.lock"), folder.join("Cargo.lock")).expect("it is there");
    folder
}

/// Runs the program as cargo does, and gives what it prints and whether it succeeded.
fn run(folder: &Path, arguments: &[&str]) -> (String, bool) {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-coframe"))
        .arg("coframe")
        .args(arguments)
        .current_dir(folder)
        .env_remove("RUSTFLAGS")
        .output()
        .expect("it runs");
    let (out, err) = (&output.stdout, &output.stderr);
    let text = format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err));
    (text, output.status.success())
}

/// The first line that contains a text.
fn line<'a>(text: &'a str, part: &str) -> &'a str {
    let found = text.lines().find(|line| line.contains(part));
    found.unwrap_or_else(|| panic!("`{part}` is not in\n{text}"))
}

#[test]
fn it_shows_a_crate_from_outside() {
    let folder = make();
    shows_sizes(&folder);
    shows_layouts(&folder);
    shows_source(&folder);
    fs::remove_dir_all(&folder).expect("it was made here");
}

fn shows_sizes(folder: &Path) {
    let (text, is_ok) = run(folder, &["sizes"]);
    assert!(is_ok, "{text}");
    let twice: Vec<&str> = line(&text, "outside::twice").split_whitespace().collect();
    let (ours, rustc): (usize, usize) = (twice[0].parse().unwrap(), twice[1].parse().unwrap());
    assert!((256..400).contains(&ours) && ours < rustc, "{text}");
    assert!(line(&text, "outside::twice").contains("src/lib.rs:6"), "{text}");
    assert!(line(&text, "outside::twice").contains("buffer 256"), "{text}");
    assert!(line(&text, "outside::inner").contains("src/lib.rs:16"), "{text}");
    assert!(line(&text, "outside::count").split_whitespace().nth(1) == Some("-"), "{text}");
    // The generic method is compiled where it is called, in the program.
    assert!(line(&text, "serve").contains("src/main.rs:2"), "{text}");
    let (text, is_ok) = run(folder, &["check", "--max", "100"]);
    assert!(!is_ok && text.contains("outside::twice"), "{text}");
    let (text, is_ok) = run(folder, &["check", "--max", "1000"]);
    assert!(is_ok && text.contains("0 of"), "{text}");
}

fn shows_layouts(folder: &Path) {
    let (text, is_ok) = run(folder, &["layout", "twice", "--lib"]);
    assert!(is_ok && text.starts_with("frame twice {"), "{text}");
    assert!(line(&text, "buffer").contains(" 256 "), "{text}");
    assert!(line(&text, " */ inner {").contains("shares bytes with"), "{text}");
    assert!(line(&text, "src/lib.rs:7").contains("inner(7)"), "{text}");
    let (text, is_ok) = run(folder, &["layout", "twice", "--lib", "--svg", "twice.svg"]);
    assert!(is_ok, "{text}");
    let svg = fs::read_to_string(folder.join("twice.svg")).expect("it was drawn");
    assert!(svg.starts_with("<svg") && svg.contains(">buffer<"));
    let (text, is_ok) = run(folder, &["layout", "nothing", "--lib"]);
    assert!(!is_ok && text.contains("outside::twice"), "{text}");
}

fn shows_source(folder: &Path) {
    let (text, is_ok) = run(folder, &["states", "twice"]);
    assert!(is_ok, "{text}");
    assert_eq!(
        text,
        "states of twice\n  Start\n      -> Inner\n  Inner, line 7: inner(7)\n      \
         -> Ready, Returned\n  Ready, line 9: ready(())\n      -> Returned\n  Returned\n"
    );
    let (text, _) = run(folder, &["states", "count", "--format", "dot"]);
    assert!(text.starts_with("digraph count {") && text.contains("s1 -> s1;"), "{text}");
    let (text, _) = run(folder, &["states", "count", "--format", "mermaid"]);
    assert!(text.starts_with("stateDiagram-v2\n") && text.contains("s1 --> s2"), "{text}");
    let (text, is_ok) = run(folder, &["expand", "get"]);
    assert!(is_ok && text.contains("enum __GetState"), "{text}");
    let (text, is_ok) = run(folder, &["expand", "missing"]);
    assert!(!is_ok && text.contains("`missing` is not found"), "{text}");
}
