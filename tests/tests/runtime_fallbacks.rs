//! Kernels and sandboxes without some system call, and turns of the loop that make none.
//!
//! Each test runs another one, which is ignored otherwise, in a process where the kernel refuses some
//! calls.
#![cfg(target_os = "linux")]

use std::io;
use std::process::Command;

use coframe::net::UnixStream;
use coframe::{DriverKind, Io, Runtime};
use coframe_tests::kernel::{allow_nothing, deny};
use coframe_tests::runtime::{connections, processes, yield_now};

/// What the process that is started is to expect.
const EXPECTED: &str = "COFRAME_TEST_EXPECTED";

/// Runs the ignored test `name` where the kernel refuses some calls.
fn run_without(calls: &[i64], name: &str, expected: &str) {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", name, "--ignored", "--test-threads=1"]);
    command.env(EXPECTED, expected).env_remove("COFRAME_DRIVER");
    if !calls.is_empty() {
        deny(&mut command, calls);
    }
    let output = command.output().expect("the test");
    let text = String::from_utf8_lossy(&output.stdout);
    let ran = text.contains("1 passed") || text.contains("running 1 test");
    assert!(output.status.success() && ran, "{}:\n{text}", output.status);
}

fn expected() -> String {
    std::env::var(EXPECTED).expect("this test is run by another one")
}

#[test]
fn without_a_ring_there_is_epoll() {
    run_without(&[libc::SYS_io_uring_setup], "inner_the_chosen_driver_works", "epoll");
}

#[test]
fn a_ring_that_cannot_be_used_is_none() {
    run_without(&[libc::SYS_io_uring_enter], "inner_the_chosen_driver_works", "epoll");
}

#[test]
fn without_a_ring_and_epoll_there_are_threads() {
    let calls = [libc::SYS_io_uring_setup, libc::SYS_epoll_create1];
    run_without(&calls, "inner_the_chosen_driver_works", "threads");
}

#[test]
fn a_ring_that_does_not_tell_what_it_can_do() {
    let driver = Runtime::new().expect("a runtime").driver().kind().to_string();
    run_without(&[libc::SYS_io_uring_register], "inner_the_chosen_driver_works", &driver);
}

#[test]
fn without_descriptors_for_processes_there_are_threads() {
    run_without(&[libc::SYS_pidfd_open], "inner_processes_are_waited_for", "");
}

#[test]
fn a_busy_loop_makes_no_system_calls() {
    for driver in [DriverKind::IoUring, DriverKind::Epoll, DriverKind::Threads] {
        if Runtime::builder().driver(driver).build().is_ok() {
            run_without(&[], "inner_tasks_run_without_system_calls", &driver.to_string());
        }
    }
}

/// The driver that is chosen without any wish.
#[test]
#[ignore = "run by others"]
fn inner_the_chosen_driver_works() {
    let runtime = Runtime::new().expect("some driver works");
    let (kind, reason) = (runtime.driver().kind(), runtime.driver().reason().to_owned());
    drop(runtime);
    assert_eq!(kind.to_string(), expected());
    if kind != DriverKind::IoUring {
        assert!(reason.contains("io_uring is not available"), "{reason}");
        assert!(Runtime::builder().driver(DriverKind::IoUring).build().is_err());
    }
    connections::bytes_come_back(kind);
    connections::many_connections_at_once(kind);
    coframe_tests::runtime::files::files_are_written_and_read(kind);
}

#[test]
#[ignore = "run by others"]
fn inner_processes_are_waited_for() {
    for driver in [DriverKind::IoUring, DriverKind::Epoll, DriverKind::Threads] {
        processes::a_process_is_run(driver);
        processes::a_process_is_killed(driver);
        processes::many_processes(driver);
    }
}

async fn run_busily(io: Io, kind: DriverKind) -> io::Result<()> {
    const ROUNDS: usize = 10_000;
    let (mut near, _far) = UnixStream::pair(io)?;
    if kind == DriverKind::IoUring {
        // The kernel tells by itself when there is something.
        drop(io.spawn(async move { near.read(&mut [0; 8]).await }));
    }
    let frames = io.frames::<256>(4)?;
    for _ in 0..3 {
        let task = async {
            loop {
                yield_now().await;
            }
        };
        drop(frames.spawn(task).await?);
    }
    // After some turns of the loop there is nothing left to submit.
    for _ in 0..10_000 {
        io.yield_now().await;
    }
    allow_nothing()?;
    for round in 0..ROUNDS {
        // A task that is spawned and joined is no reason for a call either.
        if round % 10 == 0
            && let Ok(task) = frames.try_spawn(async move { round })
            && task.await.ok() != Some(round)
        {
            // SAFETY: it ends the process.
            unsafe { libc::_exit(1) };
        }
        io.yield_now().await;
    }
    // SAFETY: it ends the process.
    unsafe { libc::_exit(0) }
}

#[test]
#[ignore = "run by others"]
fn inner_tasks_run_without_system_calls() {
    let kind: DriverKind = expected().parse().expect("the name of a driver");
    let mut runtime = Runtime::builder().driver(kind).build().expect("a runtime");
    runtime.run(|io| run_busily(io, kind)).expect("the end");
}
