//! A server under clients that stall, reset and go away: each driver loses nothing, and has nothing left
//! over. How long it takes does not matter.
#![cfg(feature = "competitors")]

use std::error::Error;
use std::process::Command;

use coframe::{DriverKind, Runtime};

#[test]
fn nothing_is_lost_or_left_over() -> Result<(), Box<dyn Error>> {
    for driver in [DriverKind::IoUring, DriverKind::Epoll, DriverKind::Threads] {
        if Runtime::builder().driver(driver).build().is_err() {
            println!("skipped: {driver}: it does not work here");
            continue;
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_soak"));
        command.args(["--count", "1500", "--connections", "200"]);
        let output = command.args(["--driver", &driver.to_string()]).output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let complaints = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{driver}: {text}\n{complaints}");
        assert!(text.contains("| connections | 1500 |"), "{driver}: {text}");
    }
    Ok(())
}
