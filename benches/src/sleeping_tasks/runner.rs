//! Who runs the tasks.

use std::env;
use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use clap::ValueEnum;

use super::{coframe, tokio};

/// Who runs the tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Runner {
    /// This project, in a pool whose memory is taken before the first task starts.
    CoframePool,
    /// This project, in pools that grow.
    CoframeSpawn,
    /// Tokio, on one thread.
    TokioCurrent,
    /// Tokio, on two threads that share the work.
    TokioMulti,
    /// Go.
    Go,
}

/// What was measured of many tasks.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// The bytes that they take together.
    pub bytes: u64,
    /// From the start of the first until all had started.
    pub start: Duration,
    /// From when they were to wake until all had ended.
    pub end: Duration,
}

const GO_SOURCE: &str = include_str!("sleep.go");

impl Runner {
    /// Runs `count` tasks in a process of its own. They sleep until `time` has passed.
    ///
    /// # Errors
    ///
    /// If the tasks do not all start in that time, and for Go if it is not installed.
    pub fn measure(self, count: u64, time: Duration) -> io::Result<Measured> {
        let mut command = match self {
            Runner::Go => Command::new(compile_go()?),
            _ => {
                let mut command = Command::new(env::current_exe()?);
                command
                    .args(["run", self.to_possible_value().expect("none is skipped").get_name()]);
                command
            }
        };
        command.args([count.to_string(), time.as_millis().to_string()]);
        let output = command.stdin(Stdio::null()).output()?;
        if !output.status.success() {
            return Err(io::Error::other(
                String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            ));
        }
        Measured::read(&String::from_utf8_lossy(&output.stdout))
    }

    /// Runs the tasks in this process.
    ///
    /// # Errors
    ///
    /// As [`measure`](Self::measure).
    pub fn run(self, count: u64, time: Duration) -> io::Result<Measured> {
        match self {
            Runner::CoframePool => coframe::run_in_pool(count, time),
            Runner::CoframeSpawn => coframe::run_spawned(count, time),
            Runner::TokioCurrent => tokio::run(1, count, time),
            Runner::TokioMulti => tokio::run(2, count, time),
            Runner::Go => Err(io::ErrorKind::Unsupported.into()),
        }
    }
}

/// Compiles the program in Go, unless that has been done, and gives its path.
fn compile_go() -> io::Result<PathBuf> {
    let program = env::current_exe()?.with_file_name("sleeping-tasks-go");
    let source = program.with_extension("go");
    if program.exists() && fs::read_to_string(&source).is_ok_and(|text| text == GO_SOURCE) {
        return Ok(program);
    }
    fs::write(&source, GO_SOURCE)?;
    let mut command = Command::new("go");
    // One file, outside of any module.
    command.env("GO111MODULE", "off").args(["build", "-o"]).arg(&program).arg(&source);
    let output = match command.output() {
        Ok(output) => output,
        Err(error) => return Err(io::Error::new(error.kind(), format!("no `go` here: {error}"))),
    };
    if output.status.success() {
        return Ok(program);
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}

impl Measured {
    fn read(line: &str) -> io::Result<Self> {
        let number = |part: &str| part.parse::<u64>().map_err(io::Error::other);
        let numbers = line.split_whitespace().map(number).collect::<io::Result<Vec<_>>>()?;
        let [bytes, start, end] = numbers[..] else {
            return Err(io::Error::other(format!("expected three numbers, found `{line}`")));
        };
        Ok(Measured { bytes, start: Duration::from_nanos(start), end: Duration::from_nanos(end) })
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.bytes, self.start.as_nanos(), self.end.as_nanos())
    }
}

impl fmt::Display for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Runner::CoframePool => "coframe, a pool",
            Runner::CoframeSpawn => "coframe, pools that grow",
            Runner::TokioCurrent => "Tokio, one thread",
            Runner::TokioMulti => "Tokio, two threads",
            Runner::Go => "Go",
        })
    }
}
