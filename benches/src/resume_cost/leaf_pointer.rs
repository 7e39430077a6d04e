//! By hand: each frame begins with the function that resumes it and a pointer to its parent. The
//! innermost is resumed, and calls its parent when it is done: the depth costs nothing.
#![allow(unsafe_code, reason = "frames that point at each other")]

use core::hint::black_box;
use core::ptr;

use super::step::next;

/// What each frame begins with.
#[repr(C)]
struct Header {
    resume: unsafe fn(*mut Header, u64) -> bool,
    parent: *mut Header,
}

#[repr(C)]
struct Leaf {
    header: Header,
    n: u64,
    i: u64,
    sum: u64,
    state: u8,
}

#[repr(C)]
struct Root {
    header: Header,
    result: u64,
}

/// # Safety
///
/// * `header` is that of a `Leaf` whose parents are alive.
unsafe fn resume_leaf(header: *mut Header, _: u64) -> bool {
    // SAFETY: by this function's contract.
    let leaf = unsafe { &mut *header.cast::<Leaf>() };
    match leaf.state {
        0 => {
            leaf.i = 0;
            leaf.sum = 0;
        }
        1 => leaf.i += 1,
        _ => panic!("resumed after completion"),
    }
    if leaf.i < leaf.n {
        leaf.sum = leaf.sum.wrapping_add(next());
        leaf.state = 1;
        return false;
    }
    leaf.state = 2;
    let (parent, sum) = (leaf.header.parent, leaf.sum);
    // SAFETY: the parent is alive, by this function's contract.
    unsafe { ((*parent).resume)(parent, sum) }
}

/// # Safety
///
/// * `header` is that of a frame whose parents are alive.
unsafe fn resume_level(header: *mut Header, value: u64) -> bool {
    // SAFETY: by this function's contract.
    unsafe {
        let parent = (*header).parent;
        ((*parent).resume)(parent, value.wrapping_add(next()))
    }
}

/// # Safety
///
/// * `header` is that of a `Root`.
unsafe fn finish(header: *mut Header, value: u64) -> bool {
    // SAFETY: by this function's contract.
    unsafe { (*header.cast::<Root>()).result = value };
    true
}

/// Runs a loop of `n` suspensions under `depth - 1` levels.
pub(super) fn run(depth: usize, n: u64) -> u64 {
    let header = |resume| Header { resume, parent: ptr::null_mut() };
    let mut root = Root { header: header(finish), result: 0 };
    let mut levels: Vec<Header> = (1..depth).map(|_| header(resume_level)).collect();
    let mut parent = &raw mut root.header;
    for level in &mut levels {
        level.parent = parent;
        parent = level;
    }
    let mut leaf =
        Leaf { header: Header { resume: resume_leaf, parent }, n, i: 0, sum: 0, state: 0 };
    let leaf = black_box(&raw mut leaf.header);
    // SAFETY: the leaf and its parents live to the end of this function.
    while !unsafe { ((*leaf).resume)(leaf, 0) } {}
    root.result
}
