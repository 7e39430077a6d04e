//! How what a frame holds is dropped.
//!
//! When a frame is dropped or a resume panics, a table says where values are and what drops them, and
//! one loop does it for all frames. When a coroutine returns, which is usual, code is made for its types:
//! what the table knows is then known while compiling, and most of it drops nothing.

use core::mem::needs_drop;
use core::ptr::drop_in_place;

use crate::__private::{Divided, Live};

/// How the value in one slot is dropped.
#[derive(Clone, Copy, Debug)]
pub struct DropSlot {
    /// Where the value is, in bytes from the beginning of the frame, or of the rooms.
    pub(super) offset: usize,
    /// What drops it, if anything needs to be.
    pub(super) glue: Option<Glue>,
}

/// What drops the value that it is given the address of.
pub(super) type Glue = unsafe fn(*mut ());

impl DropSlot {
    /// A local that is somewhere else.
    const ELSEWHERE: DropSlot = DropSlot { offset: 0, glue: None };
}

/// What drops a value of this type.
pub(super) const fn glue<T>() -> Option<Glue> {
    if !needs_drop::<T>() {
        return None;
    }
    // SAFETY: functions that differ in what a thin pointer points at have the same ABI.
    Some(unsafe { core::mem::transmute::<unsafe fn(*mut T), Glue>(drop_in_place::<T>) })
}

/// The table for locals whose slots have these numbers. A local with another number is somewhere else.
pub const fn drops<const N: usize>(
    places: &[super::layout::Place],
    slots: [u16; N],
) -> [DropSlot; N] {
    let mut drops = [DropSlot::ELSEWHERE; N];
    let mut bit = 0;
    while bit < N {
        if (slots[bit] as usize) < places.len() {
            drops[bit] = places[slots[bit] as usize].dropped();
        }
        bit += 1;
    }
    drops
}

/// The same table, in which these bits stand for values that something else drops.
pub const fn dropped_by<const N: usize, const M: usize>(
    mut drops: [DropSlot; N],
    others: [(usize, DropGlue); M],
) -> [DropSlot; N] {
    let mut index = 0;
    while index < M {
        let (bit, DropGlue(glue)) = others[index];
        drops[bit].glue = glue;
        index += 1;
    }
    drops
}

/// What drops a value of some type, if anything needs to be.
#[derive(Clone, Copy, Debug)]
pub struct DropGlue(Option<Glue>);

impl DropGlue {
    /// What drops what is in a slot of this type, if the value in it needs a drop.
    pub const fn of<S: Divided>() -> Self {
        DropGlue(if needs_drop::<S::Value>() { glue::<S>() } else { None })
    }
}

/// Whether anything in a table needs a drop.
pub const fn is_any(drops: &[DropSlot]) -> bool {
    let mut bit = 0;
    while bit < drops.len() {
        if drops[bit].glue.is_some() {
            return true;
        }
        bit += 1;
    }
    false
}

