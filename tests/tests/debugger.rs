//! A suspended coroutine in gdb: its frame is a struct with named fields and a named state.

use std::process::{Command, Stdio};

/// The program that is debugged, and where it stops.
const PROGRAM: &str = env!("CARGO_BIN_EXE_debuggee");
const SOURCE: &str = include_str!("../src/bin/debuggee.rs");

/// The number of the line with this text.
fn line_of(text: &str) -> usize {
    let found = SOURCE.lines().position(|line| line.trim() == text);
    found.unwrap_or_else(|| panic!("`{text}` is in the program")) + 1
}

/// What gdb prints for these commands, on its two streams; `None` if there is no gdb.
fn gdb(commands: &[String]) -> Option<(String, String)> {
    let mut gdb = Command::new("gdb");
    gdb.args(["-nx", "-batch"]).stdin(Stdio::null());
    let settings = ["pagination off", "confirm off", "width 0", "disable-randomization off"];
    for setting in settings.into_iter().chain(["print max-depth 2"]) {
        gdb.args(["-iex", &format!("set {setting}")]);
    }
    for command in commands {
        gdb.args(["-ex", command]);
    }
    let output = gdb.arg(PROGRAM).output().ok()?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Some((text(output.stdout), text(output.stderr)))
}

/// Commands that stop in the coroutine, before and after its suspensions, and look at it.
fn commands() -> Vec<String> {
    let mut commands: Vec<String> = ["let mut count = 1;", "count += more;", "price * count + tip"]
        .iter()
        .map(|text| format!("tbreak debuggee.rs:{}", line_of(text)))
        .collect();
    commands.push("run".to_owned());
    for stop in ["started", "resumed", "resumed again"] {
        let look = ["print frame.state", "print *__price", "print *__count", "print *frame"];
        commands.push(format!("echo == {stop}\\n"));
        commands.extend(look.map(str::to_owned));
        commands.push("continue".to_owned());
    }
    commands
}

/// The values that gdb printed after a mark.
fn values<'a>(output: &'a str, mark: &str) -> Vec<&'a str> {
    let after = output.split(&format!("== {mark}\n")).nth(1).expect("gdb stopped there");
    let lines = after.lines().take_while(|line| !line.starts_with("== "));
    lines.filter_map(|line| Some(line.strip_prefix('$')?.split_once(" = ")?.1)).collect()
}

#[test]
fn a_frame_has_named_fields_and_states() {
    if !cfg!(debug_assertions) {
        return println!("skipped: only a debug build names the fields");
    }
    let Some((output, errors)) = gdb(&commands()) else {
        return println!("skipped: gdb is not installed");
    };
    if errors.contains("ptrace") || errors.contains("Could not trace") {
        return println!("skipped: gdb may not trace a process here: {errors}");
    }
    println!("{output}\n{errors}");

    let started = values(&output, "started");
    assert_eq!(started[0], "debuggee::bill::__BillState::Start");
    assert_eq!(started[1], "20");

    let resumed = values(&output, "resumed");
    assert_eq!(resumed[..3], ["debuggee::bill::__BillState::Pause", "20", "1"]);
    let frame = resumed[3];
    assert!(frame.starts_with("debuggee::bill::__BillFrame<"), "{frame}");
    for field in ["{state: ", " price: ", " count: ", " overlay1: ", "{pause: ", " pause2: "] {
        assert!(frame.contains(field), "a field `{field}` in {frame}");
    }

    let again = values(&output, "resumed again");
    assert_eq!(again[..3], ["debuggee::bill::__BillState::Pause2", "20", "3"]);
    assert!(output.contains("65 after 2 suspensions"));
}
