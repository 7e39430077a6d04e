//! What generated code may name, and nothing else. Not public: no stability promise.
//!
//! # Invariants
//!
//! The functions here take pointers to slots of a frame. Their callers are generated: each cites
//! `SlotInitByState`, `OneResumer` and `FramePinned` (see [`crate::frame`]).

mod activation;
mod block;
mod holder;
mod iterated;
mod live;
mod parted;
mod question;
mod receiver;
mod recursive;
mod within;
mod witness;

use core::cell::UnsafeCell;
use core::mem::{ManuallyDrop, forget};
use core::pin::Pin;
use core::task::{Context, Poll};

pub use core::future::{Future, IntoFuture};
pub use core::iter::{IntoIterator, Iterator};
pub use core::marker::{PhantomData, PhantomPinned};
pub use core::mem::{ManuallyDrop as Part, MaybeUninit, forget as forget_value};
pub use core::option::Option;
pub use core::ptr::{read, write};
pub use core::task;

pub use coframe_macros::{Configured, configured, discard};

pub use crate::coroutine::order::{
    BuiltIn, OfAnything, OfNumbers, Operands, PlaceFirst, ValueFirst,
};
pub use crate::coroutine::{AsyncMachine, Coroutine, CoroutineState, Machine, MayHaveEnded};
use crate::frame::FrameLayout;
pub use crate::frame::drops::{DropGlue, DropSlot, dropped_by, drops};
pub use crate::frame::layout::{
    Callee, KnownCallee, Place, PlainType, ReportPath, Resumes, Table, UnknownCallee, fields, fits,
    future_fits, no_plain, plain, report, slot, states,
};
pub use crate::frame::seen::{Seen, seen};
pub use crate::frame::sharing::{
    Asked, Sharing, answer, arguments_in, callee_in, keep_state, room_of, state_in, tag_of,
};
pub use crate::frame::{Described, Field, Slot, State};
pub use activation::{
    Activation, Rooms, drop_arguments, drop_suspended, run_coroutine, run_future,
};
pub use block::{Outcome, block_machine, check_parts};
pub use holder::{Beside, Given, Receive, droppable, hold, move_borrow, pending};
pub use iterated::{Iterated, NotIntoIterator};
pub use live::{Live, bits_if};
pub use parted::{
    Copied, CopiedPart, Divided, Elements, Mark, Marks, Moved, MovedPart, PartProbe, Parted,
    mark_whole, never, parts_of, require_copy, take_mark, take_mark_of_arm, whole,
};
pub use question::{FromResidual, NotResidual, NotTry, Residual, Split, Try};
pub use receiver::{ArgumentsOf, NeedsDrop, ReceiverOf, ResultOf};
pub use recursive::{Own, Recursive, recursive};
pub use within::{Resume, Within};
pub use witness::{FrameType, Same, awaited, frame_of, moved, of_type, same, suspended};

/// A slot that holds nothing.
#[inline(always)]
pub const fn empty<T>() -> Slot<T> {
    ManuallyDrop::new(MaybeUninit::uninit())
}

/// A slot that holds `value`.
#[inline(always)]
pub const fn filled<T>(value: T) -> Slot<T> {
    ManuallyDrop::new(MaybeUninit::new(value))
}

/// The address of the value in a slot.
#[inline(always)]
pub const fn value_of<T>(slot: *mut Slot<T>) -> *mut T {
    slot.cast()
}

/// The address of a part of a union.
#[inline(always)]
pub const fn part_of<T>(part: *mut ManuallyDrop<T>) -> *mut T {
    part.cast()
}

/// Room for a local that lives between two suspensions.
#[derive(Debug)]
#[repr(transparent)]
pub struct Room<T>(UnsafeCell<MaybeUninit<T>>);

impl<T> Room<T> {
    /// Room that holds nothing.
    #[inline(always)]
    #[allow(clippy::new_without_default, reason = "generated code is its only user")]
    pub const fn new() -> Self {
        Room(UnsafeCell::new(MaybeUninit::uninit()))
    }

    /// The address of the value.
    #[inline(always)]
    pub const fn value(&self) -> *mut T {
        self.0.get().cast()
    }
}

/// The address of the rooms of an activation. If there are none, it is not one of the stack, which would
/// have to be kept for a panic.
#[inline(always)]
pub const fn rooms<R>(rooms: &R) -> *const R {
    match size_of::<R>() {
        0 => core::ptr::dangling(),
        _ => rooms,
    }
}

/// A local of the frame that a closure captures by reference: a pointer that is sent and shared as
/// `&mut T` would be.
#[derive(Debug)]
pub struct Captured<T>(*mut T);

