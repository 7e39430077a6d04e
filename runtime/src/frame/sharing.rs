//! Where the state of a coroutine is kept: in a byte of its own, or in the callee that it waits for.
//!
//! A coroutine's frame has a niche, as rustc calls bytes of which not all values are valid: the byte of
//! its state. [`Shared`] is an enum of which one variant is the callee and the others are the states
//! without it, so rustc tells them apart by values that the callee's byte never has. The generated code
//! asks by a method call, as for the layout, whether what is awaited is a coroutine; of other futures
//! nothing is known, and a frame would grow if they had no niche.
//!
//! # Invariants
//!
//! * `CalleeIsState`: from the moment that the callee is written into its room to the moment that it is
//!   dropped, the room is the variant `Callee`, and nobody writes another one. Established by the machine,
//!   which writes other states only when it suspends without the callee, or when everything is dropped.
//! * `ZeroedMachine`: bytes that are all zero are a coroutine that was not resumed: its state has the
//!   number 0, and everything else in it may be anything. Established by the types that the macro
//!   declares; a constant of another type is an error while compiling.

use core::marker::PhantomData;
use core::mem::{ManuallyDrop, MaybeUninit};

use super::Slot;
use super::layout::{Known, Unknown};

/// Where the state is kept: one answer for each of the two kinds of callees.
pub trait Sharing {
    /// Whether the callee keeps it.
    const IS_SHARED: bool;
    /// What the frame has for the state itself.
    type Tag<S>;
    /// What the frame has for the callee of type `C`, which shares bytes with the arguments `A`.
    type Room<C, A, S>;

    /// The tag of a coroutine that was not resumed.
    fn tag<S>(start: S) -> Self::Tag<S>;

    /// The room of a coroutine that was not resumed.
    fn room<C, A, S>(arguments: A) -> Self::Room<C, A, S>;
}

impl Sharing for Known {
    const IS_SHARED: bool = true;
    type Tag<S> = ();
    type Room<C, A, S> = Shared<C, A, S>;

    #[inline(always)]
    fn tag<S>(_start: S) {}

    #[inline(always)]
    fn room<C, A, S>(arguments: A) -> Shared<C, A, S> {
        Shared::Start(MaybeUninit::new(arguments))
    }
}

impl Sharing for Unknown {
    const IS_SHARED: bool = false;
    type Tag<S> = S;
    type Room<C, A, S> = Apart<C, A>;

    #[inline(always)]
    fn tag<S>(start: S) -> S {
        start
    }

    #[inline(always)]
    fn room<C, A, S>(arguments: A) -> Apart<C, A> {
        Apart { arguments: ManuallyDrop::new(MaybeUninit::new(arguments)) }
    }
}

/// The room of a callee that keeps the state.
#[allow(missing_debug_implementations, reason = "what it holds may be uninitialised")]
pub enum Shared<C, A, S> {
    /// Not resumed yet.
    Start(MaybeUninit<A>),
    /// In another state.
    Other(S),
    /// Suspended in the callee. It is the last, so that the values of the others are next to each other.
    Callee(ManuallyDrop<C>),
}

/// The room of another callee.
#[allow(missing_debug_implementations, reason = "what it holds may be uninitialised")]
pub union Apart<C, A> {
    arguments: ManuallyDrop<MaybeUninit<A>>,
    #[allow(dead_code, reason = "it makes room")]
    callee: Slot<C>,
}

/// What ties the type of a frame to the answer, and to the type of the arguments in it, before that is
/// known.
pub type Asked<K, A> = PhantomData<(K, A)>;

/// Where everything is in a room. What it is for one kind of callee is not evaluated for the other.
struct Places<K, C, A, S>(PhantomData<(K, C, A, S)>);

impl<K: Sharing, C, A, S: Copy> Places<K, C, A, S> {
    const ARGUMENTS: usize =
        if K::IS_SHARED { Shared::<C, A, S>::offset_of_arguments() } else { 0 };
    const CALLEE: usize = if K::IS_SHARED { Shared::<C, A, S>::offset_of_callee() } else { 0 };
    const TAG: Option<u8> = if K::IS_SHARED { Shared::<C, A, S>::tag_of_callee() } else { None };
}

