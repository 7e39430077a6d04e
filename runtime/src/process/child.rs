//! A process that was started.

use core::future::Future;
use core::pin::pin;
use core::task::Poll;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child as StdChild, ExitStatus, Output};

use crate::Io;
use crate::descriptor::{Descriptor, Short};
use crate::io::{PipeReader, PipeWriter};
use crate::op::Readable;
use crate::sys::process;

/// A process that was started. Made by [`Command::spawn`](super::Command::spawn).
///
/// Dropping it lets the process go on, unless
/// [`kill_on_drop`](super::Command::kill_on_drop) says otherwise. A process that has ended and that
/// nobody has waited for keeps its number until this process ends.
#[derive(Debug)]
pub struct Child {
    io: Io,
    /// Only the destructor leaves it empty.
    child: Option<StdChild>,
    /// Is readable when the process has ended.
    handle: Descriptor,
    kill_on_drop: bool,
    /// What is written here is the process's input, if that was piped.
    pub stdin: Option<PipeWriter>,
    /// What can be read here is the process's output, if that was piped.
    pub stdout: Option<PipeReader>,
    /// What can be read here is the process's output for errors, if that was piped.
    pub stderr: Option<PipeReader>,
}

impl Child {
    pub(super) fn new(io: Io, mut child: StdChild, kill_on_drop: bool) -> io::Result<Self> {
        match Self::parts(&mut child) {
            Ok((handle, stdin, stdout, stderr)) => {
                let child = Some(child);
                Ok(Child { io, child, handle, kill_on_drop, stdin, stdout, stderr })
            }
            Err(error) => {
                // Nobody would ever know of it.
                let _ = child.kill();
                let _ = child.wait();
                Err(error)
            }
        }
    }

    #[expect(clippy::type_complexity, reason = "it is taken apart at once")]
    fn parts(
        child: &mut StdChild,
    ) -> io::Result<(Descriptor, Option<PipeWriter>, Option<PipeReader>, Option<PipeReader>)> {
        let handle = Descriptor::new(process::handle_of(child)?, Short::TellsNothing);
        let stdin = child.stdin.take().map(OwnedFd::from).map(PipeWriter::from_fd);
        let stdout = child.stdout.take().map(OwnedFd::from).map(PipeReader::from_fd);
        let stderr = child.stderr.take().map(OwnedFd::from).map(PipeReader::from_fd);
        Ok((handle, stdin.transpose()?, stdout.transpose()?, stderr.transpose()?))
    }

    const fn child(&mut self) -> &mut StdChild {
        self.child.as_mut().expect("only the destructor leaves it empty")
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.as_ref().expect("only the destructor leaves it empty").id()
    }

    /// How the process has ended, `None` if it has not. It does not block.
    ///
    /// # Errors
    ///
    /// Those of `waitpid`.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child().try_wait()
    }

    /// Waits until the process has ended, and gives how. Its input is closed first.
    ///
    /// It can be called again, and gives the same. Dropping the future is safe.
    ///
    /// # Errors
    ///
    /// Those of `waitpid`, and polling it outside a runtime.
    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        drop(self.stdin.take());
        loop {
            if let Some(status) = self.try_wait()? {
                return Ok(status);
            }
            Readable::new(self.handle.as_fd()).await?;
        }
    }

    /// Reads the outputs that are piped to their ends, waits until the process has ended, and gives
    /// all of it.
    ///
    /// # Errors
    ///
    /// As [`wait`](Self::wait), and those of the pipes.
    pub async fn wait_with_output(mut self) -> io::Result<Output> {
        drop(self.stdin.take());
        let (stdout, stderr) = read_both(self.stdout.take(), self.stderr.take()).await?;
        let status = self.wait().await?;
        Ok(Output { status, stdout, stderr })
    }

    /// Ends the process at once. [`wait`](Self::wait) for it afterwards.
    ///
    /// # Errors
    ///
    /// Those of `kill`; none if the process has ended already.
    pub fn kill(&mut self) -> io::Result<()> {
        self.child().kill()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let Some(mut child) = self.child.take().filter(|_| self.kill_on_drop) else { return };
        let _ = child.kill();
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        // It ends soon, and then it must be waited for. If the runtime has ended, nobody can.
        let _ = self.io.try_blocking(move || child.wait());
    }
}

/// Reads two pipes at the same time, so that none is full while the other one is waited for.
async fn read_both(
    first: Option<PipeReader>,
    second: Option<PipeReader>,
) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let (mut first, mut second) = (pin!(read_all(first)), pin!(read_all(second)));
    let (mut from_first, mut from_second) = (None, None);
    core::future::poll_fn(|context| {
        if from_first.is_none()
            && let Poll::Ready(bytes) = first.as_mut().poll(context)
        {
            from_first = Some(bytes?);
        }
        if from_second.is_none()
            && let Poll::Ready(bytes) = second.as_mut().poll(context)
        {
            from_second = Some(bytes?);
        }
        if from_first.is_none() || from_second.is_none() {
            return Poll::Pending;
        }
        let bytes = (from_first.take(), from_second.take());
        Poll::Ready(Ok((bytes.0.unwrap_or_default(), bytes.1.unwrap_or_default())))
    })
    .await
}

async fn read_all(pipe: Option<PipeReader>) -> io::Result<Vec<u8>> {
    const STEP: usize = 16 << 10;
    let mut bytes = Vec::new();
    let Some(mut pipe) = pipe else { return Ok(bytes) };
    loop {
        let end = bytes.len();
        bytes.resize(end + STEP, 0);
        let count = pipe.read(&mut bytes[end..]).await?;
        bytes.truncate(end + count);
        if count == 0 {
            return Ok(bytes);
        }
    }
}
