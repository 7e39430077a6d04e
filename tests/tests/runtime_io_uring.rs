//! The runtime's suites on the io_uring driver, and again as if the kernel had less than it has.

use std::process::Command;

use coframe::{DriverKind, Runtime};

coframe_tests::runtime_suite!(DriverKind::IoUring);

/// How the ring is set up, unless this runs in a process that does without something already.
fn mode() -> Option<String> {
    let runtime = Runtime::builder().driver(DriverKind::IoUring).build().ok()?;
    Some(runtime.driver().reason().to_owned())
}

/// Nobody promises it with such rings: they wake those who wait for one socket in an order of the kernel's, in
/// which on a slow machine the newest have their turn again and again.
const NOT_PROMISED: &str = "all_senders_have_their_turn";

/// Runs the suites in a process whose rings do without something.
fn run_without(names: &str, mode: &str) {
    if let Err(error) = Runtime::builder().driver(DriverKind::IoUring).build() {
        return println!("skipped: {error}");
    }
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new(program);
    command.env("COFRAME_RING_WITHOUT", names).env("COFRAME_TEST_MODE", mode);
    command.args(["--skip", "with_less", "--skip", NOT_PROMISED]);
    let output = command.output().expect("the suites");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "without {names}:\n{text}");
}

/// In such a process the ring is set up as was meant.
#[test]
fn the_mode_is_the_one_that_was_meant() {
    if let (Ok(expected), Some(mode)) = (std::env::var("COFRAME_TEST_MODE"), mode()) {
        assert_eq!(mode, expected);
    }
}

#[test]
fn with_less_1_no_deferred_task_work() {
    run_without("defer_taskrun, send_zc", "single issuer, cooperative task work");
}

#[test]
fn with_less_2_several_issuers() {
    run_without("single_issuer, openat, readv, writev", "cooperative task work");
}

#[test]
fn with_less_3_a_plain_ring_for_sockets() {
    let operations = "read,write,readv,writev,openat,fsync,ftruncate,renameat,unlinkat,mkdirat,\
                      linkat,symlinkat,send_zc";
    run_without(&format!("coop_taskrun,defer_taskrun,{operations}"), "plain");
}

#[test]
fn with_less_4_unknown_names_are_refused() {
    const VARIABLE: &str = "COFRAME_TEST_UNKNOWN_NAME";
    if std::env::var_os(VARIABLE).is_some() {
        let error = Runtime::builder().driver(DriverKind::IoUring).build().expect_err("a name");
        assert!(error.to_string().contains("COFRAME_RING_WITHOUT: `warp`"), "{error}");
        return;
    }
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.env("COFRAME_RING_WITHOUT", "warp").env(VARIABLE, "1");
    let output = command.args(["--exact", "with_less_4_unknown_names_are_refused"]).output();
    assert!(output.expect("the test").status.success());
}
