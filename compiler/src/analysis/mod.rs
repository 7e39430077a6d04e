//! What the passes after the graph need to know about it: one question per file.

mod borrows;
mod check;
mod elements;
mod events;
mod holders;
mod homes;
mod independent;
mod init;
mod liveness;
mod parts;
mod points;
mod pretty;

use events::{Events, begins};

use crate::hir::LocalId;
use crate::index::{IdSet, IndexVec};
use crate::mir::{BlockId, Body, Statement};

pub use borrows::Borrows;
pub use check::check;
pub use elements::Elements;
pub(crate) use events::{borrows, fills, mentions, named_by, takes_scrutinee, takes_variable};
pub use holders::Holders;
pub use homes::Home;
pub(crate) use homes::{declaring_blocks, is_last};
pub use init::{Init, Knowledge};
pub use parts::Parts;
pub(crate) use parts::{do_overlap, is_in_place, is_same_place};
pub use points::Walk;

/// The results of all analyses.
#[derive(Debug)]
pub struct Analysis {
    /// What all the code does.
    events: Events,
    /// Where each local may be filled or empty.
    pub init: Init,
    /// The locals that are read later, at the entry of each block.
    pub live: IndexVec<BlockId, IdSet<LocalId>>,
    /// The locals to which references may exist, at the entry and at the end of each block.
    pub borrowed: Borrows,
    /// Which locals may hold a reference to which.
    pub holders: Holders,
    /// Where each local is kept.
    pub homes: IndexVec<LocalId, Home>,
    /// Which parts are taken out of which locals.
    pub parts: Parts,
    /// Which locals hold arrays whose elements are taken.
    pub elements: Elements,
    /// Each suspension, in order of its state.
    pub suspensions: Vec<Suspension>,
}

/// What lives across one suspension.
#[derive(Clone, Debug)]
pub struct Suspension {
    /// The block that it ends.
    pub block: BlockId,
    /// The block that goes on after it.
    pub resume: BlockId,
    /// The locals whose bytes must survive.
    pub saved: IdSet<LocalId>,
    /// Of those, the ones that certainly hold a value that is dropped if the frame is.
    pub filled: IdSet<LocalId>,
    /// Of those, the ones of which only a flag in the frame knows.
    pub flagged: IdSet<LocalId>,
}

/// Runs all analyses.
pub fn run(body: &Body) -> Analysis {
    let events = Events::of(body);
    let mut analysis = Analysis {
        init: init::compute(body, &events),
        live: liveness::compute(body, &events),
        borrowed: borrows::compute(body, &events),
        holders: holders::compute(body, &events),
        events,
        homes: IndexVec::filled(body.locals.len(), Home::Block),
        parts: Parts::default(),
        elements: Elements::default(),
        suspensions: Vec::new(),
    };
    homes::find_suspensions(body, &mut analysis);
    homes::assign(body, &mut analysis);
    analysis.parts = parts::compute(body, &analysis);
    homes::keep_lent(body, &mut analysis);
    analysis.elements = elements::compute(body, &analysis);
    analysis
}

impl Analysis {
    /// Whether parts of a local may be taken, or elements of arrays in it: then its slot tells how the
    /// local is dropped.
    pub fn is_divided(&self, local: LocalId) -> bool {
        !self.parts.of(local).is_empty() || !self.elements.of(local).is_empty()
    }

    /// Whether elements of arrays in a local may be taken, and no parts of it: where none is missing, the value in
    /// the slot can be dropped instead of the slot.
    pub fn has_only_elements(&self, local: LocalId) -> bool {
        self.parts.of(local).is_empty() && !self.elements.of(local).is_empty()
    }

    /// Whether a local gets a value at one place only.
    pub fn is_filled_once(&self, local: LocalId) -> bool {
        let blocks = self.events.reachable().iter();
        let statements = blocks.flat_map(|id| (0..self.events.end(*id)).map(|index| (*id, index)));
        let filled = statements.flat_map(|(id, index)| self.events.filled_by(id, index));
        filled.filter(|filled| *filled == local).count() <= 1
    }

