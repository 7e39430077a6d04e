//! Runs a compiled batch, again and again if programs take the process with them.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::Verdict;

/// How long a program may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How one process ended.
enum End {
    /// All programs were run.
    Done,
    /// This program ended it.
    At(usize, String),
}

/// Runs the programs, which have these numbers, and calls `judge` for each.
pub(super) fn run(folder: &Path, judge: &mut dyn FnMut(usize, Verdict)) {
    let mut first = 0;
    loop {
        match run_from(folder, first, judge) {
            End::Done => return,
            End::At(number, reason) => {
                judge(number, Verdict::Crashed(reason));
                first = number + 1;
            }
        }
    }
}

fn run_from(folder: &Path, first: usize, judge: &mut dyn FnMut(usize, Verdict)) -> End {
    let mut child = Command::new(folder.join("main"))
        .arg(first.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a compiled program can be run");
    let lines = lines(&mut child);
    let mut begun = None;
    loop {
        match lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                if let Some(number) = line["begin"].as_u64() {
                    begun = Some(number as usize);
                } else if let Some(number) = line["end"].as_u64() {
                    begun = None;
                    judge(number as usize, verdict(&line));
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                let _ = child.kill();
                let _ = child.wait();
                return End::At(begun.unwrap_or(first), "it does not end".to_owned());
            }
            Err(RecvTimeoutError::Disconnected) => {
                let status = child.wait().expect("a child can be waited for");
                return match begun {
                    None if status.success() => End::Done,
                    None => End::At(first, format!("at its end: {status}")),
                    Some(number) => End::At(number, status.to_string()),
                };
            }
        }
    }
}

/// The lines that a process prints.
fn lines(child: &mut Child) -> Receiver<Value> {
    let output = child.stdout.take().expect("the output is a pipe");
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let parsed = serde_json::from_str(&line).unwrap_or_default();
            if sender.send(parsed).is_err() {
                return;
            }
        }
    });
    receiver
}

fn verdict(line: &Value) -> Verdict {
    let number = |name: &str| line[name].as_u64().unwrap_or_default();
    match line["difference"].as_str() {
        Some(difference) => Verdict::Differs(difference.to_owned()),
        None => {
            let (runs, frame, future) = (number("runs"), number("frame"), number("future"));
            Verdict::Same { runs, frame, future }
        }
    }
}
