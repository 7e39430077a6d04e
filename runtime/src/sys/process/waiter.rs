//! A thread for each child, where the kernel has no descriptors for them.

use std::io;
use std::os::fd::OwnedFd;
use std::thread;

use rustix::io::Errno;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use crate::sys::pipe::blocking_pipe;

/// The size of the thread's stack in bytes: it waits and does nothing else.
const STACK: usize = 64 << 10;

/// A descriptor that is readable when the child has ended.
///
/// If somebody has waited for the child before the thread does, the kernel may give its number to
/// another child, and the thread lives as long as that one. Nobody needs the handle then.
pub(super) fn handle_of(child: Pid) -> io::Result<OwnedFd> {
    let (reader, writer) = blocking_pipe()?;
    let builder = thread::Builder::new().name("coframe-child".to_owned()).stack_size(STACK);
    builder.spawn(move || {
        wait(child);
        drop(writer);
    })?;
    Ok(reader)
}

/// Waits until the child has ended, and leaves it to be waited for.
fn wait(child: Pid) {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    // Any other error means that there is no such child any more.
    while let Err(Errno::INTR) = waitid(WaitId::Pid(child), options) {}
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsFd;
    use std::process::{Command, Stdio};

    use super::handle_of;
    use crate::sys::poll::is_ready;
    use crate::sys::process::number_of;

    #[test]
    fn a_child_that_ends_is_seen_and_left() {
        let mut command = Command::new("cat");
        let mut child = command.stdin(Stdio::piped()).spawn().expect("a child");
        let handle = handle_of(number_of(&child).expect("a number")).expect("a handle");
        assert!(is_ready(handle.as_fd(), false).is_err());
        drop(child.stdin.take());
        // The end of the pipe is the thread's word that the child has ended.
        assert_eq!(rustix::io::read(&handle, &mut [0; 1]).expect("the end"), 0);
        assert!(child.try_wait().expect("it was left").is_some_and(|status| status.success()));
    }
}