impl<T> Clone for Captured<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Captured<T> {}

// SAFETY: it stands for a `&mut T`, which the witness has in its place: `WitnessChecked`.
unsafe impl<T: Send> Send for Captured<T> {}
// SAFETY: it stands for a `&mut T`, which the witness has in its place: `WitnessChecked`.
unsafe impl<T: Sync> Sync for Captured<T> {}

impl<T> Captured<T> {
    /// Captures a local.
    #[inline(always)]
    pub const fn new(local: *mut T) -> Self {
        Captured(local)
    }

    /// The address of the local.
    #[inline(always)]
    pub const fn get(self) -> *mut T {
        self.0
    }
}

/// The address of what is captured.
#[inline(always)]
pub const fn captured<T>(captured: Captured<T>) -> *mut T {
    captured.get()
}

/// Refuses a closure that takes fields of a saved local by value: rustc would leave the others where
/// they are. If nothing of it needs a drop, that makes no difference.
#[inline(always)]
pub const fn captured_in_parts<T>(_local: *mut T) {
    const {
        assert!(
            !core::mem::needs_drop::<T>(),
            "cannot capture a part of a local that lives across a suspension by `move`: \
             move the part to a variable of its own, with `let`, before the closure"
        );
    }
}

/// Ties the type that the witness found to the frame, and infers the machine's signature: functions
/// that are never called tell its types.
#[inline(always)]
pub fn async_machine<F, R, C, T>(
    _witness: FrameType<F>,
    _returns: fn() -> T,
    frame: F,
    resume: R,
    _callees: impl FnOnce() -> C,
) -> AsyncMachine<F, R, C>
where
    R: Fn(*mut F, &mut Context<'_>, MayHaveEnded) -> Poll<T>,
{
    AsyncMachine::new(frame, resume)
}

/// Functions that are never called, which tell what a coroutine hands out and what it returns.
pub type Types<Y, T> = (fn() -> Y, fn() -> T);

/// As [`async_machine`], for coroutines that are resumed by hand.
#[inline(always)]
pub fn machine<F, R, C, A, Y, T>(
    _witness: FrameType<F>,
    _types: Types<Y, T>,
    frame: F,
    resume: R,
    _callees: impl FnOnce() -> C,
) -> Machine<F, R, C>
where
    R: Fn(*mut F, A) -> CoroutineState<Y, T>,
{
    Machine::new(frame, resume)
}

/// A copy of an element or field. If its type is not `Copy`, it is one that can be moved out, and
/// nothing of it is dropped in either place.
///
/// # Safety
///
/// * `place` holds a value.
#[inline(always)]
pub const unsafe fn copied<T>(place: *const T) -> T {
    const {
        assert!(
            !core::mem::needs_drop::<T>(),
            "cannot move a part out of a local that lives across a suspension here: \
             move the part to a variable of its own, with `let`, before this statement"
        );
    }
    // SAFETY: the caller's promise.
    unsafe { place.read() }
}

/// What `pin!` gives for a local of the frame, which never moves.
///
/// # Safety
///
/// * `value` is not moved before it is dropped.
#[inline(always)]
pub const unsafe fn pin<T>(value: &mut T) -> Pin<&mut T> {
    // SAFETY:
    // - it is not moved: by this function's contract.
    unsafe { Pin::new_unchecked(value) }
}

/// A pointer to a slot, by whose type a function tells what it returns: if the compiler knows that the
/// one is wrong, it knows the same of the other, and reports nothing of it.
pub trait Pointer {
    /// What the slot has room for.
    type Value;

    /// The pointer.
    fn get(self) -> *mut Self::Value;
}

impl<T> Pointer for *mut T {
    type Value = T;

    #[inline(always)]
    fn get(self) -> *mut T {
        self
    }
}

/// Resumes what is awaited, in its slot.
///
/// # Safety
///
/// * `future` points at an initialised future that is never moved again.
/// * No other reference to it exists.
/// * If it is a coroutine, it has not ended.
#[inline(always)] // so that an operation is begun where it is awaited
pub unsafe fn poll<P, K>(
    future: P,
    context: &mut Context<'_>,
    _callee: K,
) -> Poll<<P::Value as Future>::Output>
where
    P: Pointer<Value: Future>,
    K: Resumes<P::Value>,
{
    let future = future.get();
    // SAFETY:
    // - it is valid and unaliased: by this function's contract.
    let future = unsafe { &mut *future };
    // SAFETY:
    // - it stays where it is until it is dropped: by this function's contract.
    let future = unsafe { Pin::new_unchecked(future) };
    // SAFETY:
    // - it has not ended: by this function's contract.
    unsafe { K::resume(future, context) }
}

/// Moves the value out of a slot.
///
/// # Safety
///
/// * `slot` holds a value that nobody uses or drops afterwards, unless its type is `Copy`.
#[inline(always)]
pub unsafe fn take<P: Pointer>(live: &Live, bit: u32, slot: P) -> P::Value {
    live.clear(bit);
    // SAFETY:
    // - it holds a value, which moves out: by this function's contract.
    unsafe { slot.get().read() }
}

/// Gives a variable its first value.
///
/// # Safety
///
/// * `slot` is valid for writes, and holds no value.
#[inline(always)]
pub unsafe fn fill<T>(slot: *mut T, live: &Live, bit: u32, value: T) {
    // SAFETY:
    // - it is valid for writes: by this function's contract.
    unsafe { slot.write(value) };
    live.set(bit);
}

/// Drops, before the variable that was declared before it, what is to be dropped before that.
#[derive(Debug)]
pub struct Later<F: Fn()>(F);

impl<F: Fn()> Later<F> {
    /// Runs `drop_later` when it is dropped.
    #[inline(always)]
    pub const fn new(drop_later: F) -> Self {
        Later(drop_later)
    }

    /// Runs it before the temporaries of `value` are dropped, if evaluating that panics.
    #[inline(always)]
    pub fn outlived_by<T>(self, value: T) -> T {
        core::mem::forget(self);
        value
    }
}

impl<F: Fn()> Drop for Later<F> {
    #[inline(always)]
    fn drop(&mut self) {
        drop_each(&self.0);
    }
}

/// Assigns to a variable that may or may not hold a value.
///
/// # Safety
///
/// * `slot` is valid for writes.
/// * it holds a value if `live` says so.
#[inline(always)]
pub unsafe fn assign<T>(slot: *mut T, live: &Live, bit: u32, value: T) {
    if live.has(bit) {
        // SAFETY:
        // - it holds a value, which the assignment drops: by this function's contract.
        unsafe { *slot = value };
    } else {
        // SAFETY:
        // - it is valid for writes: by this function's contract.
        unsafe { slot.write(value) };
        live.set(bit);
    }
}

/// Assigns to a variable whose old value a holder may keep: that is dropped in its stead.
///
/// # Safety
///
/// * `slot` is valid for writes.
/// * it holds a value if `live` says so.
#[inline(always)]
pub unsafe fn assign_held<T>(
    slot: *mut T,
    live: &Live,
    bit: u32,
    value: T,
    release: impl FnOnce(),
) {
    struct Fill<'a, T>(*mut T, &'a Live, u32, ManuallyDrop<T>);
    impl<T> Drop for Fill<'_, T> {
        #[inline(always)]
        fn drop(&mut self) {
            // SAFETY:
            // - the value is there, and taken once: by `Fill`'s only user.
            let value = unsafe { ManuallyDrop::take(&mut self.3) };
            // SAFETY:
            // - by the contract of `assign_held`.
            unsafe { assign(self.0, self.1, self.2, value) };
        }
    }
    let fill = Fill(slot, live, bit, ManuallyDrop::new(value));
    release();
    drop(fill);
}

