//! Runs this program again under valgrind.

use std::env;
use std::io::{self, BufRead, BufReader, Read};
use std::process::{Command, Stdio};

/// Whether valgrind is installed.
pub(crate) fn is_available() -> bool {
    let output = Command::new("valgrind").arg("--version").output();
    output.is_ok_and(|output| output.status.success())
}

/// Runs this program with `arguments` and counts its instructions. It prints the port it listens
/// on, or 0, and `meanwhile` is called with that.
pub(crate) fn count(
    arguments: &[String],
    meanwhile: impl FnOnce(u16) -> io::Result<()>,
) -> io::Result<u64> {
    let mut child = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut port = String::new();
    let pipe = |_| io::Error::other("the program under valgrind ended too early");
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut port)?;
    let done = port.trim().parse().map_err(pipe).and_then(meanwhile);
    if done.is_err() {
        child.kill()?;
    }
    let mut report = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut report)?;
    let status = child.wait()?;
    done?;
    let mut lines = report.lines().filter_map(|line| line.split_once("Collected : "));
    match lines.next_back() {
        Some((_, count)) if status.success() => count.trim().parse().map_err(io::Error::other),
        _ => Err(io::Error::other(format!("valgrind failed:\n{report}"))),
    }
}
