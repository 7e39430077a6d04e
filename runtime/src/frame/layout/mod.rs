//! The layout of a frame as a constant that programs and people can read.
//!
//! ```text
//! mod.rs      FrameLayout, Field, State: what `frame_layout!` gives
//! table.rs    what the macro writes down of a frame, and how it becomes those
//! callees.rs  which fields are frames of coroutines themselves
//! text.rs     `Display`: a struct with an offset and a size beside each field
//! name.rs     type names, shortened
//! map.rs      the byte map: states down, bytes across, as SVG
//! limit.rs    `max_frame = ..`
//! report.rs   what `cargo coframe` reads, and how it gets out of the compiler
//! reported.rs how it becomes a layout again
//! message.rs  texts that are made while compiling
//! ```
//!
//! All of it is evaluated only where it is asked for: the macro writes down two short texts and the
//! addresses of the slots, in a constant of a trait that nobody reads otherwise.

mod callees;
mod limit;
mod map;
mod message;
mod name;
mod report;
#[cfg(feature = "std")]
mod reported;
mod table;
mod text;

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

pub use map::ByteMap;
pub use name::TypeName;

#[doc(hidden)]
pub use callees::{Callee, Known, KnownCallee, Resumes, Unknown, UnknownCallee};
#[doc(hidden)]
pub use limit::{fits, future_fits};
#[doc(hidden)]
pub use report::{PlainType, ReportPath, no_plain, plain, report};
#[cfg(feature = "std")]
#[doc(hidden)]
pub use reported::{Reported, parse};
#[doc(hidden)]
pub use table::{Place, Table, fields, slot, states};

pub(crate) use callees::List;
pub(crate) use table::of_machine;

use super::CoroutineFn;

/// A coroutine whose frame can be looked at. The machines that the macro generates implement it.
#[diagnostic::on_unimplemented(
    message = "the layout of the frame is not known",
    label = "not known to be a coroutine of `#[coframe::coroutine]`",
    note = "a method without a visibility might be one of a trait, so its type tells nothing: \
            write `pub(self) async fn`, or call `Described::LAYOUT` of the type"
)]
pub trait Described {
    /// The layout of the frame.
    const LAYOUT: FrameLayout;

    /// Resumes the coroutine as the caller that awaits it does: code that nobody can come to is left out.
    ///
    /// # Safety
    ///
    /// * It has neither returned nor panicked.
    #[doc(hidden)]
    #[inline(always)]
    unsafe fn poll_callee(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output>
    where
        Self: Future,
    {
        self.poll(context)
    }
}

/// Where everything is in a frame.
///
/// ```
/// use coframe::frame::FrameLayout;
///
/// #[coframe::coroutine]
/// async fn add_later(x: u64) -> u64 {
///     core::future::ready(()).await;
///     x + 1
/// }
///
/// const LAYOUT: FrameLayout = coframe::frame_layout!(add_later);
/// const _: () = assert!(LAYOUT.size == coframe::frame_size!(add_later));
///
/// let x = LAYOUT.field("x").expect("it is used after the suspension");
/// assert_eq!((x.size, x.type_name().to_string().as_str()), (8, "u64"));
/// let waiting = LAYOUT.states.iter().find(|state| state.awaited == "core::future::ready(())");
/// assert!(x.is_live_in(waiting.expect("it suspends there")));
/// println!("{LAYOUT}");
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FrameLayout {
    /// The name of the function.
    pub name: &'static str,
    /// The file that the function is in, as the compiler was told its name.
    pub file: &'static str,
    /// The bytes of the whole frame.
    pub size: usize,
    /// The alignment of the frame, in bytes.
    pub align: usize,
    /// The fields: the state first, then flags, then the slots.
    pub fields: &'static [Field],
    /// The states in which somebody can see the frame and it holds something: not resumed yet, and
    /// suspended at each suspension point.
    pub states: &'static [State],
    callees: &'static callees::Callees,
}

/// A part of a frame.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Field {
    /// Its name: that of the variable, or of what is awaited, with a number if it is not the only one.
    pub name: &'static str,
    /// What it is for.
    pub kind: FieldKind,
    /// Where it begins, in bytes from the beginning of the frame.
    pub offset: usize,
    /// Its bytes.
    pub size: usize,
    type_name: fn() -> &'static str,
    live: &'static str,
    callee: Option<usize>,
}

/// What a field is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FieldKind {
    /// The state of the coroutine. It has no bytes if the state is kept in that of a callee.
    State,
    /// Whether a variable holds a value, where only the control flow of the run knows.
    Flag,
    /// An argument of the function.
    Argument,
    /// A variable of the body.
    Variable,
    /// A value that has no name in the body.
    Temporary,
    /// What is awaited.
    Awaited,
}

