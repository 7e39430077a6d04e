//! The timers of a runtime: a hierarchical wheel of intrusive nodes.
//!
//! A tick is 2^16 ns, about 66 µs. The wheel has 7 levels of 64 lists; a list of level `n` covers
//! 64^n ticks, so the wheel covers nine years, and a timer beyond goes round. A timer sits in the
//! level of the highest digit, in base 64, in which its tick differs from the current one. When the
//! time reaches a list, its timers move to a lower level, or are due if the level is 0.
//!
//! Adding and removing take constant time and no memory. Timers are guarded by the lock around
//! [`Timers`]: `LinksLocked` of [`crate::list`].

use core::ptr::NonNull;
use core::time::Duration;
use std::time::Instant;

use crate::list::{List, Node};
use crate::task::Wake;

/// A tick is this power of two, in nanoseconds.
const TICK: u32 = 16;
/// Each level divides by this power of two.
const DIGIT: u32 = 6;
const LEVELS: usize = 7;
const LISTS: usize = 1 << DIGIT;

/// What the node of a sleeping future holds.
#[derive(Debug)]
pub(crate) struct Timer {
    tick: u64,
    place: Place,
    pub(crate) wake: Wake,
}

/// The list a timer is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Wheel { level: u8, list: u8 },
    Due,
}

/// All timers of a runtime.
#[derive(Debug)]
pub(crate) struct Timers {
    epoch: Instant,
    /// Every tick up to this one has passed.
    now: u64,
    count: usize,
    levels: [Level; LEVELS],
    due: List<Timer>,
}

#[derive(Debug)]
struct Level {
    /// A bit for each list that is not empty.
    occupied: u64,
    lists: [List<Timer>; LISTS],
}

impl Timer {
    /// A timer that is not set.
    pub(crate) const fn new() -> Self {
        Timer { tick: 0, place: Place::Due, wake: Wake::Nobody }
    }
}

impl Timers {
    /// No timers.
    pub(crate) fn new() -> Self {
        Timers {
            epoch: Instant::now(),
            now: 0,
            count: 0,
            levels: [const { Level::new() }; LEVELS],
            due: List::new(),
        }
    }

    /// Whether no timer is set.
    pub(crate) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Sets the timer in `node`.
    ///
    /// # Safety
    ///
    /// * The caller holds the lock around this, and the node belongs to it only.
    /// * The node is pinned, is not set, and its owner removes it before its memory is reused.
    pub(crate) unsafe fn insert(&mut self, node: &Node<Timer>, deadline: Instant, wake: Wake) {
        // SAFETY: the lock is held: by this function's contract.
        let timer = unsafe { &mut *node.value() };
        timer.tick = self.tick_after(deadline);
        timer.wake = wake;
        if self.count == 0 {
            // Nothing can pass on the way, so the wheel may jump.
            self.now = self.now.max(self.tick_before(Instant::now()));
        }
        self.count += 1;
        // SAFETY: by this function's contract.
        unsafe { self.link(node) };
    }

    /// Takes the timer in `node` out, and gives the wake it had.
    ///
    /// # Safety
    ///
    /// * The caller holds the lock around this.
    /// * The node is set.
    pub(crate) unsafe fn remove(&mut self, node: &Node<Timer>) -> Wake {
        // SAFETY: the lock is held: by this function's contract.
        let timer = unsafe { &mut *node.value() };
        let list = self.list(timer.place);
        // SAFETY: the node is in the list of its place.
        unsafe { list.remove(node) };
        self.update(timer.place);
        self.count -= 1;
        timer.wake.take()
    }

    /// Takes one timer whose time has come.
    pub(crate) fn pop_expired(&mut self, now: Instant) -> Option<Wake> {
        let now = self.tick_before(now);
        while self.due.is_empty() {
            let next = self.next_list().filter(|&(tick, _)| tick <= now);
            let Some((tick, place)) = next else {
                self.now = self.now.max(now);
                return None;
            };
            self.now = tick;
            self.scatter(place);
        }
        self.pop_due()
    }

    /// Takes any timer, whatever its time.
    pub(crate) fn pop_any(&mut self) -> Option<Wake> {
        let place = match self.next_list() {
            Some((_, place)) => place,
            None => Place::Due,
        };
        let node = self.list(place).pop_front()?;
        self.update(place);
        Some(self.unset(node))
    }

