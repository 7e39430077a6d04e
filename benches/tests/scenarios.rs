//! Whoever can run here does all scenarios.
#![cfg(feature = "competitors")]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn all_scenarios_end() -> Result<(), Box<dyn Error>> {
    let page = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scenarios.md");
    let mut command = Command::new(env!("CARGO_BIN_EXE_scenarios"));
    let output = command.args(["--quick", "--markdown"]).arg(&page).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(&page)?;
    let skipped = text.lines().filter(|line| line.starts_with("Skipped")).count();
    let rows = text.lines().filter(|line| line.starts_with("| ")).skip(1);
    let rows: Vec<Vec<&str>> = rows.map(|row| row.split('|').map(str::trim).collect()).collect();
    assert_eq!(rows.len(), 8 * (4 - skipped), "{text}");
    for row in rows {
        let [_, _, _, rate, cpu, _] = row[..] else { panic!("{text}") };
        assert!(rate.parse::<f64>()? > 0.0 && cpu.parse::<f64>()? > 0.0, "{text}");
    }
    // Tokio needs nothing that a system may lack.
    assert!(text.contains("| Tokio, one thread |"), "{text}");
    Ok(())
}
