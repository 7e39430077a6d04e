//! What the macro writes down of a frame.
//!
//! It is as short as can be, as most frames are never looked at: a text with a line for each field,
//! a text with a line for each state, and the addresses of the slots.
//!
//! ```text
//! field    name kind live                 buf v 6
//! state    name line column awaited       Read 52 30 sock.read(&mut buf)
//! ```
//!
//! `kind` is the letter of a [`FieldKind`]. `live` has a hexadecimal digit for four states each, the
//! lowest first.

use super::callees::List;
use super::{Field, FieldKind, FrameLayout, State};
use crate::frame::drops::{self, DropSlot, Glue};

/// What the macro writes down.
pub trait Table {
    /// The types of what is awaited, in the order of the fields: `(First, (Second, ()))`.
    type Awaited;
    /// The states, as the frame has them.
    type State;
    /// The types of the locals in slots, by their bits: see [`DropList`](drops::DropList).
    type Values;
    /// The name of the function.
    const NAME: &'static str;
    /// Where the state is, the flags, and the slots.
    const PLACES: &'static [Place];
    /// The fields.
    const FIELDS: &'static [Field];
    /// The states.
    const STATES: &'static [State];
    /// How the locals in slots are dropped when a resume panics, by their bits.
    const DROPS: &'static [DropSlot];
    /// How they are dropped when the coroutine returns.
    const ENDS: &'static [DropSlot] = Self::DROPS;
    /// How they are dropped when a suspended frame is.
    const SUSPENDED: &'static [DropSlot] = Self::DROPS;
    /// Whether these tables differ, so that the types of the locals do not tell how they are dropped.
    const BY_TABLE: bool = false;
    /// How the arguments are dropped, in that order, if the coroutine is not resumed.
    const ARGUMENTS: &'static [DropSlot];
    /// The state of a coroutine that has returned.
    const RETURNED: Self::State;
    /// The state of one that has panicked.
    const POISONED: Self::State;

    /// Writes the state.
    ///
    /// # Safety
    ///
    /// * `this` points at a frame that nobody else uses.
    /// * the frame holds what the state says.
    unsafe fn set_state(this: *mut Self, state: Self::State);
}

/// The layout of a machine with this frame.
pub(crate) const fn of_machine<M, F: Table, C: List<F::Awaited>>(offset: usize) -> FrameLayout {
    assert!(offset == 0, "a machine begins with its frame");
    FrameLayout {
        name: F::NAME,
        file: match F::STATES {
            [first, ..] => first.file,
            [] => "",
        },
        size: size_of::<M>(),
        align: align_of::<M>(),
        fields: F::FIELDS,
        states: F::STATES,
        callees: C::CALLEES,
    }
}

/// Where a field is, and what is in it.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    offset: usize,
    size: usize,
    type_name: fn() -> &'static str,
    glue: Option<Glue>,
}

impl Place {
    /// How what is in it is dropped.
    pub(in crate::frame) const fn dropped(&self) -> DropSlot {
        DropSlot { offset: self.offset, glue: self.glue }
    }
}

/// The place of a slot in a frame.
///
/// # Safety
///
/// * both point into the same frame.
#[inline(always)]
pub const unsafe fn slot<T>(frame: *const (), slot: *const T) -> Place {
    // SAFETY:
    // - both point into the same frame: by this function's contract.
    let offset = unsafe { slot.byte_offset_from(frame) };
    Place {
        offset: offset.cast_unsigned(),
        size: size_of::<T>(),
        type_name: core::any::type_name::<T>,
        glue: drops::glue::<T>(),
    }
}

/// The fields, of their lines and places.
pub const fn fields<const N: usize>(text: &'static str, places: &[Place]) -> [Field; N] {
    const NONE: fn() -> &'static str = || "";
    let mut fields = [Field {
        name: "",
        kind: FieldKind::State,
        offset: 0,
        size: 0,
        type_name: NONE,
        live: "",
        callee: None,
    }; N];
    let (mut rest, mut index, mut callees) = (text, 0, 0);
    while index < N {
        let (line, after) = split(rest, b'\n');
        let (name, line) = split(line, b' ');
        let (kind, live) = split(line, b' ');
        let kind = kind_of(kind.as_bytes()[0]);
        let is_awaited = matches!(kind, FieldKind::Awaited);
        let Place { mut offset, size, type_name, .. } = places[index];
        if size == 0 && matches!(kind, FieldKind::State) {
            offset = 0;
        }
        let callee = if is_awaited { Some(callees) } else { None };
        fields[index] = Field { name, kind, offset, size, type_name, live, callee };
        callees += is_awaited as usize;
        rest = after;
        index += 1;
    }
    fields
}

/// The states, of their lines.
pub const fn states<const N: usize>(file: &'static str, text: &'static str) -> [State; N] {
    let mut states = [State { name: "", index: 0, file, line: 0, column: 0, awaited: "" }; N];
    let (mut rest, mut index) = (text, 0);
    while index < N {
        let (line, after) = split(rest, b'\n');
        let (name, fields) = split(line, b' ');
        let (line, fields) = split(fields, b' ');
        let (column, awaited) = split(fields, b' ');
        states[index] =
            State { name, index, file, line: number(line), column: number(column), awaited };
        rest = after;
        index += 1;
    }
    states
}

/// Whether a set of states contains one.
pub(super) fn contains(set: &str, state: usize) -> bool {
    let digit = set.as_bytes().get(state / 4).copied().unwrap_or(b'0');
    let bits = char::from(digit).to_digit(16).unwrap_or(0);
    bits & (1 << (state % 4)) != 0
}

pub(super) const fn kind_of(letter: u8) -> FieldKind {
    match letter {
        b's' => FieldKind::State,
        b'f' => FieldKind::Flag,
        b'a' => FieldKind::Argument,
        b'v' => FieldKind::Variable,
        b't' => FieldKind::Temporary,
        b'w' => FieldKind::Awaited,
        _ => panic!("the macro writes one of these"),
    }
}

/// What is before a separator and what is after it; all and nothing if there is none.
const fn split(text: &'static str, separator: u8) -> (&'static str, &'static str) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == separator {
            let (before, after) = text.split_at(at);
            return (before, after.split_at(1).1);
        }
        at += 1;
    }
    (text, "")
}

const fn number(digits: &str) -> u32 {
    match u32::from_str_radix(digits, 10) {
        Ok(number) => number,
        Err(_) => panic!("the macro writes numbers"),
    }
}
