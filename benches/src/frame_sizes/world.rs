//! What the functions of the corpus work with. All of it is deterministic.

use core::cell::Cell;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};

thread_local! {
    static WORLD: Cell<World> = const { Cell::new(World::new()) };
}

/// The state of the world.
#[derive(Clone, Copy)]
struct World {
    /// Where the numbers come from.
    seed: u64,
    /// What was reported.
    hash: u64,
    /// How often the transport was asked.
    attempts: u32,
    /// How often it gave bytes.
    reads: u32,
}

impl World {
    const fn new() -> Self {
        World { seed: 1, hash: 0xcbf2_9ce4_8422_2325, attempts: 0, reads: 0 }
    }
}

/// What a function of the corpus did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How often it suspended.
    pub suspensions: u32,
    /// The hash of what it reported.
    pub hash: u64,
}

/// Changes the world.
fn with<T>(change: impl FnOnce(&mut World) -> T) -> T {
    let mut world = WORLD.get();
    let value = change(&mut world);
    WORLD.set(world);
    value
}

/// Runs what `make` makes in a new world, and gives the size of its frame and what it did.
pub(super) fn run<F: Future>(make: impl FnOnce() -> F) -> (usize, Outcome) {
    WORLD.set(World::new());
    let mut future = pin!(make());
    let mut context = Context::from_waker(Waker::noop());
    let mut suspensions = 0;
    while future.as_mut().poll(&mut context).is_pending() {
        suspensions += 1;
    }
    (size_of::<F>(), Outcome { suspensions, hash: WORLD.get().hash })
}

/// The next number.
#[inline(never)]
pub(super) fn get() -> u64 {
    with(|world| {
        world.seed = world.seed.wrapping_mul(6_364_136_223_846_793_005);
        world.seed = world.seed.wrapping_add(1_442_695_040_888_963_407);
        world.seed >> 33
    })
}

/// Reports a number.
#[inline(never)]
pub(super) fn put(number: u64) {
    with(|world| world.hash = (world.hash ^ number).wrapping_mul(0x0100_0000_01b3));
}

/// Fills a buffer with numbers.
#[inline(never)]
pub(super) fn fill(bytes: &mut [u8]) {
    bytes.fill_with(|| get() as u8);
}

/// A number that depends on every byte of a buffer.
#[inline(never)]
pub(super) fn sum(bytes: &[u8]) -> u64 {
    fold(0, bytes)
}

fn fold(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)))
}

/// A buffer full of numbers.
pub(super) fn filled<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

/// Reads from a transport that has bytes every other time, and ends after three reads.
#[inline(never)]
pub(super) fn try_read(socket: i32, bytes: &mut [u8]) -> Option<usize> {
    let reads = with(|world| {
        world.attempts += 1;
        (world.attempts % 2 == 0).then(|| {
            world.reads += 1;
            world.reads
        })
    })?;
    if reads > 3 {
        return Some(0);
    }
    let count = 100 + socket as usize;
    fill(&mut bytes[..count]);
    Some(count)
}

/// Writes at most forty bytes to the transport, every other time.
#[inline(never)]
pub(super) fn try_write(socket: i32, bytes: &[u8]) -> Option<usize> {
    let attempts = with(|world| {
        world.attempts += 1;
        world.attempts
    });
    if attempts % 2 == 1 {
        return None;
    }
    let count = bytes.len().min(40);
    put(fold(socket as u64, &bytes[..count]));
    Some(count)
}

/// Suspends once. One byte, and no waker in it.
pub(super) struct Once(bool);

/// Suspends once.
pub(super) const fn once() -> Once {
    Once(false)
}

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        match core::mem::replace(&mut self.0, true) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }
}

/// Receives some bytes from a connection, every other time; none after two hundred times.
#[inline(never)]
pub(super) fn receive(socket: i32, bytes: &mut [u8]) -> Option<usize> {
    let reads = with(|world| {
        world.attempts += 1;
        (world.attempts % 2 == 0).then(|| {
            world.reads += 1;
            world.reads
        })
    })?;
    if reads > 200 {
        return Some(0);
    }
    let count = bytes.len().min(1 + (get() as usize + socket as usize) % 48);
    fill(&mut bytes[..count]);
    Some(count)
}

/// The time: it goes on when somebody looks.
#[inline(never)]
pub(super) fn now() -> u64 {
    with(|world| {
        world.attempts += 1;
        u64::from(world.attempts)
    })
}
