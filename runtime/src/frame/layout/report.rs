//! What `cargo coframe` reads.
//!
//! Only a constant knows the layout of a frame whose types are inferred, and an error is all that a
//! constant can say. So in the target that `cargo coframe` looks at, and nowhere else, each coroutine
//! is an error whose text is its layout:
//!
//! ```text
//! coframe-layout
//! 0 frame NAME PATH SIZE ALIGN PLAIN FILE       PLAIN: the size of rustc's future, or `-`
//! 0 state LINE COLUMN NAME AWAITED
//! 0 field KIND OFFSET SIZE LIVE NAME
//! 1 frame ..                                    the frame in the field before, and so on
//! ```

use core::marker::PhantomData;

use super::message::Message;
use super::{Described, FieldKind, FrameLayout};

/// What a report begins with.
pub(super) const HEAD: &str = "coframe-layout\n";

/// The type of rustc's future for a body, to be inferred.
#[derive(Debug)]
pub struct PlainType<P>(PhantomData<fn() -> P>);

impl<P> Clone for PlainType<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for PlainType<P> {}

impl<P> PlainType<P> {
    /// A type to infer.
    #[allow(clippy::new_without_default, reason = "generated code is its only user")]
    pub const fn new() -> Self {
        PlainType(PhantomData)
    }
}

/// Tells the type. Never runs.
pub fn plain<P: Future<Output = T>, T>(_type: PlainType<P>, _returns: fn() -> T, _future: P) {}

/// Tells that there is none: a coroutine that is resumed by hand.
pub fn no_plain(_type: PlainType<()>) {}

/// Tells the path of the module.
pub trait ReportPath {
    /// The path.
    const PATH: &'static str;
}

/// Fails to compile, with the layout of a frame.
pub fn report<M: Described, P, N: ReportPath>(_machine: &M, _plain: PlainType<P>, _path: N) {
    const {
        let layout = M::LAYOUT;
        let mut message = Message::<32768>::new();
        message.push(HEAD);
        push_frame(&mut message, &layout, 0, N::PATH, size_of::<P>());
        panic!("{}", message.text())
    }
}

const fn push_frame(
    message: &mut Message<32768>,
    layout: &FrameLayout,
    depth: usize,
    path: &str,
    plain: usize,
) {
    message.push_number(depth);
    push_words(message, " frame ", layout.name);
    push_words(message, " ", path);
    push_numbers(message, [layout.size, layout.align]);
    if plain == 0 {
        message.push(" -");
    } else {
        push_numbers(message, [plain]);
    }
    push_words(message, " ", layout.file);
    message.push("\n");
    let mut index = 0;
    while index < layout.states.len() {
        let state = &layout.states[index];
        message.push_number(depth);
        message.push(" state");
        push_numbers(message, [state.line as usize, state.column as usize]);
        push_words(message, " ", state.name);
        push_words(message, " ", state.awaited);
        message.push("\n");
        index += 1;
    }
    let mut index = 0;
    while index < layout.fields.len() {
        let field = &layout.fields[index];
        message.push_number(depth);
        push_words(message, " field ", field.kind.letter());
        push_numbers(message, [field.offset, field.size]);
        push_words(message, " ", field.live);
        push_words(message, " ", field.name);
        message.push("\n");
        if let Some(number) = field.callee
            && let Some(callee) = layout.callees.get(number)
        {
            push_frame(message, callee, depth + 1, "-", 0);
        }
        index += 1;
    }
}

const fn push_words<const N: usize>(message: &mut Message<N>, before: &str, text: &str) {
    message.push(before);
    message.push(text);
}

const fn push_numbers<const N: usize, const M: usize>(
    message: &mut Message<N>,
    numbers: [usize; M],
) {
    let mut index = 0;
    while index < M {
        message.push(" ");
        message.push_number(numbers[index]);
        index += 1;
    }
}

impl FieldKind {
    /// The letter for it in texts.
    const fn letter(self) -> &'static str {
        match self {
            FieldKind::State => "s",
            FieldKind::Flag => "f",
            FieldKind::Argument => "a",
            FieldKind::Variable => "v",
            FieldKind::Temporary => "t",
            FieldKind::Awaited => "w",
        }
    }
}