impl<C, A, S: Copy> Shared<C, A, S> {
    const fn offset_of_arguments() -> usize {
        let room = Shared::<C, A, S>::Start(MaybeUninit::uninit());
        match &room {
            // SAFETY: both point into `room`.
            Shared::Start(arguments) => unsafe {
                (&raw const *arguments).byte_offset_from(&raw const room).cast_unsigned()
            },
            _ => unreachable!(),
        }
    }

    /// A room with a coroutine in it that was not resumed.
    const fn with_callee() -> Self {
        // SAFETY: `ZeroedMachine`.
        Shared::Callee(unsafe { MaybeUninit::zeroed().assume_init() })
    }

    const fn offset_of_callee() -> usize {
        let room = Self::with_callee();
        match &room {
            // SAFETY: both point into `room`.
            Shared::Callee(callee) => unsafe {
                (&raw const *callee).byte_offset_from(&raw const room).cast_unsigned()
            },
            _ => unreachable!(),
        }
    }

    /// The byte at the beginning that makes a room with a callee in it one of `Callee`, if the callee has
    /// no value to spare, and does not do so itself.
    const fn tag_of_callee() -> Option<u8> {
        let (offset, tagged) = (Self::offset_of_callee(), Self::with_callee());
        let tag = match offset {
            0 => None,
            // SAFETY: where the callee is not at the beginning, a tag is.
            _ => Some(unsafe { (&raw const tagged).cast::<u8>().read() }),
        };
        let mut room = MaybeUninit::<Self>::uninit();
        let start = room.as_mut_ptr().cast::<u8>();
        if let Some(tag) = tag {
            // SAFETY: the room begins there.
            unsafe { start.write(tag) };
        }
        // SAFETY: `ZeroedMachine`.
        let callee: ManuallyDrop<C> = unsafe { MaybeUninit::zeroed().assume_init() };
        // SAFETY: the callee lies inside the room.
        let place = unsafe { start.add(offset) };
        // SAFETY: as before.
        unsafe { place.cast::<ManuallyDrop<C>>().write(callee) };
        // SAFETY: if this made no valid room, it is an error while compiling.
        let is_callee = matches!(unsafe { room.assume_init_ref() }, Shared::Callee(_));
        assert!(is_callee, "a callee tells its caller's state");
        tag
    }
}

/// Tells who keeps the state. Never runs.
#[inline(always)]
pub fn answer<K, A>(_asked: Asked<K, A>, _answer: K) {}

/// The tag of a coroutine that was not resumed.
#[inline(always)]
pub fn tag_of<K: Sharing, A, S>(_asked: Asked<K, A>, start: S) -> K::Tag<S> {
    K::tag(start)
}

/// The room of a coroutine that was not resumed.
#[inline(always)]
pub fn room_of<K: Sharing, C, A, S>(_asked: Asked<K, A>, arguments: A) -> K::Room<C, A, S> {
    K::room(arguments)
}

/// The address of the arguments in a room.
///
/// # Safety
///
/// * `room` points at a room.
#[inline(always)]
pub const unsafe fn arguments_in<K: Sharing, C, A, S: Copy>(room: *mut K::Room<C, A, S>) -> *mut A {
    // SAFETY: the arguments lie inside the room.
    unsafe { room.byte_add(Places::<K, C, A, S>::ARGUMENTS).cast() }
}

/// The address of the callee in a room.
///
/// # Safety
///
/// * `room` points at a room.
#[inline(always)]
pub const unsafe fn callee_in<K: Sharing, C, A, S: Copy>(room: *mut K::Room<C, A, S>) -> *mut C {
    // SAFETY: the callee lies inside the room.
    unsafe { room.byte_add(Places::<K, C, A, S>::CALLEE).cast() }
}

/// The state of a frame that nobody resumes: `start` if it was not resumed, `waiting` if its callee is
/// there.
///
/// # Safety
///
/// * both point into one frame that is at rest.
#[inline(always)]
pub const unsafe fn state_in<K: Sharing, C, A, S: Copy>(
    tag: *const K::Tag<S>,
    room: *const K::Room<C, A, S>,
    [start, waiting]: [S; 2],
) -> S {
    if !K::IS_SHARED {
        // SAFETY: the tag is the state.
        return unsafe { tag.cast::<S>().read() };
    }
    // SAFETY: the room has a variant: `CalleeIsState`. Of the callee only that is read.
    let room = unsafe { &*room.cast::<Shared<C, A, S>>() };
    // Asked first, and alone, as that is one comparison.
    if matches!(room, Shared::Callee(_)) {
        return waiting;
    }
    match room {
        Shared::Other(state) => *state,
        _ => start,
    }
}