/// A state in which a frame is at rest.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct State {
    /// Its name in the generated code.
    pub name: &'static str,
    /// Its position in [`FrameLayout::states`].
    pub index: usize,
    /// The file it is in.
    pub file: &'static str,
    /// The line of the `.await` or `suspend!`, from 1; of the function in the first state.
    pub line: u32,
    /// The column in that line, from 1.
    pub column: u32,
    /// What is awaited or handed out, as it is written; empty in the first state.
    pub awaited: &'static str,
}

impl FrameLayout {
    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The fields that share bytes with a field.
    pub fn overlapping(&self, field: &Field) -> impl Iterator<Item = &'static Field> + use<> {
        let (start, end) = (field.offset, field.end());
        let name = field.name;
        self.fields
            .iter()
            .filter(move |other| other.name != name && other.offset < end && start < other.end())
            .filter(move |other| start < end && other.size > 0)
    }

    /// The layout of the frame that lies in a field, if that is one of another coroutine.
    pub fn callee(&self, field: &Field) -> Option<&'static FrameLayout> {
        self.callees.get(field.callee?)
    }

    /// The bytes that belong to no field.
    pub const fn padding(&self) -> usize {
        let mut padding = 0;
        let mut gap = self.gap_from(0);
        while let Some((start, end)) = gap {
            padding += end - start;
            gap = self.gap_from(end);
        }
        padding
    }

    /// The bytes that belong to no field, as ranges.
    pub fn gaps(&self) -> impl Iterator<Item = core::ops::Range<usize>> + use<> {
        let layout = *self;
        let mut from = 0;
        core::iter::from_fn(move || {
            let (start, end) = layout.gap_from(from)?;
            from = end;
            Some(start..end)
        })
    }

    /// The bytes that hold something in a state.
    pub fn live_bytes(&self, state: &State) -> usize {
        let is_live = |field: &&Field| field.is_live_in(state);
        self.fields.iter().filter(is_live).map(|field| field.size).sum()
    }

    /// A picture of the frame as an SVG document: states down and bytes across, coloured by field,
    /// with a legend; and the same of each frame inside.
    pub const fn byte_map(&self) -> ByteMap<'_> {
        ByteMap::new(self)
    }

    /// The first bytes from an offset on that belong to no field.
    const fn gap_from(&self, from: usize) -> Option<(usize, usize)> {
        let mut start = from;
        let mut index = 0;
        while index < self.fields.len() {
            let field = &self.fields[index];
            if field.offset <= start && start < field.end() {
                start = field.end();
                index = 0;
            } else {
                index += 1;
            }
        }
        if start >= self.size {
            return None;
        }
        let mut end = self.size;
        let mut index = 0;
        while index < self.fields.len() {
            let field = &self.fields[index];
            if field.size > 0 && field.offset > start && field.offset < end {
                end = field.offset;
            }
            index += 1;
        }
        Some((start, end))
    }
}

impl Field {
    /// The name of the type of its values, shortened to what is after the last `::`.
    pub fn type_name(&self) -> TypeName {
        TypeName::new((self.type_name)())
    }

    /// Where it ends: the offset of the first byte after it.
    pub const fn end(&self) -> usize {
        self.offset + self.size
    }

    /// Whether its bytes must not be touched in a state.
    pub fn is_live_in(&self, state: &State) -> bool {
        table::contains(self.live, state.index)
    }
}

/// The layout of the frame that `function` returns. See [`frame_layout!`](crate::frame_layout).
pub const fn frame_layout_of<Function, Arguments>(_function: &Function) -> FrameLayout
where
    Function: CoroutineFn<Arguments>,
    Function::Frame: Described,
{
    <Function::Frame as Described>::LAYOUT
}

/// The layout of the frame of a coroutine, as a constant.
///
/// Takes the path of a coroutine function, with turbofish arguments if it is generic. A method needs
/// a visibility, if only `pub(self)`: without one it might be a method of a trait, whose type tells
/// nothing of the frame.
///
/// ```
/// #[coframe::coroutine]
/// async fn wait(buffer: [u8; 64]) -> u8 {
///     core::future::ready(()).await;
///     buffer[0]
/// }
///
/// const LAYOUT: coframe::frame::FrameLayout = coframe::frame_layout!(wait);
/// const _: () = assert!(LAYOUT.size <= 128);
/// assert_eq!(LAYOUT.field("buffer").map(|field| field.size), Some(64));
/// ```
#[macro_export]
macro_rules! frame_layout {
    ($($function:tt)+) => {
        const { $crate::frame::frame_layout_of(&$($function)+) }
    };
}