/// Finds out, by which of two methods is found first, whether a type implements `Drop` itself.
#[derive(Debug)]
pub struct DropProbe<T>(PhantomData<T>);

impl<T> DropProbe<T> {
    /// A probe of a variable's type.
    #[inline(always)]
    pub const fn new(_variable: *const T) -> Self {
        DropProbe(PhantomData)
    }
}

/// Found first, for types that implement `Drop`.
pub trait ImplementsDrop {
    /// Fails to compile.
    fn check(&self);
}

#[allow(drop_bounds, reason = "types that implement it themselves are meant")]
impl<T: Drop> ImplementsDrop for &DropProbe<T> {
    fn check(&self) {
        const { panic!("cannot take apart a saved local whose type implements `Drop`") }
    }
}

/// Found otherwise.
pub trait ImplementsNoDrop {
    /// Does nothing.
    #[inline(always)]
    fn check(&self) {}
}

impl<T> ImplementsNoDrop for DropProbe<T> {}

/// Moves a value to a slot whose type differs at most in lifetimes.
///
/// # Safety
///
/// * `slot` is valid for writes of a `T`.
#[inline(always)]
pub unsafe fn put<T, U>(slot: *mut U, value: T) {
    const { assert!(size_of::<T>() == size_of::<U>()) };
    // SAFETY:
    // - it is valid for writes: by this function's contract.
    unsafe { slot.cast::<T>().write(value) };
}

