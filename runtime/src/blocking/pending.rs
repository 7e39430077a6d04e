//! Work of this crate's, wherever it is done.

use core::task::{Context, Poll, ready};
use std::io;
use std::sync::Arc;

use super::{Unit, Work};
use crate::driver::Index;
use crate::scheduler::{self, Core, RuntimeId};

/// Work that waits to be begun, or to be done: by the kernel if it can, else by a thread.
///
/// Dropping it asks the kernel to give the work up, and waits for nothing.
#[derive(Debug)]
pub(crate) struct Pending<W: Work> {
    state: State<W>,
}

#[derive(Debug)]
enum State<W: Work> {
    /// Not polled yet.
    New(W),
    /// Somebody works on it.
    Begun(Arc<Unit<W>>, Option<(RuntimeId, Index)>),
    /// The result was given.
    Done,
}

impl<W: Work> Pending<W> {
    pub(crate) const fn new(work: W) -> Self {
        Pending { state: State::New(work) }
    }

    /// The result, and the work with what it has produced.
    pub(crate) fn poll<T>(
        &mut self,
        context: &Context<'_>,
        end: impl FnOnce(io::Result<usize>, &mut W) -> T,
    ) -> Poll<io::Result<T>> {
        if let State::New(_) = self.state {
            self.begin()?;
        }
        let State::Begun(unit, _) = &self.state else { panic!("polled after it gave its result") };
        let value = ready!(unit.poll(context, end));
        self.state = State::Done;
        Poll::Ready(Ok(value))
    }

    fn begin(&mut self) -> io::Result<()> {
        let State::New(work) = core::mem::replace(&mut self.state, State::Done) else {
            return Ok(());
        };
        let unit = Unit::new(work);
        let index = scheduler::with(|core| match core {
            Some(core) => hand_over(core, &unit),
            None => Err(scheduler::outside()),
        })?;
        self.state = State::Begun(unit, index);
        Ok(())
    }
}

/// Gives a unit that was made or renewed just now to the kernel or to a thread. If the kernel has it, it knows
/// it by what is returned.
pub(crate) fn hand_over<W: Work>(
    core: &Core,
    unit: &Arc<Unit<W>>,
) -> io::Result<Option<(RuntimeId, Index)>> {
    #[cfg(target_os = "linux")]
    if let Some(ring) = core.ring() {
        // SAFETY: the unit was made or renewed just now, and nobody works on it.
        if let Some(entry) = unsafe { unit.entry() } {
            let unit = Arc::clone(unit);
            if ring.can_do(entry.code()) {
                let mut ledger = core.ledger().borrow_mut();
                // SAFETY: the memory that the entry names is the unit's, and the ledger keeps the
                // unit until the completion; until then nobody else touches it: `WorkByStage`.
                let index = unsafe { ledger.begin_unit(entry, unit) }?;
                return Ok(Some((core.id(), index)));
            }
        }
    }
    core.shared().threads(core.id())?.push(Arc::clone(unit) as _);
    Ok(None)
}

impl<W: Work> Drop for Pending<W> {
    fn drop(&mut self) {
        if let State::Begun(unit, Some(record)) = &self.state {
            cancel(unit, *record);
        }
    }
}

/// Asks the kernel to give up a unit that it has.
pub(crate) fn cancel<W: Work>(unit: &Unit<W>, (runtime, index): (RuntimeId, Index)) {
    scheduler::with(|core| {
        // Completions come on this thread, so a unit that is not done still has its record.
        if let Some(core) = core.filter(|core| core.id() == runtime)
            && !unit.is_done()
        {
            core.ledger().borrow_mut().cancel_unit(index);
        }
    });
}
