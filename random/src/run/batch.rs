//! Compiles programs together, without those that rustc rejects.

use std::fs;
use std::path::Path;

use super::diagnostics::{Complaint, complaints};
use super::{Toolchain, Verdict, expansion, process};
use crate::print::{self, Copy};
use crate::program::Program;

/// How often a batch is compiled without the programs that were in the way.
const ROUNDS_MAX: usize = 8;

/// A program and what is known about it.
struct Member<'a> {
    program: &'a Program,
    /// What the macro says, if it does not expand the program.
    refusal: Option<Verdict>,
    verdict: Option<Verdict>,
}

/// The verdicts on programs.
pub(super) fn run(toolchain: &Toolchain, folder: &Path, programs: &[Program]) -> Vec<Verdict> {
    fs::create_dir_all(folder).expect("the folder can be made");
    let mut members: Vec<Member<'_>> = programs.iter().map(member).collect();
    if compile(toolchain, folder, &mut members) {
        process::run(folder, &mut |number, verdict| {
            members[number].verdict.get_or_insert(verdict);
        });
    }
    members.into_iter().map(conclusion).collect()
}

fn member(program: &Program) -> Member<'_> {
    let refusal = expansion::refusal(program);
    let verdict = refusal.clone().filter(|verdict| matches!(verdict, Verdict::Rejected(_)));
    Member { program, refusal, verdict }
}

fn conclusion(member: Member<'_>) -> Verdict {
    let unknown = || Verdict::Crashed("it was never run".to_owned());
    member.verdict.or(member.refusal).unwrap_or_else(unknown)
}

/// Compiles what compiles; whether there is anything to run.
fn compile(toolchain: &Toolchain, folder: &Path, members: &mut [Member<'_>]) -> bool {
    for _ in 0..ROUNDS_MAX {
        if members.iter().all(|member| member.verdict.is_some()) {
            return false;
        }
        write(folder, members);
        let output = toolchain.compile(folder).output().expect("rustc can be run");
        if output.status.success() {
            return members.iter().any(Member::is_run);
        }
        let text = String::from_utf8_lossy(&output.stderr);
        let found = complaints(&text);
        if !blame(members, &found) {
            let reason = found.into_iter().next().map_or_else(
                || format!("rustc ends with {}\n{text}", output.status),
                |complaint| complaint.text,
            );
            return divide(toolchain, folder, members, &reason);
        }
    }
    divide(toolchain, folder, members, "rustc finds other errors each time")
}

impl Member<'_> {
    fn is_run(&self) -> bool {
        self.verdict.is_none() && self.refusal.is_none()
    }
}

/// Gives the programs that errors are about their verdicts; whether there are any.
fn blame(members: &mut [Member<'_>], found: &[Complaint]) -> bool {
    let about = |copy: Copy| {
        found.iter().filter_map(move |complaint| {
            let (number, about) = complaint.about?;
            (about == copy).then_some((number, &complaint.text))
        })
    };
    let before = members.iter().filter(|member| member.verdict.is_some()).count();
    for (number, text) in about(Copy::Plain) {
        members[number].verdict.get_or_insert(Verdict::Rejected(text.clone()));
    }
    for (number, text) in about(Copy::Machine) {
        let verdict = match text.strip_prefix("E0080: evaluation panicked: ") {
            Some(message) => Verdict::Refused(message.to_owned()),
            None => Verdict::Broken(text.clone()),
        };
        members[number].verdict.get_or_insert(verdict);
    }
    members.iter().filter(|member| member.verdict.is_some()).count() > before
}

/// An error that is about no program: looks for the one that causes it.
fn divide(toolchain: &Toolchain, folder: &Path, members: &mut [Member<'_>], reason: &str) -> bool {
    let open: Vec<usize> =
        (0..members.len()).filter(|number| members[*number].verdict.is_none()).collect();
    if let [only] = open[..] {
        members[only].verdict = Some(Verdict::Broken(reason.to_owned()));
        return false;
    }
    for half in [&open[..open.len() / 2], &open[open.len() / 2..]] {
        let programs: Vec<Program> =
            half.iter().map(|number| members[*number].program.clone()).collect();
        let verdicts = run(toolchain, &folder.join("half"), &programs);
        for (number, verdict) in half.iter().zip(verdicts) {
            members[*number].verdict = Some(verdict);
        }
    }
    false
}

/// Writes the crate of all programs without a verdict.
fn write(folder: &Path, members: &[Member<'_>]) {
    let (mut modules, mut entries) = (String::new(), String::new());
    let open = members.iter().enumerate().filter(|(_, member)| member.verdict.is_none());
    for (number, member) in open {
        let mut add = |name: &str, copy| {
            fs::write(
                folder.join(format!("p{number}_{name}.rs")),
                print::module(member.program, copy),
            )
            .expect("a file can be written");
            modules.push_str(&format!("mod p{number}_{name};\n"));
        };
        add("plain", Copy::Plain);
        if member.is_run() {
            add("machine", Copy::Machine);
            entries.push_str(&format!(
                "    Entry {{ number: {number}, plain: p{number}_plain::run, \
                 machine: p{number}_machine::run }},\n"
            ));
        }
    }
    let text = format!(
        "{modules}\nuse coframe_random::batch::{{self, Entry}};\n\nfn main() {{\n    \
         batch::main(&[\n{entries}    ]);\n}}\n"
    );
    fs::write(folder.join("main.rs"), text).expect("a file can be written");
}