/// A value for a slot whose type differs at most in lifetimes.
///
/// # Safety
///
/// * `T` and `U` are the same type but for lifetimes, and the value is valid for those of `U`.
#[inline(always)]
pub unsafe fn erased<T, U>(_slot: *mut U, value: T) -> U {
    const { assert!(size_of::<T>() == size_of::<U>()) };
    let value = ManuallyDrop::new(value);
    // SAFETY:
    // - it is a valid `U`, which nobody uses or drops afterwards: by this function's contract.
    unsafe { core::mem::transmute_copy::<ManuallyDrop<T>, U>(&value) }
}

/// The value of a body or branch that ends without one: `()`, as the witness has made sure.
#[inline(always)]
pub fn end_of_body<R>() -> R {
    const { assert!(size_of::<R>() == 0) };
    // SAFETY:
    // - `R` is `()`, which is read from any aligned address: `WitnessChecked`, whose body ends here.
    unsafe { core::ptr::NonNull::<R>::dangling().read() }
}

/// Drops the value in a slot, if there is one.
///
/// # Safety
///
/// * `slot` holds a value that nobody else drops, if `live` says so.
#[inline(always)]
pub unsafe fn drop_if<T: ?Sized>(live: &Live, bit: u32, slot: *mut T) {
    if live.take(bit) {
        // SAFETY:
        // - it holds a value that only this call drops: by this function's contract.
        unsafe { slot.drop_in_place() };
    }
}

/// Drops the value in a slot.
///
/// # Safety
///
/// * `slot` holds a value that nobody else drops.
#[inline(always)]
pub unsafe fn drop_now<T>(live: &Live, bit: u32, slot: *mut T) {
    live.clear(bit);
    // SAFETY:
    // - it holds a value that only this call drops: by this function's contract.
    unsafe { slot.drop_in_place() };
}

/// The value that came with a resume.
#[inline(always)]
pub fn given<A>(given: &mut Option<A>) -> A {
    match given.take() {
        Some(value) => value,
        None => unreachable!("a resume brings one value, and passes one suspension"),
    }
}

/// Runs `each` to drop several values in order; when one of them panics, runs it again for those
/// that are left, as unwinding out of a function does.
#[inline(always)]
pub fn drop_each(each: impl Fn()) {
    struct Rest<'a, F: Fn()>(&'a F);
    impl<F: Fn()> Drop for Rest<'_, F> {
        #[cold]
        fn drop(&mut self) {
            (self.0)();
        }
    }
    let rest = Rest(&each);
    each();
    forget(rest);
}

/// Names the type that a function returns, which may be `!`.
pub trait Function {
    /// The type of the result.
    type Output;
}

impl<T> Function for fn() -> T {
    type Output = T;
}

/// What a coroutine function with errors returns.
#[derive(Debug)]
pub struct Broken<Y, T>(PhantomData<fn() -> (Y, T)>);

impl<Y, T> Broken<Y, T> {
    /// A coroutine that is never resumed: its function does not compile.
    #[allow(clippy::new_without_default, reason = "generated code is its only user")]
    pub const fn new() -> Self {
        Broken(PhantomData)
    }
}

/// The future of an `async fn` with errors, whose frame has no layout.
#[derive(Debug)]
pub struct BrokenFuture<F>(pub F);

impl<F: Future> Future for BrokenFuture<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<F::Output> {
        unreachable!("the coroutine has errors")
    }
}

impl<F> Described for BrokenFuture<F> {
    const LAYOUT: FrameLayout = panic!("the coroutine has errors");
}

impl<Y, T> Described for Broken<Y, T> {
    const LAYOUT: FrameLayout = panic!("the coroutine has errors");
}

impl<A, Y, T> Coroutine<A> for Broken<Y, T> {
    type Yield = Y;
    type Return = T;

    fn resume(self: Pin<&mut Self>, _value: A) -> CoroutineState<Y, T> {
        unreachable!("the coroutine has errors")
    }
}

/// The value that a suspension ended with. In generated code it is a field, `.0`, because such an
/// expression can begin and end where the user's `future.await` does.
#[derive(Debug)]
pub struct Ready<T>(pub T);

/// How a machine goes on after a step.
#[derive(Debug)]
pub enum Step<E, S, Y, T> {
    /// With another step, which begins somewhere else.
    Goto(E),
    /// In a state, when it is resumed the next time.
    Suspended(S, Y),
    /// Not at all: it has ended with a value.
    Done(T),
    /// Not at all: it had ended before.
    Ended {
        /// By a panic.
        is_poisoned: bool,
    },
}
