//! Whether a short wait is spent asleep or awake, by what each has cost.
//!
//! Who sleeps leaves its processor to others, and pays for being woken: some microseconds, or some tens
//! in a virtual machine, where an idle processor is taken away. Who stays awake, and looks at the queue
//! again and again, pays for the time until something comes. Which is less depends on the machine
//! and on how soon that is, so both are measured:
//!
//! ```text
//!   a stretch of windows in one mode ──▶ one window in the other ──▶ compare the processor time
//!            ▲                                                       of an arrival in each
//!            └────────────── the mode that cost less ◀──────────────────────┘
//! ```
//!
//! A window is a number of waits. Stretches become longer as long as the same mode wins. Being awake must win
//! by a sixteenth to begin, and is given up if it costs more, or as soon as nothing came in time a few times
//! more often than something: who waits for long pays next to nothing.
//!
//! The method is that of spinning for as long as the alternative costs (A. R. Karlin et al., *Empirical
//! Studies of Competitive Spinning for a Shared-Memory Multiprocessor*, 1991), with the costs measured.

use core::cell::RefCell;
use core::hint;
use core::mem::MaybeUninit;
use core::time::Duration;
use std::time::Instant;

/// How long a wait may be spent awake. It is a few times what waking a processor of a virtual machine
/// takes.
const LIMIT: Duration = Duration::from_micros(100);

/// The waits of a window.
const WINDOW: u32 = 32;
/// The shortest stretch, in windows, and the longest.
const SHORTEST: u32 = 4;
const LONGEST: u32 = 256;
/// How many more waits may be awake in vain than not.
const PATIENCE: u32 = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Asleep,
    Awake,
}

impl Mode {
    const fn other(self) -> Self {
        match self {
            Mode::Asleep => Mode::Awake,
            Mode::Awake => Mode::Asleep,
        }
    }
}

/// The waits of one loop.
#[derive(Debug)]
pub(crate) struct Spin(RefCell<Choice>);

impl Spin {
    pub(crate) const fn new(is_allowed: bool) -> Self {
        Spin(RefCell::new(Choice::new(is_allowed)))
    }

    /// Spends a wait awake, or its beginning, if that costs less than to sleep, and gives what is left of
    /// the timeout: nothing if `look` has found something.
    ///
    /// `arrived` is how much the loop has found until now. To be called before waits that may be short, and
    /// that nothing else can fill.
    ///
    /// # Errors
    ///
    /// Those of `look`.
    pub(crate) fn wait<E>(
        &self,
        timeout: Option<Duration>,
        arrived: u32,
        mut look: impl FnMut() -> Result<bool, E>,
    ) -> Result<Option<Duration>, E> {
        let is_short = timeout.is_some_and(|timeout| timeout <= LIMIT);
        if is_short || !self.0.borrow_mut().next(|| Spent::until_now(arrived)) {
            return Ok(timeout);
        }
        let begin = Instant::now();
        loop {
            let has_come = look()?;
            let elapsed = begin.elapsed();
            if has_come || elapsed > LIMIT {
                self.0.borrow_mut().was_awake(has_come);
                let left = timeout.map(|timeout| timeout.saturating_sub(elapsed));
                return Ok(if has_come { Some(Duration::ZERO) } else { left });
            }
            hint::spin_loop();
        }
    }
}

/// What was measured, and what follows from it.
#[derive(Debug)]
struct Choice {
    is_allowed: bool,
    mode: Mode,
    is_trial: bool,
    /// The windows of this mode until the other one is tried, and of the stretch in all.
    windows: u32,
    stretch: u32,
    window: Window,
    /// The nanoseconds of an arrival in the last window of the other mode.
    other_cost: u64,
}

#[derive(Debug, Default)]
struct Window {
    waits: u32,
    /// Waits that were awake in vain, less the others; not below zero.
    in_vain: u32,
    /// What there was when it began.
    before: Spent,
}

/// The processor time of this thread, and what has arrived for it.
#[derive(Clone, Copy, Debug, Default)]
struct Spent {
    time: Duration,
    arrived: u32,
}

impl Spent {
    fn until_now(arrived: u32) -> Self {
        Spent { time: processor_time(), arrived }
    }
}

/// The processor time of this thread. The clock is asked by libc, as rustix looks for it in the kernel's
/// page by itself, and does not find that under valgrind.
fn processor_time() -> Duration {
    let mut time = MaybeUninit::<libc::timespec>::uninit();
    // SAFETY: there is room for what is written.
    let is_unknown =
        unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, time.as_mut_ptr()) } != 0;
    if is_unknown {
        return Duration::ZERO;
    }
    // SAFETY: the call has written it.
    let time = unsafe { time.assume_init() };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

impl Choice {
    const fn new(is_allowed: bool) -> Self {
        let before = Spent { time: Duration::ZERO, arrived: 0 };
        let window = Window { waits: 0, in_vain: 0, before };
        Choice {
            is_allowed,
            mode: Mode::Asleep,
            is_trial: false,
            windows: 1,
            stretch: SHORTEST,
            window,
            other_cost: u64::MAX,
        }
    }

    /// Whether the next wait is to be spent awake. `spent` is asked for once in a window.
    fn next(&mut self, spent: impl FnOnce() -> Spent) -> bool {
        if !self.is_allowed {
            return false;
        }
        match self.window.waits {
            0 => self.begin_window(spent()),
            WINDOW => {
                let spent = spent();
                self.end_window(spent);
                self.begin_window(spent);
            }
            _ => (),
        }
        self.window.waits += 1;
        self.mode == Mode::Awake
    }

