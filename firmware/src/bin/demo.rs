//! An application: more than two hundred coroutines in `.bss`, on two executors.
//!
//! It echoes lines until it receives `done`, and meanwhile runs a periodic timer, a producer and a
//! consumer with a channel between them, two hundred small coroutines, coroutines that the timer's
//! interrupt spawns, and one that runs at the priority of an interrupt. Then it prints what they did.
#![no_std]
#![no_main]

use core::sync::atomic::Ordering::Relaxed;

use coframe::{Executor, FramePool, PoolFull, frame_pool, frame_size};
use coframe_firmware::board::clock::{TIMERS, sleep_until};
use coframe_firmware::board::{self, Interrupt, serial};
use coframe_firmware::programs::Record;
use cortex_m::peripheral::NVIC;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::channel::Channel;
use embassy_sync::signal::Signal;
use portable_atomic::AtomicU32;

/// What a coroutine came to.
type Outcome = Signal<CriticalSectionRawMutex, u32>;

static LINES: Outcome = Signal::new();
static PERIODS: Outcome = Signal::new();
static CHECKSUM: Outcome = Signal::new();
/// The number of small coroutines. The type of `MEMBERS` depends on `member`, so that cannot ask it.
const CROWD_SIZE: usize = 200;

static CROWD: Outcome = Signal::new();
static WATCHED: Outcome = Signal::new();
static CHANNEL: Channel<CriticalSectionRawMutex, Record, 4> = Channel::new();

frame_pool! {
    static LARGE: [echo; 1];
    static SMALL: [tick | produce | consume | report; 4];
    static MEMBERS: [member; CROWD_SIZE];
    /// For the coroutines that the timer's interrupt spawns.
    static VISITORS: [visit; 2];
}
/// For the coroutine at the priority of an interrupt: by hand, as `frame_pool!` would make it.
static WATCHERS: FramePool<{ frame_size!(watch) }, 1> = FramePool::new();

static EXECUTOR: Executor = Executor::new();
/// Its tasks interrupt those of the other: whoever wakes one of them pends this interrupt.
static URGENT: Executor = Executor::with_notify(|| NVIC::pend(URGENT_INTERRUPT));
const URGENT_INTERRUPT: Interrupt = Interrupt(6);

/// Sends back each line, and ends after `done`.
#[coframe::coroutine]
async fn echo() {
    let mut line = [0; 128];
    let mut length = 0;
    let mut lines = 0;
    loop {
        let byte = serial::receive().await;
        if byte != b'\n' {
            if let Some(place) = line.get_mut(length) {
                *place = byte;
                length += 1;
            }
            continue;
        }
        let text = line.get(..length).unwrap_or_default();
        if text == b"done" {
            LINES.signal(lines);
            return;
        }
        serial::print("echo: ");
        serial::write(text);
        serial::print("\n");
        lines += 1;
        length = 0;
    }
}

/// Wakes ten times at a fixed rate, and tells how many periods that took.
#[coframe::coroutine]
async fn tick(period: u32) {
    let start = TIMERS.now();
    let mut at = start;
    for _ in 0..10 {
        at += u64::from(period);
        sleep_until(at).await;
    }
    PERIODS.signal((TIMERS.now() - start) as u32 / period);
}

#[coframe::coroutine]
async fn produce(count: u32) {
    for number in 0..count {
        CHANNEL.send(Record::new(number)).await;
    }
}

#[coframe::coroutine]
async fn consume(count: u32) {
    let mut sum = 0;
    for _ in 0..count {
        sum = CHANNEL.receive().await.add_to(sum);
    }
    CHECKSUM.signal(sum);
}

/// One of the crowd. The last one reports the sum of all.
#[coframe::coroutine]
async fn member(number: u32) {
    static SUM: AtomicU32 = AtomicU32::new(0);
    static ENDED: AtomicU32 = AtomicU32::new(0);
    for _ in 0..3 {
        TIMERS.sleep(1 + u64::from(number % 16)).await;
        SUM.fetch_add(number, Relaxed);
    }
    if ENDED.fetch_add(1, Relaxed) + 1 == CROWD_SIZE as u32 {
        CROWD.signal(SUM.load(Relaxed));
    }
}

/// How many shall come.
const COMING: u32 = 10;
static CAME: AtomicU32 = AtomicU32::new(0);
static VISITS: AtomicU32 = AtomicU32::new(0);
static REFUSED: AtomicU32 = AtomicU32::new(0);

