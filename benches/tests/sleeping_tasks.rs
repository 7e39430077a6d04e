//! The runtimes start and end tasks that sleep, and say what they took.
#![cfg(feature = "competitors")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn all_tasks_start_and_end() -> Result<(), Box<dyn Error>> {
    let page = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sleeping-tasks.md");
    let mut command = Command::new(env!("CARGO_BIN_EXE_sleeping-tasks"));
    command.args(["--counts", "200", "--rounds", "1", "--seconds", "1000"]);
    command.args(["--runners", "coframe-pool,coframe-spawn,tokio-current"]);
    let output = command.arg("--markdown").arg(&page).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(&page)?;
    let rows =
        text.lines().filter(|line| line.starts_with("| coframe") || line.starts_with("| Tokio"));
    let rows: Vec<Vec<&str>> = rows.map(|row| row.split('|').map(str::trim).collect()).collect();
    assert_eq!(rows.len(), 3, "{text}");
    for row in rows {
        let [_, _, bytes, start, end, _] = row[..] else { panic!("{text}") };
        assert!(bytes.parse::<u64>()? > 0, "{text}");
        let _: (u64, u64) = (start.parse()?, end.parse()?);
    }
    Ok(())
}