    /// A wait that was spent awake is over: whether something came.
    fn was_awake(&mut self, has_come: bool) {
        if has_come {
            self.window.in_vain = self.window.in_vain.saturating_sub(1);
            return;
        }
        self.window.in_vain += 1;
        if self.window.in_vain == PATIENCE {
            self.settle(Mode::Asleep);
            self.window.waits = 0;
        }
    }

    fn begin_window(&mut self, spent: Spent) {
        self.window = Window { waits: 0, in_vain: 0, before: spent };
    }

    fn end_window(&mut self, spent: Spent) {
        let before = self.window.before;
        let time = spent.time.saturating_sub(before.time).as_nanos() as u64;
        let arrived = spent.arrived.wrapping_sub(before.arrived);
        let cost = time / u64::from(arrived.max(1));
        if self.is_trial {
            // It answers sooner, so it is not left for nothing; it keeps a processor from others, so it does
            // not begin by chance.
            let is_awake_better = match self.mode {
                Mode::Awake => cost < self.other_cost - self.other_cost / 16,
                Mode::Asleep => self.other_cost <= cost,
            };
            self.settle(if is_awake_better { Mode::Awake } else { Mode::Asleep });
            return;
        }
        self.windows -= 1;
        if self.windows == 0 {
            self.other_cost = cost;
            self.mode = self.mode.other();
            self.is_trial = true;
        }
    }

    /// Takes this mode for a stretch: twice as long as before, if it is the same as before.
    fn settle(&mut self, mode: Mode) {
        let before = if self.is_trial { self.mode.other() } else { self.mode };
        self.stretch = if mode == before { (2 * self.stretch).min(LONGEST) } else { SHORTEST };
        self.windows = self.stretch;
        self.mode = mode;
        self.is_trial = false;
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use core::time::Duration;

    use super::{Choice, LONGEST, Spent, WINDOW};

    /// A machine where a wait takes so many nanoseconds of processor time.
    struct Machine {
        asleep: u64,
        awake: u64,
        /// Whether something comes before the limit.
        is_soon: bool,
    }

    /// The share of so many windows that was spent awake.
    fn share_awake(choice: &mut Choice, machine: &Machine, windows: u32) -> f64 {
        let (mut time, mut awake) = (Duration::ZERO, 0);
        let waits = windows * WINDOW;
        for arrived in 0..waits {
            let cost = if choice.next(|| Spent { time, arrived }) {
                awake += 1;
                choice.was_awake(machine.is_soon);
                machine.awake
            } else {
                machine.asleep
            };
            time += Duration::from_nanos(cost);
        }
        f64::from(awake) / f64::from(waits)
    }

    #[test]
    fn the_cheaper_mode_is_taken() {
        let virtual_machine = Machine { asleep: 40_000, awake: 20_000, is_soon: true };
        let bare_metal = Machine { asleep: 5_000, awake: 10_000, is_soon: true };
        let equal = Machine { asleep: 10_000, awake: 9_500, is_soon: true };
        assert!(share_awake(&mut Choice::new(true), &virtual_machine, 2 * LONGEST) > 0.95);
        assert!(share_awake(&mut Choice::new(true), &bare_metal, 2 * LONGEST) < 0.05);
        assert!(share_awake(&mut Choice::new(true), &equal, 2 * LONGEST) < 0.05);
    }

    #[test]
    fn who_is_awake_sleeps_again_only_if_that_is_cheaper() {
        let mut choice = Choice::new(true);
        let cheaper = Machine { asleep: 40_000, awake: 20_000, is_soon: true };
        let equal = Machine { asleep: 10_000, awake: 10_000, is_soon: true };
        let dearer = Machine { asleep: 10_000, awake: 11_000, is_soon: true };
        assert!(share_awake(&mut choice, &cheaper, 2 * LONGEST) > 0.95);
        assert!(share_awake(&mut choice, &equal, 2 * LONGEST) > 0.95);
        assert!(share_awake(&mut choice, &dearer, 4 * LONGEST) < 0.5);
    }

    #[test]
    fn long_waits_are_spent_asleep() {
        let idle = Machine { asleep: 40_000, awake: 140_000, is_soon: false };
        assert!(share_awake(&mut Choice::new(true), &idle, 2 * LONGEST) < 0.01);
    }

    #[test]
    fn processor_time_is_used() {
        let before = super::processor_time();
        while super::processor_time() == before {
            core::hint::spin_loop();
        }
        assert!(super::processor_time() > before);
    }

    #[test]
    fn it_can_be_forbidden() {
        let machine = Machine { asleep: 40_000, awake: 20_000, is_soon: true };
        let mut choice = Choice::new(false);
        assert_eq!(share_awake(&mut choice, &machine, LONGEST), 0.0);
    }

    #[test]
    fn it_follows_a_load_that_changes() {
        let mut choice = Choice::new(true);
        let busy = Machine { asleep: 40_000, awake: 20_000, is_soon: true };
        let idle = Machine { asleep: 40_000, awake: 140_000, is_soon: false };
        assert!(share_awake(&mut choice, &busy, 2 * LONGEST) > 0.95);
        assert!(share_awake(&mut choice, &idle, 2 * LONGEST) < 0.01);
        assert!(share_awake(&mut choice, &busy, 4 * LONGEST) > 0.5);
    }
}