/// Keeps the state in which the next resume goes on: `is_waiting` if that is the one with the callee.
///
/// # Safety
///
/// * both point into one frame that nobody else uses.
/// * the room has a callee if it is waiting, and nothing that is used later if not.
#[inline(always)]
pub unsafe fn keep_state<K: Sharing, C, A, S: Copy>(
    tag: *mut K::Tag<S>,
    room: *mut K::Room<C, A, S>,
    state: S,
    is_waiting: bool,
) {
    match (K::IS_SHARED, is_waiting) {
        // SAFETY: the tag is the state.
        (false, _) => unsafe { tag.cast::<S>().write(state) },
        // SAFETY: the room is in use by nothing else: by this function's contract.
        (true, false) => unsafe { *room.cast::<Shared<C, A, S>>() = Shared::Other(state) },
        (true, true) => {
            if let Some(tag) = Places::<K, C, A, S>::TAG {
                // SAFETY: the room begins with the tag: `tag_of_callee` has checked it.
                unsafe { room.cast::<u8>().write(tag) }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::multiple_unsafe_ops_per_block, reason = "one frame goes through its states")]
mod tests {
    use super::*;

    /// As the states of a coroutine, of which the first has the number 0.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum State {
        Start,
        Waiting,
        Between,
        Ended,
    }

    const BOTH: [State; 2] = [State::Start, State::Waiting];

    /// Goes through all states of a frame whose callee is a zeroed `C`.
    fn go_through<K: Sharing, C, A: Copy + PartialEq + core::fmt::Debug>(arguments: A) {
        let asked = Asked::<K, A>::default();
        let mut tag = tag_of(asked, State::Start);
        let mut room = room_of::<K, C, A, State>(asked, arguments);
        let (tag, room) = (&raw mut tag, &raw mut room);
        // SAFETY: both are used here alone; the callee is there when it waits.
        unsafe {
            assert_eq!(state_in::<K, C, A, State>(tag, room, BOTH), State::Start);
            assert_eq!(*arguments_in::<K, C, A, State>(room), arguments);
            for next in [State::Between, State::Waiting, State::Between, State::Waiting] {
                let is_waiting = next == State::Waiting;
                if is_waiting {
                    callee_in::<K, C, A, State>(room).write_bytes(0, 1);
                }
                keep_state::<K, C, A, State>(tag, room, next, is_waiting);
                assert_eq!(state_in::<K, C, A, State>(tag, room, BOTH), next);
            }
            keep_state::<K, C, A, State>(tag, room, State::Ended, false);
            assert_eq!(state_in::<K, C, A, State>(tag, room, BOTH), State::Ended);
        }
    }

    #[test]
    fn a_callee_with_a_value_to_spare_keeps_the_state() {
        type Callee = (u64, State);
        type Room<A> = Shared<Callee, A, State>;
        assert_eq!(size_of::<Room<u64>>(), size_of::<Callee>());
        assert_eq!(Room::<u64>::tag_of_callee(), None);
        go_through::<Known, Callee, ()>(());
        go_through::<Known, Callee, u64>(7);
        go_through::<Known, Shared<Callee, u64, State>, u64>(7);
    }

    #[test]
    fn a_callee_without_one_has_a_tag_beside_it() {
        assert!(Shared::<u64, (), State>::tag_of_callee().is_some());
        go_through::<Known, u64, ()>(());
        go_through::<Known, u64, [u8; 32]>([3; 32]);
        go_through::<Known, [u8; 5], u64>(7);
    }

    #[test]
    fn arguments_may_be_larger_than_the_callee() {
        go_through::<Known, (u16, State), [u64; 9]>([5; 9]);
        go_through::<Known, State, u64>(7);
        go_through::<Known, State, ()>(());
    }

    #[test]
    fn of_other_futures_nothing_is_asked() {
        assert_eq!(size_of::<Apart<&u8, ()>>(), size_of::<&u8>());
        go_through::<Unknown, &u8, u64>(7);
        go_through::<Unknown, core::future::Pending<()>, ()>(());
    }
}