/// Drops what is live, in reverse order of the bits. When a drop panics, the others are dropped
/// while that unwinds, as by a function that is left, by the tables for a panic.
///
/// # Safety
///
/// * of both the tables and those for a panic the first is that of the frame, and the second that of the rooms.
/// * what the bits stand for holds values, which are not used afterwards.
#[inline(never)]
pub unsafe fn drop_live(
    frame: *mut (),
    rooms: *const (),
    live: &[u32],
    tables: [&'static [DropSlot]; 2],
    after_panic: [&'static [DropSlot]; 2],
) {
    let mut left = tables[0].len().max(tables[1].len());
    let next = |has_panicked| {
        let tables = if has_panicked { after_panic } else { tables };
        while left > 0 {
            left -= 1;
            if live[left / 32] & (1 << (left % 32)) != 0 {
                let slots = tables.map(|table| table.get(left).copied());
                let places = [frame, rooms.cast_mut()];
                for (slot, place) in slots.into_iter().zip(places) {
                    if let Some(DropSlot { offset, glue: Some(glue) }) = slot {
                        return Some((place.wrapping_byte_add(offset), glue));
                    }
                }
            }
        }
        None
    };
    // SAFETY: each value is there, and dropped once: by this function's contract.
    unsafe { Rest(next).drop_each() };
}

/// Drops all that a table has, in its order. When a drop panics, the others are dropped
/// while that unwinds, as by a function that is left.
///
/// # Safety
///
/// * the table is that of the frame.
/// * what it has holds values, which are not used afterwards.
#[inline(never)]
pub unsafe fn drop_all(frame: *mut (), table: &'static [DropSlot]) {
    let mut slots = table.iter();
    let next = |_| {
        let mut needing = slots.by_ref().filter_map(|slot| Some((slot.offset, slot.glue?)));
        let (offset, glue) = needing.next()?;
        Some((frame.wrapping_byte_add(offset), glue))
    };
    // SAFETY: each value is there, and dropped once: by this function's contract.
    unsafe { Rest(next).drop_each() };
}

/// The types of the values in a table, eight by eight, with `()` for a local that is somewhere else: those
/// of a frame, and `R` those of the rooms beside it.
pub trait DropList<R> {
    /// Drops what is live, in reverse order of the bits, and clears the bits.
    ///
    /// # Safety
    ///
    /// * as for [`drop_live`], of places and tables from `bit` on.
    unsafe fn drop_list<const WORDS: usize>(
        places: [*mut (); 2],
        tables: [&'static [DropSlot]; 2],
        live: &[Live; WORDS],
        bit: usize,
    );
}

impl<R> DropList<R> for () {
    #[inline(always)]
    unsafe fn drop_list<const WORDS: usize>(
        _places: [*mut (); 2],
        _tables: [&'static [DropSlot]; 2],
        _live: &[Live; WORDS],
        _bit: usize,
    ) {
    }
}

/// Drops a value, if there is one.
///
/// # Safety
///
/// * the value of type `T` that `bit` stands for is where the table says.
#[inline(always)]
unsafe fn drop_one<T, const WORDS: usize>(
    place: *mut (),
    table: &'static [DropSlot],
    live: &[Live; WORDS],
    bit: usize,
) {
    if needs_drop::<T>() && live[bit / 32].take(1 << (bit % 32)) {
        let value = place.wrapping_byte_add(table[bit].offset).cast::<T>();
        // SAFETY: by this function's contract.
        unsafe { value.drop_in_place() };
    }
}

/// Drops what is after eight values of the frame, or of the frame and the rooms, and then those, the last first.
macro_rules! drop_eight {
    ($($ty:ident $($room:ident)? $at:literal),*) => {
        #[inline(always)]
        unsafe fn drop_list<const WORDS: usize>(
            places: [*mut (); 2],
            tables: [&'static [DropSlot]; 2],
            live: &[Live; WORDS],
            bit: usize,
        ) {
            // SAFETY: by this function's contract.
            unsafe { Next::drop_list(places, tables, live, bit + 8) };
            $(
                // SAFETY: by this function's contract.
                unsafe { drop_one::<$ty, WORDS>(places[0], tables[0], live, bit + $at) };
                $(
                    // SAFETY: by this function's contract.
                    unsafe { drop_one::<$room, WORDS>(places[1], tables[1], live, bit + $at) };
                )?
            )*
        }
    };
}

impl<A, B, C, D, E, F, G, H, Next: DropList<()>> DropList<()> for ((A, B, C, D, E, F, G, H), Next) {
    drop_eight!(H 7, G 6, F 5, E 4, D 3, C 2, B 1, A 0);
}

impl<A, B, C, D, E, F, G, H, Next, I, J, K, L, M, N, O, P, Rooms>
    DropList<((I, J, K, L, M, N, O, P), Rooms)> for ((A, B, C, D, E, F, G, H), Next)
where
    Next: DropList<Rooms>,
{
    drop_eight!(H P 7, G O 6, F N 5, E M 4, D L 3, C K 2, B J 1, A I 0);
}

/// What is still to be dropped: an address, and what drops the value there. It is asked with whether a drop
/// has panicked.
struct Rest<N: FnMut(bool) -> Option<(*mut (), Glue)>>(N);

impl<N: FnMut(bool) -> Option<(*mut (), Glue)>> Rest<N> {
    /// # Safety
    ///
    /// * each value is there and dropped once.
    unsafe fn drop_each(mut self) {
        self.run(false);
    }

    fn run(&mut self, has_panicked: bool) {
        while let Some((value, glue)) = (self.0)(has_panicked) {
            // SAFETY: by the contract of `drop_each`, which all come from.
            unsafe { glue(value) };
        }
    }
}

impl<N: FnMut(bool) -> Option<(*mut (), Glue)>> Drop for Rest<N> {
    fn drop(&mut self) {
        self.run(true);
    }
}

#[cfg(test)]
#[allow(clippy::multiple_unsafe_ops_per_block, reason = "one frame is filled and dropped")]
mod tests {
    use core::cell::RefCell;
    use core::mem::offset_of;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::vec::Vec;

    use super::*;

    /// Notes that it is dropped; the one with this number panics then.
    struct Noisy<'a>(u8, &'a RefCell<Vec<u8>>);

    const PANICS: u8 = 7;

    impl Drop for Noisy<'_> {
        fn drop(&mut self) {
            self.1.borrow_mut().push(self.0);
            assert_ne!(self.0, PANICS, "as it is told to");
        }
    }

    /// As the slots of a frame, not in the order of their bits.
    struct Frame<'a> {
        second: Noisy<'a>,
        number: u32,
        first: Noisy<'a>,
        tenth: Noisy<'a>,
    }

    struct Rooms<'a> {
        fourth: Noisy<'a>,
    }

    const fn at<T>(offset: usize) -> DropSlot {
        DropSlot { offset, glue: glue::<T>() }
    }

    const FRAME: &[DropSlot] = &{
        let mut table = [DropSlot::ELSEWHERE; 10];
        table[0] = at::<Noisy<'_>>(offset_of!(Frame<'_>, first));
        table[1] = at::<Noisy<'_>>(offset_of!(Frame<'_>, second));
        table[2] = at::<u32>(offset_of!(Frame<'_>, number));
        table[9] = at::<Noisy<'_>>(offset_of!(Frame<'_>, tenth));
        table
    };
    const ROOMS: &[DropSlot] = &{
        let mut table = [DropSlot::ELSEWHERE; 10];
        table[3] = at::<Noisy<'_>>(offset_of!(Rooms<'_>, fourth));
        table
    };
    type InFrame<'a> = (
        (Noisy<'a>, Noisy<'a>, u32, (), (), (), (), ()),
        (((), Noisy<'a>, (), (), (), (), (), ()), ()),
    );
    type InRooms<'a> =
        (((), (), (), Noisy<'a>, (), (), (), ()), (((), (), (), (), (), (), (), ()), ()));

    /// What is dropped of a frame in which the value with the number `panics` panics, by the loop over the
    /// table or by the code for the types.
    fn dropped(live: u32, panics: Option<u8>, by_table: bool) -> Vec<u8> {
        let log = RefCell::new(Vec::new());
        let noisy = |number| match panics == Some(number) {
            true => Noisy(PANICS, &log),
            false => Noisy(number, &log),
        };
        let mut frame = core::mem::ManuallyDrop::new(Frame {
            second: noisy(2),
            number: 5,
            first: noisy(1),
            tenth: noisy(10),
        });
        let mut rooms = core::mem::ManuallyDrop::new(Rooms { fourth: noisy(4) });
        let (frame, rooms) = ((&raw mut frame).cast::<()>(), (&raw mut rooms).cast::<()>());
        let run = || match by_table {
            // SAFETY: all values are there, and dropped at most once.
            true => unsafe { drop_live(frame, rooms, &[live], [FRAME, ROOMS], [FRAME, ROOMS]) },
            false => {
                let (live, places) = (Live::of([live]), [frame, rooms]);
                // SAFETY: as before.
                crate::__private::drop_each(|| unsafe {
                    <InFrame<'_> as DropList<InRooms<'_>>>::drop_list(
                        places,
                        [FRAME, ROOMS],
                        &live,
                        0,
                    );
                });
            }
        };
        assert_eq!(catch_unwind(AssertUnwindSafe(run)).is_err(), panics.is_some());
        log.into_inner()
    }

    #[test]
    fn what_is_live_is_dropped_in_reverse_order() {
        for by_table in [true, false] {
            assert_eq!(dropped(0b10_0000_1111, None, by_table), [10, 4, 2, 1]);
            assert_eq!(dropped(0b00_0000_1101, None, by_table), [4, 1]);
            assert_eq!(dropped(0, None, by_table), []);
        }
    }

    #[test]
    fn the_others_are_dropped_when_one_panics() {
        for by_table in [true, false] {
            assert_eq!(dropped(0b10_0000_1111, Some(10), by_table), [PANICS, 4, 2, 1]);
            assert_eq!(dropped(0b10_0000_1111, Some(4), by_table), [10, PANICS, 2, 1]);
            assert_eq!(dropped(0b10_0000_1111, Some(1), by_table), [10, 4, 2, PANICS]);
        }
    }

    #[test]
    fn arguments_are_dropped_in_the_order_of_the_table() {
        static TABLE: &[DropSlot] = &[FRAME[1], FRAME[2], FRAME[0]];
        let log = RefCell::new(Vec::new());
        let mut frame = core::mem::ManuallyDrop::new(Frame {
            second: Noisy(PANICS, &log),
            number: 5,
            first: Noisy(1, &log),
            tenth: Noisy(10, &log),
        });
        let frame = (&raw mut frame).cast();
        // SAFETY: the values are there, and dropped once.
        let run = || unsafe { drop_all(frame, TABLE) };
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
        assert_eq!(*log.borrow(), [PANICS, 1]);
    }
}
