//! What a client will do with a connection.

use std::time::Duration;

use super::dice::Dice;

/// The longest that a client reads nothing, or stays before it goes.
const STALL_MAX: Duration = Duration::from_millis(800);

/// The longest pause between two messages, and between two reads of who is slow.
const PAUSE_MAX: Duration = Duration::from_millis(20);

/// The most bytes that a slow reader takes at once: as many reads as these take.
const SLOW_READS: u64 = 40;

/// What a client will do with a connection.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The bytes that it sends, unless it goes before.
    pub(super) total: u64,
    /// The longest message.
    pub(super) message_max: u64,
    /// Once in how many messages it pauses; 0 for never.
    pub(super) pauses: u64,
    pub(super) reading: Reading,
    pub(super) ending: Ending,
}

/// How it reads what comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// At once.
    Eager,
    /// A few bytes, then a pause.
    Slow {
        /// The bytes at a time.
        bytes: u64,
        /// The longest pause.
        pause: Duration,
    },
    /// Not at all for so long: the server cannot write.
    Stalled(Duration),
}

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// It says that it sends no more, and reads to the end.
    Finish,
    /// It resets the connection, when it has sent so much, or after a time.
    Reset(Departure),
    /// It closes the socket, whatever is under way.
    Leave(Departure),
}

/// When it goes: whatever comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Departure {
    pub(super) sent: u64,
    pub(super) time: Duration,
}

impl Plan {
    /// Throws the dice of a connection.
    pub(super) fn draw(dice: &mut Dice) -> Self {
        let is_stalled = dice.once_in(8);
        let total = match () {
            () if dice.once_in(16) => 0,
            // More than the buffers of both sockets hold, so that the server has to wait.
            () if is_stalled => dice.size(17..=20),
            () => dice.size(0..=17),
        };
        let reading = match () {
            () if is_stalled => Reading::Stalled(dice.time(STALL_MAX)),
            () if dice.once_in(4) => {
                Reading::Slow { bytes: total / SLOW_READS + 1, pause: dice.time(PAUSE_MAX) }
            }
            () => Reading::Eager,
        };
        let message_max = dice.size(0..=16).max(total / 1000 + 1);
        let pauses = if dice.once_in(4) { dice.number(8..=100) } else { 0 };
        Plan { total, message_max, pauses, reading, ending: Ending::draw(dice, total) }
    }

    /// The pause before the next message.
    pub(super) fn pause(&self, dice: &mut Dice) -> Option<Duration> {
        (self.pauses > 0 && dice.once_in(self.pauses)).then(|| dice.time(PAUSE_MAX))
    }
}

impl Ending {
    fn draw(dice: &mut Dice, total: u64) -> Self {
        if dice.once_in(2) {
            return Ending::Finish;
        }
        let sent = if dice.once_in(4) { 0 } else { dice.number(0..=total) };
        let departure = Departure { sent, time: dice.time(STALL_MAX) };
        if dice.once_in(3) { Ending::Leave(departure) } else { Ending::Reset(departure) }
    }

    pub(super) const fn departure(self) -> Option<Departure> {
        match self {
            Ending::Finish => None,
            Ending::Reset(departure) | Ending::Leave(departure) => Some(departure),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ending, Plan, Reading};
    use crate::soak::dice::Dice;

    /// Every thousand connections have all kinds of them.
    #[test]
    fn plans_differ() {
        let plans: Vec<Plan> = (0..1000).map(|n| Plan::draw(&mut Dice::new(1, n))).collect();
        let count = |is: fn(&Plan) -> bool| plans.iter().filter(|plan| is(plan)).count();
        assert!(count(|plan| plan.total == 0) > 20);
        assert!(count(|plan| plan.ending == Ending::Finish) > 300);
        assert!(count(|plan| matches!(plan.ending, Ending::Reset(_))) > 100);
        assert!(count(|plan| matches!(plan.ending, Ending::Leave(_))) > 50);
        assert!(count(|plan| plan.ending.departure().is_some_and(|d| d.sent == 0)) > 50);
        assert!(count(|plan| plan.reading == Reading::Eager) > 300);
        assert!(count(|plan| matches!(plan.reading, Reading::Slow { .. })) > 100);
        assert!(count(|plan| matches!(plan.reading, Reading::Stalled(_))) > 50);
    }
}