/// Stays for a while. The timer's interrupt spawns one every fifty ticks, while two have room.
#[coframe::coroutine]
async fn visit(ticks: u64) {
    TIMERS.sleep(ticks).await;
    VISITS.fetch_add(1, Relaxed);
}

fn spawn_visitor() {
    if CAME.load(Relaxed) == COMING {
        return;
    }
    CAME.fetch_add(1, Relaxed);
    match VISITORS.spawn(&EXECUTOR, visit(120)) {
        Ok(()) => {}
        Err(PoolFull(_visit)) => _ = REFUSED.fetch_add(1, Relaxed),
    }
}

/// Runs as an interrupt, every ten ticks.
#[coframe::coroutine]
async fn watch() {
    let mut at = TIMERS.now();
    let mut count = 0;
    while count < 50 {
        at += 10;
        sleep_until(at).await;
        count += 1;
    }
    WATCHED.signal(count);
}

/// Prints what the others came to, in a fixed order, and ends the program.
#[coframe::coroutine]
async fn report() {
    serial::print_line("lines: ", LINES.wait().await, "");
    serial::print_line("periods: ", PERIODS.wait().await, "");
    serial::print_line("checksum: ", CHECKSUM.wait().await, "");
    serial::print_line("crowd: ", CROWD.wait().await, "");
    serial::print_line("watched: ", WATCHED.wait().await, "");
    while CAME.load(Relaxed) < COMING || VISITORS.in_use() > 0 {
        TIMERS.sleep(10).await;
    }
    serial::print_line("visits: ", VISITS.load(Relaxed), "");
    serial::print_line("refused: ", REFUSED.load(Relaxed), "");
    board::finish();
}

/// Prints the size of each frame, and the memory of each pool.
fn print_sizes() {
    const HEADER: usize = 2 * size_of::<usize>();
    serial::print_line("header: ", HEADER as u32, " bytes");
    for (name, size) in [
        ("echo", frame_size!(echo)),
        ("tick", frame_size!(tick)),
        ("produce", frame_size!(produce)),
        ("consume", frame_size!(consume)),
        ("member", frame_size!(member)),
        ("visit", frame_size!(visit)),
        ("watch", frame_size!(watch)),
        ("report", frame_size!(report)),
    ] {
        serial::print("frame of ");
        serial::print(name);
        serial::print_line(": ", size as u32, " bytes");
    }
    for (name, size) in [
        ("LARGE", size_of_val(&LARGE)),
        ("SMALL", size_of_val(&SMALL)),
        ("MEMBERS", size_of_val(&MEMBERS)),
        ("VISITORS", size_of_val(&VISITORS)),
        ("WATCHERS", size_of_val(&WATCHERS)),
    ] {
        serial::print("pool ");
        serial::print(name);
        serial::print_line(": ", size as u32, " bytes");
    }
}

fn spawn_all() -> Option<()> {
    LARGE.spawn_with(&EXECUTOR, echo).ok()?;
    SMALL.spawn(&EXECUTOR, tick(20)).ok()?;
    SMALL.spawn(&EXECUTOR, produce(100)).ok()?;
    SMALL.spawn(&EXECUTOR, consume(100)).ok()?;
    SMALL.spawn(&EXECUTOR, report()).ok()?;
    for number in 0..CROWD_SIZE as u32 {
        MEMBERS.spawn(&EXECUTOR, member(number)).ok()?;
    }
    WATCHERS.spawn(&URGENT, watch()).ok()
}

#[cortex_m_rt::entry]
fn main() -> ! {
    board::init();
    print_sizes();
    // SAFETY: the handler only resumes tasks, which share nothing but what is `Sync`.
    unsafe { NVIC::unmask(URGENT_INTERRUPT) };
    if spawn_all().is_none() {
        board::fail();
    }
    EXECUTOR.run(cortex_m::asm::wfe)
}

#[cortex_m_rt::exception]
fn SysTick() {
    board::clock::count();
    TIMERS.fire();
    if TIMERS.now().is_multiple_of(50) {
        spawn_visitor();
    }
}

#[cortex_m_rt::exception]
unsafe fn DefaultHandler(interrupt: i16) {
    if interrupt == URGENT_INTERRUPT.0 as i16 {
        URGENT.poll();
    } else {
        serial::collect();
        serial::wake();
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    board::fail()
}
