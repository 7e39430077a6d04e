//! How often which signal came, and who waits for the next one.
//!
//! A handler sets a flag and writes to a pipe; one thread, started when somebody is first interested,
//! reads the pipe, counts and wakes. The handlers stay installed: from then on such a signal does not
//! end the process by itself.

use core::task::Waker;
use std::io;
use std::os::fd::OwnedFd;
use std::thread;

use crate::primitive::Lock;
use crate::sys::signal::{self, SIGNALS};

/// What the futures and the thread share.
pub(super) struct Watch {
    is_watched: bool,
    is_installed: [bool; SIGNALS],
    counts: [u64; SIGNALS],
    next_place: u64,
    waiting: Vec<Waiting>,
}

struct Waiting {
    signal: usize,
    place: u64,
    waker: Waker,
}

static WATCH: Lock<Watch> = Lock::new(Watch {
    is_watched: false,
    is_installed: [false; SIGNALS],
    counts: [0; SIGNALS],
    next_place: 1,
    waiting: Vec::new(),
});

/// The size of the thread's stack in bytes: it calls wakers and nothing else.
const STACK: usize = 64 << 10;

/// Counts a signal from now on, and gives the number of those that have come.
pub(super) fn begin(signal: usize) -> io::Result<u64> {
    let mut watch = WATCH.lock();
    if !watch.is_watched {
        let reader = signal::open()?;
        let builder = thread::Builder::new().name("coframe-signal".to_owned());
        builder.stack_size(STACK).spawn(move || run(&reader))?;
        watch.is_watched = true;
    }
    if !watch.is_installed[signal] {
        signal::install(signal)?;
        watch.is_installed[signal] = true;
    }
    Ok(watch.counts[signal])
}

/// The number of signals that have come, if it is not `before`; if it is, `waker` is woken by the
/// next one. `place` is the one of the waiter, or zero, and is set.
pub(super) fn next(signal: usize, before: u64, place: &mut u64, waker: Waker) -> Option<u64> {
    let mut watch = WATCH.lock();
    let count = watch.counts[signal];
    if count != before {
        return Some(count);
    }
    if *place == 0 {
        *place = watch.next_place;
        watch.next_place += 1;
    }
    let mut waker = waker;
    match watch.waiting.iter_mut().find(|waiting| waiting.place == *place) {
        Some(waiting) => core::mem::swap(&mut waiting.waker, &mut waker),
        None => {
            watch.waiting.push(Waiting { signal, place: *place, waker });
            return None;
        }
    }
    // The destructor of a waker may be anybody's code.
    drop(watch);
    drop(waker);
    None
}

/// Nobody waits at this place any more.
pub(super) fn leave(place: u64) {
    let mut watch = WATCH.lock();
    let position = watch.waiting.iter().position(|waiting| waiting.place == place);
    let waiting = position.map(|position| watch.waiting.swap_remove(position));
    // The destructor of a waker may be anybody's code.
    drop(watch);
    drop(waiting);
}

/// Reads signals for ever, and wakes those who wait.
fn run(reader: &OwnedFd) {
    while signal::wait(reader).is_ok() {
        let mut watch = WATCH.lock();
        let come: Vec<usize> = (0..SIGNALS).filter(|&number| signal::take(number)).collect();
        come.iter().for_each(|&number| watch.counts[number] += 1);
        let is_woken = |waiting: &mut Waiting| come.contains(&waiting.signal);
        let woken: Vec<Waiting> = watch.waiting.extract_if(.., is_woken).collect();
        drop(watch);
        woken.into_iter().for_each(|waiting| waiting.waker.wake());
    }
}