    /// Whether a reference to a local may be in use during or after a statement: where it seems to be
    /// copied only if `with_copies` says so.
    pub fn is_referenced(
        &self,
        body: &Body,
        (block, index): (BlockId, usize),
        local: LocalId,
        with_copies: bool,
    ) -> bool {
        if !self.borrowed.before(block, index).contains(local) {
            return false;
        }
        let walk = Walk::new(body, self, block);
        let after = walk.live_after(index);
        let mentioned = walk.mentioned_by(index);
        self.holders.before((block, index), local, with_copies).iter().any(|holder| {
            // One that a block inside a statement declares is gone after that.
            let is_live = || after.contains(holder) && body.declared.contains(&holder);
            let is_used = mentioned.contains(&holder) || is_live();
            holder != local && (is_used || self.is_kept_future(body, (block, index), holder))
        })
    }

    /// Whether a local may hold an `async` block, whose drop counts as a use of what it borrows.
    fn is_kept_future(
        &self,
        body: &Body,
        (block, index): (BlockId, usize),
        local: LocalId,
    ) -> bool {
        let is_future = |value: &syn::Expr| matches!(value, syn::Expr::Async(_));
        let makes = |statement: &Statement| match statement {
            Statement::Init { local: made, value } => *made == local && is_future(value),
            Statement::Let { pat, value, .. } => {
                crate::hir::bindings(pat).contains(&local) && is_future(value)
            }
            _ => false,
        };
        let mut statements = body.blocks.iter().flat_map(|block| &block.statements);
        statements.any(makes) && self.init.before(block, index, local).maybe_filled
    }

    /// The locals whose bytes are needed at a point: those that are read later, hold a value that is
    /// dropped later, or may be looked at through a reference that is used later.
    ///
    /// Unsafe code may have kept the address of a local that no reference tells of, which is valid to
    /// the end of the scope. What fits beside the state stays there as long: to share bytes would cost
    /// more than it saves.
    fn needed(
        &self,
        body: &Body,
        live: &IdSet<LocalId>,
        borrowed: &IdSet<LocalId>,
        filled: &IdSet<LocalId>,
    ) -> IdSet<LocalId> {
        let mut needed = live.clone();
        for local in filled.iter().filter(|local| !body.locals[*local].is_plain) {
            needed.insert(local);
        }
        let mut reached = needed.clone();
        let is_reached = |local: &LocalId| {
            body.has_unsafe
                || body.locals[*local].is_small()
                || self.holders.is_held(*local, &needed)
        };
        borrowed.iter().filter(is_reached).for_each(|local| {
            reached.insert(local);
        });
        reached
    }

    /// Whether a local is read after a statement, or after the terminator's own code.
    pub fn is_live_after(&self, body: &Body, block: BlockId, index: usize, local: LocalId) -> bool {
        Walk::new(body, self, block).live_after(index).contains(local)
    }

    /// Whether a local is read where control goes on behind a statement, jumps out of it aside.
    pub fn is_live_behind(
        &self,
        body: &Body,
        block: BlockId,
        index: usize,
        local: LocalId,
    ) -> bool {
        Walk::new(body, self, block).live_behind(index).contains(local)
    }

    /// Whether a local may hold something before a statement, be it what a closure left of it.
    pub fn may_be_left(&self, block: BlockId, index: usize, local: LocalId) -> bool {
        self.init.before(block, index, local).maybe_filled
            || self.events.is_captured_in_parts(local)
    }

    /// The locals to which references may exist at the entry of a block.
    pub fn borrows_at(&self, block: BlockId) -> IdSet<LocalId> {
        self.borrowed.entry[block].clone()
    }

    /// What lives across which suspension, as text.
    pub fn pretty(&self, body: &Body) -> String {
        pretty::pretty(self, body)
    }
}
