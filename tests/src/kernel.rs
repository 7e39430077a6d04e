//! Kernels that have less than this one: filters for system calls.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Lets system calls of a program fail, from its start on, as if the kernel did not have them.
pub fn deny(command: &mut Command, calls: &[i64]) {
    let filter = filter(calls, libc::SECCOMP_RET_ERRNO | libc::ENOSYS as u32, ALLOW);
    // SAFETY: the closure makes two system calls, and touches nothing but memory that it owns.
    unsafe { command.pre_exec(move || install(&filter)) };
}

/// From now on this thread may call nothing but `_exit`: anything else ends the process.
///
/// # Errors
///
/// Those of `prctl`.
pub fn allow_nothing() -> io::Result<()> {
    install(&filter(&[libc::SYS_exit_group], ALLOW, libc::SECCOMP_RET_KILL_PROCESS))
}

const ALLOW: u32 = libc::SECCOMP_RET_ALLOW;

/// A program that answers `then` for these calls and `otherwise` for all others.
fn filter(calls: &[i64], then: u32, otherwise: u32) -> Vec<libc::sock_filter> {
    let load = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    let compare = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    let answer = (libc::BPF_RET | libc::BPF_K) as u16;
    let instruction = |code, jump, k| libc::sock_filter { code, jt: jump, jf: 0, k };
    let mut program = vec![instruction(load, 0, 0)];
    for (place, &call) in calls.iter().enumerate() {
        let rest = (calls.len() - place) as u8;
        program.push(instruction(compare, rest, call as u32));
    }
    program.push(instruction(answer, 0, otherwise));
    program.push(instruction(answer, 0, then));
    program
}

fn install(filter: &[libc::sock_filter]) -> io::Result<()> {
    let program = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_ptr().cast_mut() };
    // SAFETY: it takes numbers only.
    if unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) } != 0 {
        return Err(io::Error::last_os_error());
    }
    let mode = libc::SECCOMP_MODE_FILTER;
    // SAFETY: the program is valid during the call, which copies it.
    if unsafe { libc::prctl(libc::PR_SET_SECCOMP, mode, &raw const program) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