    /// When to look at the timers again, at the latest.
    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        if !self.due.is_empty() {
            return Some(self.epoch);
        }
        if self.is_empty() {
            return None;
        }
        let (tick, _) = self.next_list()?;
        self.epoch.checked_add(Duration::from_nanos(tick.checked_shl(TICK)?))
    }

    fn pop_due(&mut self) -> Option<Wake> {
        let node = self.due.pop_front()?;
        Some(self.unset(node))
    }

    /// Takes the wake of a node that was just taken out of its list.
    fn unset(&mut self, node: NonNull<Node<Timer>>) -> Wake {
        self.count -= 1;
        // SAFETY: the node was linked until now, and the lock is held: `NodePinned`.
        let timer = unsafe { node.as_ref() }.value();
        // SAFETY: the lock is held: `LinksLocked`.
        unsafe { &mut *timer }.wake.take()
    }

    /// Puts a node into the list for its tick.
    ///
    /// # Safety
    ///
    /// * As for [`insert`](Self::insert); the tick is written.
    unsafe fn link(&mut self, node: &Node<Timer>) {
        // SAFETY: the lock is held: by this function's contract.
        let timer = unsafe { &mut *node.value() };
        timer.place = place_of(timer.tick, self.now);
        let list = self.list(timer.place);
        // SAFETY: by this function's contract.
        unsafe { list.push_back(node) };
        self.update(timer.place);
    }

    /// Moves the timers of a list that the time has reached.
    fn scatter(&mut self, place: Place) {
        let mut list = core::mem::replace(self.list(place), List::new());
        self.update(place);
        while let Some(node) = list.pop_front() {
            // SAFETY: the node was linked until now, and the lock is held: `NodePinned`.
            let node = unsafe { node.as_ref() };
            // SAFETY: the lock is held, and the node is in no list now.
            unsafe { self.link(node) };
        }
    }

    /// The next list that is not empty, and the tick at which the time reaches it.
    fn next_list(&self) -> Option<(u64, Place)> {
        (0..LEVELS).find_map(|level| {
            let shift = DIGIT * level as u32;
            let current = (self.now >> shift) & (LISTS as u64 - 1);
            let occupied = self.levels[level].occupied;
            if occupied == 0 {
                return None;
            }
            // Lists before the current one are a round later; the current one too, because what
            // is in it was put there for the next round.
            let distance = occupied.rotate_right(current as u32 + 1).trailing_zeros() as u64 + 1;
            let tick = ((self.now >> shift) + distance) << shift;
            let list = ((current + distance) % LISTS as u64) as u8;
            Some((tick, Place::Wheel { level: level as u8, list }))
        })
    }

    fn list(&mut self, place: Place) -> &mut List<Timer> {
        match place {
            Place::Due => &mut self.due,
            Place::Wheel { level, list } => {
                &mut self.levels[usize::from(level)].lists[usize::from(list)]
            }
        }
    }

    /// Makes the bit of a list say whether it is empty.
    fn update(&mut self, place: Place) {
        let Place::Wheel { level, list } = place else { return };
        let level = &mut self.levels[usize::from(level)];
        let bit = 1_u64 << list;
        if level.lists[usize::from(list)].is_empty() {
            level.occupied &= !bit;
        } else {
            level.occupied |= bit;
        }
    }

    /// The last tick that has passed at `instant`.
    fn tick_before(&self, instant: Instant) -> u64 {
        ticks(instant.saturating_duration_since(self.epoch))
    }

    /// The first tick at which `instant` has passed.
    fn tick_after(&self, instant: Instant) -> u64 {
        self.tick_before(instant) + 1
    }
}

impl Level {
    const fn new() -> Self {
        Level { occupied: 0, lists: [const { List::new() }; LISTS] }
    }
}

/// The number of whole ticks in `time`; what is longer than a century does not matter.
fn ticks(time: Duration) -> u64 {
    u64::try_from(time.as_nanos() >> TICK).unwrap_or(u64::MAX).min(u64::MAX >> TICK)
}

