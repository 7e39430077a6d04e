//! Which locals may hold a value, and which may hold none, at each point: a forward analysis.

use super::events::{Event, Events, Step};
use crate::hir::LocalId;
use crate::index::{IdSet, IndexVec};
use crate::mir::{BlockId, Body};

/// What is known about one local at one point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knowledge {
    /// On some path it holds a value that was not taken.
    pub maybe_filled: bool,
    /// On some path it holds none.
    pub maybe_empty: bool,
}

/// The state of all locals at one point.
#[derive(Clone, Debug, PartialEq, Eq)]
struct State {
    filled: IdSet<LocalId>,
    empty: IdSet<LocalId>,
}

/// The result: the state at the entry of each block that control gets to.
#[derive(Debug)]
pub struct Init {
    events: Events,
    entry: IndexVec<BlockId, Option<State>>,
}

impl State {
    fn unify(&mut self, other: &State) -> bool {
        let is_filled = self.filled.union(&other.filled);
        self.empty.union(&other.empty) || is_filled
    }

    fn apply(&mut self, steps: &[Step]) {
        for (local, event, is_certain) in steps {
            match event {
                Event::Use { .. } | Event::TakeLeaving => {}
                Event::Take | Event::Discard | Event::Clear => {
                    self.empty.insert(*local);
                    if *is_certain {
                        self.filled.remove(*local);
                    }
                }
                Event::Fill | Event::Refill => {
                    self.filled.insert(*local);
                    if *is_certain {
                        self.empty.remove(*local);
                    }
                }
            }
        }
    }

    /// What is taken on the way to a jump may be gone after it.
    fn leave(&mut self, steps: &[Step]) {
        for (local, event, _) in steps {
            if *event == Event::TakeLeaving {
                self.empty.insert(*local);
            }
        }
    }

    fn of(&self, local: LocalId) -> Knowledge {
        Knowledge {
            maybe_filled: self.filled.contains(local),
            maybe_empty: self.empty.contains(local),
        }
    }
}

/// Runs the analysis to its fixpoint.
pub(super) fn compute(body: &Body, events: &Events) -> Init {
    let count = body.locals.len();
    let mut start = State { filled: IdSet::new(count), empty: IdSet::new(count) };
    body.locals.ids().for_each(|local| {
        start.empty.insert(local);
    });
    let entry = IndexVec::filled(body.blocks.len(), None);
    let mut init = Init { events: events.clone(), entry };
    init.entry[body.entry()] = Some(start);
    loop {
        let mut is_changed = false;
        for id in events.reachable() {
            init.flow(body, *id, &mut |target, state| is_changed |= target.merge(state));
        }
        if !is_changed {
            return init;
        }
    }
}

/// The state at the entry of a block, to be merged into.
struct Entry<'a>(&'a mut Option<State>);

impl Entry<'_> {
    fn merge(self, state: &State) -> bool {
        match self.0 {
            Some(known) => known.unify(state),
            unknown => {
                *unknown = Some(state.clone());
                true
            }
        }
    }
}

impl Init {
    /// Carries the state of one block along its edges.
    fn flow(&mut self, body: &Body, id: BlockId, merge: &mut dyn FnMut(Entry<'_>, &State)) {
        let Some(mut state) = self.entry[id].clone() else { return };
        for index in 0..=self.events.end(id) {
            let steps = self.events.at(id, index);
            let jumps = self.events.jumps(id, index);
            if jumps.is_empty() {
                state.apply(steps);
                continue;
            }
            // Control may leave between any two steps.
            let mut during = state.clone();
            for step in steps {
                state.apply(std::slice::from_ref(step));
                during.unify(&state);
            }
            during.leave(steps);
            for target in jumps {
                merge(Entry(&mut self.entry[*target]), &during);
            }
        }
        for target in body.blocks[id].terminator.successors() {
            merge(Entry(&mut self.entry[target]), &state);
        }
    }

    fn state_before(&self, id: BlockId, index: usize) -> Option<State> {
        let mut state = self.entry[id].clone()?;
        (0..index).for_each(|index| state.apply(self.events.at(id, index)));
        Some(state)
    }

    /// The locals that may hold a value before a statement.
    pub fn filled_before(&self, id: BlockId, index: usize) -> Option<IdSet<LocalId>> {
        Some(self.state_before(id, index)?.filled)
    }

    /// What is known about a local before a statement.
    pub fn before(&self, id: BlockId, index: usize, local: LocalId) -> Knowledge {
        let unreached = Knowledge { maybe_filled: false, maybe_empty: true };
        self.state_before(id, index).map_or(unreached, |state| state.of(local))
    }

    /// What is known about a local when a block is left through its terminator.
    pub fn at_end(&self, id: BlockId, local: LocalId) -> Knowledge {
        self.before(id, self.events.end(id) + 1, local)
    }

    /// The locals that may hold a value at the entry of a block, if control gets there.
    pub fn filled_at(&self, id: BlockId) -> Option<IdSet<LocalId>> {
        Some(self.entry[id].as_ref()?.filled.clone())
    }

    /// Whether control gets to a block.
    pub fn is_reached(&self, id: BlockId) -> bool {
        self.entry[id].is_some()
    }
}

/// The effect of events on the locals that may hold a value.
pub(super) fn apply(filled: &mut IdSet<LocalId>, steps: &[Step]) {
    for (local, event, is_certain) in steps {
        match event {
            Event::Take | Event::Clear if *is_certain => filled.remove(*local),
            Event::Fill | Event::Refill => {
                filled.insert(*local);
            }
            _ => {}
        }
    }
}
