//! Child processes.

use core::pin::pin;
use std::io::{self, ErrorKind};
use std::os::unix::process::ExitStatusExt;

use coframe::io::BufReader;
use coframe::process::{Command, Stdio};
use coframe::{DriverKind, Io};

use super::{everywhere, poll_once, run};

fn shell(script: &str) -> Command {
    Command::new("/bin/sh").args(["-c", script])
}

async fn collect(io: Io) -> io::Result<()> {
    let command = shell("cat; echo $NAME >&2; exit 3").env("NAME", "value");
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut command = command;
    let mut child = command.spawn(io)?;
    let mut input = child.stdin.take().expect("piped");
    input.write_all(b"through").await?;
    drop(input);
    let output = child.wait_with_output().await?;
    assert_eq!(output.status.code(), Some(3));
    assert_eq!((&output.stdout[..], &output.stderr[..]), (&b"through"[..], &b"value\n"[..]));
    assert!(shell("true").status(io).await?.success());
    let error = Command::new("/no/such/program").status(io).await.expect_err("no program");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    Ok(())
}

/// A process gets its input and gives its outputs and its status.
pub fn a_process_is_run(driver: DriverKind) {
    run(driver, |io| everywhere(io, collect));
}

/// More than a pipe holds, from both outputs at once, blocks nobody.
pub fn large_outputs_are_read(driver: DriverKind) {
    run(driver, |io| async move {
        let script = "head -c 300000 /dev/zero >&2; head -c 200000 /dev/zero";
        let command = shell(script).stdout(Stdio::piped()).stderr(Stdio::piped());
        let output = command.output(io).await?;
        assert!(output.status.success());
        assert_eq!((output.stdout.len(), output.stderr.len()), (200_000, 300_000));
        Ok(())
    });
}

async fn wait_and_kill(io: Io) -> io::Result<()> {
    // It waits for its input, which nobody closes.
    let mut command = shell("echo ready; read line").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn(io)?;
    let input = child.stdin.take();
    let mut output = BufReader::<_, 64>::new(child.stdout.take().expect("piped"));
    let mut line = String::new();
    output.read_line(&mut line).await?;
    assert_eq!(line, "ready\n");
    {
        let mut wait = pin!(child.wait());
        assert!(poll_once(wait.as_mut()).await.is_pending());
    }
    assert!(child.try_wait()?.is_none());
    child.kill()?;
    let status = child.wait().await?;
    assert_eq!(status.signal(), Some(9));
    assert_eq!(child.wait().await?, status, "it is told again");
    child.kill()?;
    drop(input);
    Ok(())
}

/// Waiting can be given up, and a process can be killed.
pub fn a_process_is_killed(driver: DriverKind) {
    run(driver, |io| everywhere(io, wait_and_kill));
}

/// A process whose handle is dropped is killed if that was asked for, and goes on if not.
pub fn a_dropped_process(driver: DriverKind) {
    run(driver, |io| async move {
        for kill_on_drop in [true, false] {
            let script = "echo ready; read line; echo survived";
            let command = shell(script).stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut child = command.kill_on_drop(kill_on_drop).spawn(io)?;
            let input = child.stdin.take();
            let mut output = BufReader::<_, 64>::new(child.stdout.take().expect("piped"));
            let mut line = String::new();
            output.read_line(&mut line).await?;
            drop(child);
            if kill_on_drop {
                assert_eq!(output.read_line(&mut line).await?, 0);
            }
            drop(input);
            line.clear();
            output.read_line(&mut line).await?;
            assert_eq!(line, if kill_on_drop { "" } else { "survived\n" });
        }
        Ok(())
    });
}

/// Many processes at once, each waited for by a task of its own.
pub fn many_processes(driver: DriverKind) {
    run(driver, |io| async move {
        let start =
            |code: i32| io.spawn(async move { shell(&format!("exit {code}")).status(io).await });
        let tasks: Vec<_> = (0..20).map(start).collect();
        for (code, task) in tasks.into_iter().enumerate() {
            assert_eq!(task.await??.code(), Some(code as i32));
        }
        Ok(())
    });
}
