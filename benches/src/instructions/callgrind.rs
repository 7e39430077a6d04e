//! Runs this program again under valgrind.

use std::env;
use std::io::{self, BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

/// The program that runs under valgrind.
pub(crate) struct Subject(Pid);

impl Subject {
    /// Does something while the program does nothing, so that it then finds all of it.
    ///
    /// # Errors
    ///
    /// If the program ends instead, and those of `work`.
    pub(crate) fn while_stopped(&self, work: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        kill_process(self.0, Signal::STOP)?;
        let stopped = waitpid(Some(self.0), WaitOptions::UNTRACED)?;
        if !stopped.is_some_and(|(_, status)| status.stopped()) {
            return Err(too_early());
        }
        let done = work();
        kill_process(self.0, Signal::CONT)?;
        done
    }
}

fn too_early() -> io::Error {
    io::Error::other("the program under valgrind ended too early")
}

/// Whether valgrind is installed.
pub(crate) fn is_available() -> bool {
    let output = Command::new("valgrind").arg("--version").output();
    output.is_ok_and(|output| output.status.success())
}

/// Runs this program with `arguments` and counts its instructions. It prints the port it listens
/// on, or 0, and `meanwhile` is called with that.
pub(crate) fn count(
    arguments: &[String],
    meanwhile: impl FnOnce(u16, &Subject) -> io::Result<()>,
) -> io::Result<u64> {
    let mut child = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut port = String::new();
    let subject = Subject(Pid::from_child(&child));
    BufReader::new(child.stdout.take().expect("piped")).read_line(&mut port)?;
    let port = port.trim().parse().map_err(|_| too_early());
    let done = port.and_then(|port| meanwhile(port, &subject));
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
