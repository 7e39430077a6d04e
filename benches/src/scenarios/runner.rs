//! Who does the scenarios.

use std::env;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{self, Command};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::task::Waker;
use std::thread::{self, JoinHandle};

use ::coframe::DriverKind;
use clap::ValueEnum;

use super::scenario::ACCEPTORS;
use super::stopwatch::Stopwatch;
use super::{Measured, Scenario, coframe, connector, tokio};
use crate::process::Child;

/// Who does the scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Runner {
    /// This project, over `io_uring`.
    CoframeUring,
    /// This project, over epoll.
    CoframeEpoll,
    /// Tokio, on one thread.
    Tokio,
    /// libuv, in C.
    Libuv,
}

const LIBUV_SOURCE: &str = include_str!("libuv.c");

impl Runner {
    /// Makes ready what is needed, which for libuv is its program.
    ///
    /// # Errors
    ///
    /// If it cannot run here.
    pub fn prepare(self) -> io::Result<()> {
        match self {
            Runner::Libuv => compile_libuv(),
            Runner::Tokio => Ok(()),
            Runner::CoframeUring | Runner::CoframeEpoll => {
                ::coframe::Runtime::builder().driver(self.driver()).build().map(drop)
            }
        }
    }

    /// Does a scenario in a process of its own.
    ///
    /// # Errors
    ///
    /// If that fails.
    pub fn measure(self, scenario: Scenario, amount: u64) -> io::Result<Measured> {
        let name = |value: clap::builder::PossibleValue| value.get_name().to_owned();
        let mut command = match self {
            Runner::Libuv => Command::new(libuv_program()?),
            _ => {
                let mut command = Command::new(env::current_exe()?);
                command.arg("run").arg(name(self.to_possible_value().expect("none is skipped")));
                command
            }
        };
        command.arg(name(scenario.to_possible_value().expect("none is skipped")));
        command.arg(amount.to_string());
        let (mut child, port) = Child::start_command(command)?;
        if scenario == Scenario::MultiAccept {
            connector::connect(u16::try_from(port).map_err(io::Error::other)?, amount)?;
        }
        let line = child.read_line()?;
        if line.is_empty() { Err(child.refusal()) } else { Measured::read(&line) }
    }

    /// Does a scenario in this process, and prints what it measured.
    ///
    /// # Errors
    ///
    /// Those of the runtime.
    pub fn run(self, scenario: Scenario, amount: u64) -> io::Result<()> {
        if scenario == Scenario::MultiAccept {
            return self.run_accepts(amount);
        }
        Child::announce(0);
        let measured = match self {
            Runner::Tokio => tokio::run(scenario, amount)?,
            Runner::Libuv => return Err(io::ErrorKind::Unsupported.into()),
            Runner::CoframeUring | Runner::CoframeEpoll => {
                coframe::run(self.driver(), scenario, amount)?
            }
        };
        println!("{measured}");
        Ok(())
    }

    /// The loops end with the process, when there have been enough connections.
    fn run_accepts(self, amount: u64) -> io::Result<()> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let stopwatch = Stopwatch::start()?;
        let accepted = Arc::new(Accepted { left: AtomicU64::new(amount), stopwatch });
        let mut loops = Vec::new();
        for _ in 0..ACCEPTORS {
            let (listener, accepted) = (listener.try_clone()?, Arc::clone(&accepted));
            loops.push(thread::spawn(move || match self {
                Runner::Tokio => tokio::serve(listener, accepted),
                _ => coframe::serve(self.driver(), listener, accepted),
            }));
        }
        Child::announce(listener.local_addr()?.port().into());
        for each in loops {
            each.join().map_err(|_| io::Error::other("a loop panicked"))??;
        }
        Ok(())
    }

    const fn driver(self) -> DriverKind {
        match self {
            Runner::CoframeUring => DriverKind::IoUring,
            _ => DriverKind::Epoll,
        }
    }
}

/// How many connections are to be accepted by all loops together.
#[derive(Debug)]
pub(super) struct Accepted {
    left: AtomicU64,
    stopwatch: Stopwatch,
}

impl Accepted {
    /// Counts one. With the last one this process prints what it measured, and ends.
    pub(super) fn count(&self) -> io::Result<()> {
        if self.left.fetch_sub(1, Relaxed) == 1 {
            println!("{}", self.stopwatch.stop()?);
            process::exit(0);
        }
        Ok(())
    }
}

/// Threads that wake a task until this is dropped.
#[derive(Debug)]
pub(super) struct Pummel {
    is_over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Pummel {
    pub(super) fn start(threads: usize, waker: &Waker) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let start = |_| {
            let (is_over, waker) = (Arc::clone(&is_over), waker.clone());
            thread::spawn(move || {
                while !is_over.load(Relaxed) {
                    waker.wake_by_ref();
                }
            })
        };
        let threads = (0..threads).map(start).collect();
        Pummel { is_over, threads }
    }
}

impl Drop for Pummel {
    fn drop(&mut self) {
        self.is_over.store(true, Relaxed);
        self.threads.drain(..).for_each(|thread| drop(thread.join()));
    }
}

fn libuv_program() -> io::Result<PathBuf> {
    Ok(env::current_exe()?.with_file_name("scenarios-libuv"))
}

fn compile_libuv() -> io::Result<()> {
    let program = libuv_program()?;
    let source = program.with_extension("c");
    std::fs::write(&source, LIBUV_SOURCE)?;
    let mut command = Command::new("cc");
    command.args(["-std=c11", "-O2", "-Wall", "-o"]).arg(&program).arg(&source);
    let output = match command.args(["-luv", "-pthread"]).output() {
        Ok(output) => output,
        Err(error) => return Err(io::Error::new(error.kind(), format!("no `cc` here: {error}"))),
    };
    let text = String::from_utf8_lossy(&output.stderr);
    match (output.status.success(), text.contains("uv.h: No such file")) {
        (true, _) => Ok(()),
        (false, true) => Err(io::Error::other("its header is not installed (libuv1-dev)")),
        (false, false) => Err(io::Error::other(text.trim().to_owned())),
    }
}

impl fmt::Display for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Runner::CoframeUring => "coframe, io_uring",
            Runner::CoframeEpoll => "coframe, epoll",
            Runner::Tokio => "Tokio, one thread",
            Runner::Libuv => "libuv",
        })
    }
}
