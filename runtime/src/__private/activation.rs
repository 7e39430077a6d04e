//! One resume of a frame: it runs steps, and drops what is left when they end.

use core::mem::forget;
use core::task::Poll;

use super::{Later, Live, Step, drop_each};
use crate::coroutine::{CoroutineState, MayHaveEnded, resumed_after_end};
use crate::frame::drops::{self, DropList, DropSlot};
use crate::frame::layout::Table;

/// The rooms of the locals that live between two suspensions.
pub trait Rooms {
    /// The types of what is in them, by the bits of the locals.
    type Values;
    /// How what is in them is dropped when a resume panics, by the bits of the locals.
    const DROPS: &'static [DropSlot];
    /// How it is dropped when the coroutine returns.
    const ENDS: &'static [DropSlot] = Self::DROPS;
}

impl Rooms for () {
    type Values = ();
    const DROPS: &'static [DropSlot] = &[];
}

/// What one resume knows and the frame does not. Dropping it is what a panic does.
///
/// # Invariants
///
/// * nobody else uses the frame and the rooms: `OneResumer`.
/// * the locals whose bits are set hold values, whenever it ends.
#[allow(missing_debug_implementations, reason = "what it points at may be uninitialised")]
pub struct Activation<'a, F: Table, R: Rooms, const WORDS: usize> {
    frame: *mut F,
    rooms: *const R,
    live: &'a [Live; WORDS],
}

impl<'a, F: Table, R: Rooms, const WORDS: usize> Activation<'a, F, R, WORDS> {
    /// The record of a resume that begins.
    ///
    /// # Safety
    ///
    /// * nobody else uses the frame and the rooms until it ends.
    /// * whenever it ends, the locals whose bits are set hold values.
    #[inline(always)]
    pub const unsafe fn new(frame: *mut F, rooms: *const R, live: &'a [Live; WORDS]) -> Self {
        Activation { frame, rooms, live }
    }

    /// Drops what is live, and leaves the frame in the state of one that has returned.
    ///
    /// # Safety
    ///
    /// * as for [`leave`].
    #[inline(always)]
    unsafe fn end(self)
    where
        F::Values: DropList<R::Values>,
    {
        let (frame, rooms, live) = (self.frame, self.rooms, Live::bits(self.live));
        forget(self);
        // SAFETY: the caller's promise.
        let drop_all = || unsafe {
            drop_held::<F, R, WORDS>(frame, rooms, live, [F::ENDS, R::ENDS], [F::DROPS, R::DROPS]);
        };
        // SAFETY: the caller's promise.
        unsafe { leave(frame, F::RETURNED, drop_all) };
    }
}

impl<F: Table, R: Rooms, const WORDS: usize> Drop for Activation<'_, F, R, WORDS> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: by the type's invariants.
        unsafe { unwind(self.frame, self.rooms, Live::bits(self.live)) };
    }
}

/// What a panic does. It takes the record as values, so that the record itself need not be in memory.
///
/// # Safety
///
/// * as for [`leave`].
#[cold]
#[inline(never)]
unsafe fn unwind<F: Table, R: Rooms, const WORDS: usize>(
    frame: *mut F,
    rooms: *const R,
    live: [u32; WORDS],
) {
    let tables = [F::DROPS, R::DROPS];
    // SAFETY: the caller's promise.
    let drop_all = || unsafe { drop_by_table::<F, R, WORDS>(frame, rooms, live, tables, tables) };
    // SAFETY: the caller's promise.
    unsafe { leave(frame, F::POISONED, drop_all) };
}

/// Drops what is live, and then leaves the frame in the state `end`: if a drop panics, it is poisoned. A
/// callee that keeps the state does so until it is dropped.
///
/// # Safety
///
/// * nobody else uses the frame and the rooms.
/// * the locals whose bits are set hold values, which are not used afterwards.
#[inline(always)]
unsafe fn leave<F: Table>(frame: *mut F, end: F::State, drop_all: impl FnOnce()) {
    // SAFETY: by this function's contract.
    let poison = Later::new(|| unsafe { F::set_state(frame, F::POISONED) });
    drop_all();
    forget(poison);
    // SAFETY: by this function's contract.
    unsafe { F::set_state(frame, end) };
}