/// The list for a timer.
fn place_of(tick: u64, now: u64) -> Place {
    if tick <= now {
        return Place::Due;
    }
    let digit = (u64::BITS - 1 - (tick ^ now).leading_zeros()) / DIGIT;
    let level = digit.min(LEVELS as u32 - 1);
    let list = (tick >> (DIGIT * level)) & (LISTS as u64 - 1);
    Place::Wheel { level: level as u8, list: list as u8 }
}

#[cfg(test)]
mod tests {
    use super::{TICK, Timer, Timers};
    use crate::list::Node;
    use crate::task::Wake;
    use core::time::Duration;

    /// Sets timers at these ticks and gives the ticks at which they fire, in steps of `step`.
    fn fire(ticks: &[u64], step: u64) -> Vec<(u64, u64)> {
        let nodes: Vec<_> = ticks.iter().map(|_| Node::new(Timer::new())).collect();
        let mut timers = Timers::new();
        let epoch = timers.epoch;
        let at = |tick: u64| epoch + Duration::from_nanos(tick << TICK);
        for (node, &tick) in nodes.iter().zip(ticks) {
            // SAFETY: the nodes outlive the wheel, which this thread alone uses.
            unsafe { timers.insert(node, at(tick - 1), Wake::Nobody) };
        }
        let mut fired = Vec::new();
        let mut now = timers.now;
        let mut is_linked = vec![true; ticks.len()];
        while !timers.is_empty() {
            while timers.pop_expired(at(now)).is_some() {
                for (index, node) in nodes.iter().enumerate() {
                    // SAFETY: as above.
                    let linked = unsafe { node.is_linked() };
                    if core::mem::replace(&mut is_linked[index], linked) != linked {
                        fired.push((ticks[index], now));
                    }
                }
            }
            now += step;
        }
        fired
    }

    #[test]
    fn timers_fire_at_their_tick() {
        let ticks = [10_001, 10_064, 10_065, 14_096, 14_097, 20_000, 10_001, 300_000];
        let fired = fire(&ticks, 1);
        assert_eq!(fired.len(), ticks.len());
        assert!(fired.iter().all(|&(tick, now)| tick == now), "{fired:?}");
    }

    #[test]
    fn late_looks_fire_in_order() {
        let fired = fire(&[50_000, 10_001, 20_000, 10_064, 33_333], 1 << 20);
        let ticks: Vec<u64> = fired.iter().map(|&(tick, _)| tick).collect();
        assert_eq!(ticks, [10_001, 10_064, 20_000, 33_333, 50_000]);
    }

    #[test]
    fn a_far_timer_waits_for_its_round() {
        let far = (1 << 43) + 5;
        let fired = fire(&[far, 10_001], 1 << 36);
        assert_eq!(fired.len(), 2);
        let (tick, now) = fired[1];
        assert!(tick == far && now >= far && now < far + (1 << 36), "{fired:?}");
    }

    #[test]
    fn a_removed_timer_does_not_fire() {
        let nodes = [Node::new(Timer::new()), Node::new(Timer::new())];
        let mut timers = Timers::new();
        let deadline = timers.epoch + Duration::from_millis(5);
        for node in &nodes {
            // SAFETY: the nodes outlive the wheel, which this thread alone uses.
            unsafe { timers.insert(node, deadline, Wake::Nobody) };
        }
        // SAFETY: the node was just set.
        unsafe { timers.remove(&nodes[0]) };
        let late = deadline + Duration::from_secs(1);
        assert!(timers.pop_expired(late).is_some());
        assert!(timers.pop_expired(late).is_none());
        assert!(timers.is_empty() && timers.next_deadline().is_none());
    }

    #[test]
    fn emptying_the_wheel_does_not_turn_it() {
        let node = Node::new(Timer::new());
        let mut timers = Timers::new();
        let hour = Duration::from_secs(3600);
        for _ in 0..2 {
            // SAFETY: the node outlives the wheel, which this thread alone uses, and is not set.
            unsafe { timers.insert(&node, timers.epoch + hour, Wake::Nobody) };
            assert!(timers.pop_expired(timers.epoch + hour / 2).is_none());
            assert!(timers.pop_any().is_some() && timers.pop_any().is_none());
        }
        assert!(timers.is_empty());
    }
}
