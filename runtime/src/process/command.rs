//! How a process is started.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Command as StdCommand, ExitStatus, Output, Stdio};

use super::Child;
use crate::Io;

/// How a process is started: the same choices as those of the standard library.
///
/// What is not set is the parent's: its input and outputs, its environment, its folder.
#[derive(Debug)]
#[must_use = "a command does nothing until it is spawned"]
pub struct Command {
    command: StdCommand,
    kill_on_drop: bool,
}

impl Command {
    /// A command that runs `program`, which is looked for in `PATH`.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        StdCommand::new(program).into()
    }

    /// Adds an argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// Adds arguments.
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets a variable of the environment.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Removes a variable of the environment.
    pub fn env_remove(mut self, name: impl AsRef<OsStr>) -> Self {
        self.command.env_remove(name);
        self
    }

    /// Removes all variables of the environment.
    pub fn env_clear(mut self) -> Self {
        self.command.env_clear();
        self
    }

    /// Sets the folder in which the process starts.
    pub fn current_dir(mut self, path: impl AsRef<Path>) -> Self {
        self.command.current_dir(path);
        self
    }

    /// Sets the input; `Stdio::piped()` makes [`Child::stdin`].
    pub fn stdin(mut self, stdin: impl Into<Stdio>) -> Self {
        self.command.stdin(stdin);
        self
    }

    /// Sets the output; `Stdio::piped()` makes [`Child::stdout`].
    pub fn stdout(mut self, stdout: impl Into<Stdio>) -> Self {
        self.command.stdout(stdout);
        self
    }

    /// Sets the output for errors; `Stdio::piped()` makes [`Child::stderr`].
    pub fn stderr(mut self, stderr: impl Into<Stdio>) -> Self {
        self.command.stderr(stderr);
        self
    }

    /// Whether the process is killed when its [`Child`] is dropped; the default is that it goes on.
    pub const fn kill_on_drop(mut self, is_killed: bool) -> Self {
        self.kill_on_drop = is_killed;
        self
    }

    /// The command of the standard library, for what is not here.
    pub const fn as_std_mut(&mut self) -> &mut StdCommand {
        &mut self.command
    }

    /// Starts the process. That takes a moment, in which this thread does nothing else.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, if the program is not found, or if the system has no room for one
    /// more process.
    pub fn spawn(&mut self, io: Io) -> io::Result<Child> {
        io.check()?;
        Child::new(io, self.command.spawn()?, self.kill_on_drop)
    }

    /// Runs the process to its end.
    ///
    /// # Errors
    ///
    /// As [`spawn`](Self::spawn).
    pub async fn status(mut self, io: Io) -> io::Result<ExitStatus> {
        self.spawn(io)?.wait().await
    }

    /// Runs the process to its end, and gives what it wrote to the outputs that are piped.
    ///
    /// # Errors
    ///
    /// As [`spawn`](Self::spawn), and those of the pipes.
    pub async fn output(mut self, io: Io) -> io::Result<Output> {
        self.spawn(io)?.wait_with_output().await
    }
}

impl From<StdCommand> for Command {
    fn from(command: StdCommand) -> Self {
        Command { command, kill_on_drop: false }
    }
}