/// Drops what is live: by code for its types where that is optimised, and else by tables. When one panics,
/// what is left is dropped by the tables `after_panic`, as rustc unwinds by other drops.
///
/// # Safety
///
/// * as for [`leave`].
/// * the tables are those of the frame and of the rooms.
#[inline(always)]
unsafe fn drop_held<F: Table, R: Rooms, const WORDS: usize>(
    frame: *mut F,
    rooms: *const R,
    live: [u32; WORDS],
    tables: [&'static [DropSlot]; 2],
    after_panic: [&'static [DropSlot]; 2],
) where
    F::Values: DropList<R::Values>,
{
    if cfg!(debug_assertions) || F::BY_TABLE {
        // SAFETY: the caller's promise.
        return unsafe { drop_by_table::<F, R, WORDS>(frame, rooms, live, tables, after_panic) };
    }
    let live = Live::of(live);
    let places = [frame.cast(), rooms.cast_mut().cast()];
    // SAFETY: the tables are those of the frame and of the rooms, by this function's contract.
    drop_each(|| unsafe { F::Values::drop_list(places, tables, &live, 0) });
}

/// Drops what is live, in one loop over both tables.
///
/// # Safety
///
/// * as for [`leave`].
/// * the tables are those of the frame and of the rooms.
#[inline(always)]
unsafe fn drop_by_table<F: Table, R: Rooms, const WORDS: usize>(
    frame: *mut F,
    rooms: *const R,
    live: [u32; WORDS],
    tables: [&'static [DropSlot]; 2],
    after_panic: [&'static [DropSlot]; 2],
) {
    if const { drops::is_any(F::DROPS) || drops::is_any(R::DROPS) } && live != [0; WORDS] {
        // SAFETY: the tables are those of the frame and of the rooms, by this function's contract.
        unsafe { drops::drop_live(frame.cast(), rooms.cast(), &live, tables, after_panic) };
    }
}

/// How a resume has ended.
enum End<Y, T> {
    Suspended(Y),
    Done(T),
    HadEnded { is_poisoned: bool },
}

/// Runs steps until one suspends or ends.
///
/// # Safety
///
/// * when it suspends, the frame holds what the state says.
#[inline(always)]
unsafe fn run<F: Table<Values: DropList<R::Values>>, R: Rooms, E, Y, T, const WORDS: usize>(
    activation: Activation<'_, F, R, WORDS>,
    mut entry: E,
    mut step: impl FnMut(E) -> Step<E, F::State, Y, T>,
) -> End<Y, T> {
    loop {
        match step(entry) {
            Step::Goto(next) => entry = next,
            Step::Suspended(next, value) => {
                // SAFETY: by this function's contract.
                unsafe { F::set_state(activation.frame, next) };
                forget(activation);
                return End::Suspended(value);
            }
            Step::Done(value) => {
                // SAFETY: by this function's contract.
                unsafe { activation.end() };
                return End::Done(value);
            }
            Step::Ended { is_poisoned } => {
                forget(activation);
                return End::HadEnded { is_poisoned };
            }
        }
    }
}

/// Resumes a future: runs steps until one suspends or ends.
///
/// # Safety
///
/// * when it suspends, the frame holds what the state says.
#[inline(always)]
#[track_caller]
pub unsafe fn run_future<
    F: Table<Values: DropList<R::Values>>,
    R: Rooms,
    E,
    T,
    const WORDS: usize,
>(
    activation: Activation<'_, F, R, WORDS>,
    ended: MayHaveEnded,
    entry: E,
    step: impl FnMut(E) -> Step<E, F::State, (), T>,
) -> Poll<T> {
    // SAFETY: the caller's promise.
    match unsafe { run(activation, entry, step) } {
        End::Suspended(()) => Poll::Pending,
        End::Done(value) => Poll::Ready(value),
        // SAFETY: the step has found that it has ended.
        End::HadEnded { is_poisoned } => unsafe { ended.panic(F::NAME, is_poisoned) },
    }
}

/// Resumes a coroutine by hand: runs steps until one suspends or ends.
///
/// # Safety
///
/// * when it suspends, the frame holds what the state says.
#[inline(always)]
#[track_caller]
pub unsafe fn run_coroutine<
    F: Table<Values: DropList<R::Values>>,
    R: Rooms,
    E,
    Y,
    T,
    const WORDS: usize,
>(
    activation: Activation<'_, F, R, WORDS>,
    entry: E,
    step: impl FnMut(E) -> Step<E, F::State, Y, T>,
) -> CoroutineState<Y, T> {
    // SAFETY: the caller's promise.
    match unsafe { run(activation, entry, step) } {
        End::Suspended(value) => CoroutineState::Yielded(value),
        End::Done(value) => CoroutineState::Complete(value),
        End::HadEnded { is_poisoned } => resumed_after_end(F::NAME, is_poisoned),
    }
}

/// Drops what a suspended frame holds.
///
/// # Safety
///
/// * nobody else uses the frame, and nobody uses it afterwards.
/// * the locals whose bits are set hold values.
#[inline(always)]
pub unsafe fn drop_suspended<F, const WORDS: usize>(frame: *mut F, live: [u32; WORDS])
where
    F: Table<Values: DropList<()>>,
{
    let tables: [&[DropSlot]; 2] = [F::SUSPENDED, &[]];
    // SAFETY: the caller's promise; no local of a room has a bit.
    unsafe { drop_held::<F, (), WORDS>(frame, &(), live, tables, tables) };
}

/// Drops the arguments of a frame that was not resumed.
///
/// # Safety
///
/// * nobody else uses the frame, and nobody uses it afterwards.
#[inline(always)]
pub unsafe fn drop_arguments<F: Table>(frame: *mut F) {
    if const { drops::is_any(F::ARGUMENTS) } {
        // SAFETY: the table is that of the frame, which holds all arguments: `SlotInitByState`.
        unsafe { drops::drop_all(frame.cast(), F::ARGUMENTS) };
    }
}
