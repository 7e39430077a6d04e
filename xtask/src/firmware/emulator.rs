//! QEMU, as the board that the images are for.

use std::error::Error;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::Image;

const EMULATOR: &str = "qemu-system-arm";

/// The board. An instruction takes 64 ns, about what it does on the chip; the clock does not wait
/// while the processor sleeps.
const BOARD: &[&str] = &[
    "-cpu",
    "cortex-m3",
    "-machine",
    "lm3s6965evb",
    "-display",
    "none",
    "-monitor",
    "none",
    "-serial",
    "stdio",
    "-icount",
    "shift=6,sleep=off",
    "-semihosting-config",
    "enable=on,target=native",
    "-kernel",
];

/// How long a program may take before it counts as hanging.
const LIMIT: Duration = Duration::from_secs(120);

/// What a program did.
#[derive(Debug)]
pub(super) struct Run {
    /// What it printed, without the line about its stack.
    pub(super) printed: String,
    /// The bytes of stack it used.
    pub(super) stack: u64,
}

/// The version of the emulator.
pub(super) fn version() -> Result<String, String> {
    let output = Command::new(EMULATOR).arg("--version").output();
    let output = output.map_err(|error| {
        format!("{EMULATOR}: {error}; on Debian, `apt-get install qemu-system-arm`")
    })?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().next().unwrap_or(EMULATOR).to_owned())
}

/// Runs a program to its end, which must be a success.
pub(super) fn run(image: &Image, input: &str) -> Result<Run, Box<dyn Error>> {
    let mut child = Command::new(EMULATOR)
        .args(BOARD)
        .arg(&image.path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or("no input")?;
    stdin.write_all(input.as_bytes())?;
    let mut stdout = child.stdout.take().ok_or("no output")?;
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.read_to_end(&mut bytes).map(|_| bytes)
    });
    let is_success = wait(&mut child)?;
    drop(stdin);
    let bytes = reader.join().map_err(|_| "the output could not be read")??;
    let printed = String::from_utf8_lossy(&bytes).into_owned();
    if !is_success {
        return Err(format!("{} failed or hung, after\n{printed}", image.name).into());
    }
    split(&printed).ok_or_else(|| format!("{} did not end:\n{printed}", image.name).into())
}

/// Waits for the end, or ends it. True: a success.
fn wait(child: &mut Child) -> Result<bool, Box<dyn Error>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if start.elapsed() > LIMIT {
            child.kill()?;
            child.wait()?;
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Takes the last line, about the stack, from the others.
fn split(printed: &str) -> Option<Run> {
    let (before, last) = printed.split_at(printed.trim_end().rfind('\n')? + 1);
    let stack = last.trim().strip_prefix("stack: ")?.strip_suffix(" bytes")?.parse().ok()?;
    Some(Run { printed: before.to_owned(), stack })
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn the_last_line_tells_the_stack() {
        let run = split("one\ntwo\nstack: 128 bytes\n").expect("it has the line");
        assert_eq!((run.printed.as_str(), run.stack), ("one\ntwo\n", 128));
        assert!(split("one\npanicked\n").is_none());
    }
}
