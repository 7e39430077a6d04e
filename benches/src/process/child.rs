//! A process that is measured.

use std::env;
use std::io::{self, BufRead, BufReader, Read};
use std::process::{self, ChildStdout, Command, Stdio};
use std::time::Duration;

use rustix::process::{Signal, set_parent_process_death_signal};

use super::{allocations, clock, descriptors, memory};

/// This program, started again to be measured. Dropping it ends it.
#[derive(Debug)]
pub struct Child {
    process: process::Child,
    output: BufReader<ChildStdout>,
    counter: u64,
}

impl Child {
    /// Starts this program with other arguments. It must call [`announce`](Self::announce), and the
    /// number that it gives there is returned.
    ///
    /// # Errors
    ///
    /// If it ends before; then the error is what it wrote.
    pub fn start(arguments: &[String]) -> io::Result<(Self, u64)> {
        let mut command = Command::new(env::current_exe()?);
        command.args(arguments);
        Self::start_command(command)
    }

    /// As [`start`](Self::start) for another program, which prints the number, a space, and 0.
    ///
    /// # Errors
    ///
    /// As `start`.
    pub fn start_command(mut command: Command) -> io::Result<(Self, u64)> {
        let mut process =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let output = BufReader::new(process.stdout.take().expect("piped"));
        let mut child = Child { process, output, counter: 0 };
        let line = child.read_line()?;
        let numbers = line.split_once(' ').and_then(|(number, counter)| {
            Some((number.parse::<u64>().ok()?, counter.parse::<u64>().ok()?))
        });
        let Some((number, counter)) = numbers else { return Err(child.refusal()) };
        child.counter = counter;
        Ok((child, number))
    }

    /// Says in the child that it is ready, with a number for its parent. It ends with its parent.
    pub fn announce(number: u64) {
        // If it is refused, only a parent that is killed leaves something behind.
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
        println!("{number} {}", allocations::address());
    }

    /// The next line that it prints, without its end; empty if it has ended.
    ///
    /// # Errors
    ///
    /// Those of the pipe.
    pub fn read_line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }

    /// What it wrote about its end.
    pub fn refusal(mut self) -> io::Error {
        // If it has not ended, there would be no end of what it writes.
        let _ = self.process.kill();
        let mut text = String::new();
        let pipe = self.process.stderr.take();
        let read = pipe.map(|mut pipe| pipe.read_to_string(&mut text));
        match read {
            Some(Ok(_)) if !text.trim().is_empty() => io::Error::other(text.trim().to_owned()),
            _ => io::Error::other("the measured process ended early"),
        }
    }

    /// The time that it was given by processors so far.
    ///
    /// # Errors
    ///
    /// If it has ended.
    pub fn cpu_time(&self) -> io::Result<Duration> {
        clock::cpu_time_of(self.process.id())
    }

    /// The bytes of its own memory that are resident.
    ///
    /// # Errors
    ///
    /// If it has ended.
    pub fn resident(&self) -> io::Result<u64> {
        memory::resident_of(self.process.id())
    }

    /// How many descriptors it has.
    ///
    /// # Errors
    ///
    /// If it has ended.
    pub fn descriptors(&self) -> io::Result<usize> {
        descriptors::count_of(self.process.id())
    }

    /// How often it has allocated so far.
    ///
    /// # Errors
    ///
    /// If it has ended, or does not count, or if this process may not look into it.
    pub fn allocations(&self) -> io::Result<u64> {
        if self.counter == 0 {
            return Err(io::ErrorKind::Unsupported.into());
        }
        memory::number_at(self.process.id(), self.counter)
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    ///
    /// If it fails.
    pub fn wait(mut self) -> io::Result<()> {
        if self.process.wait()?.success() { Ok(()) } else { Err(self.refusal()) }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
