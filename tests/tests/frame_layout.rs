//! The layout of frames as programs see it.

use std::future::ready;

use coframe::frame::{Field, FieldKind, FrameLayout, State};
use coframe::{frame_layout, frame_size};

#[coframe::coroutine]
async fn leaf(buffer: &mut [u8; 16], text: Option<String>) -> u64 {
    let length = text.as_ref().map_or(0, |text| text.len() as u64);
    ready(()).await;
    buffer[0] = 1;
    length
}

#[coframe::coroutine]
async fn parent(flag: bool) -> u64 {
    let mut buffer = [0; 16];
    let first = leaf(&mut buffer, None).await;
    if flag {
        let large = [1u64; 8];
        ready(large).await;
        return large[0];
    }
    first
}

const PARENT: FrameLayout = frame_layout!(parent);

fn field(layout: &FrameLayout, name: &str) -> Field {
    *layout.field(name).unwrap_or_else(|| panic!("no {name} in\n{layout}"))
}

fn state(layout: &FrameLayout, awaited: &str) -> State {
    let found = layout.states.iter().find(|state| state.awaited == awaited);
    *found.unwrap_or_else(|| panic!("nothing awaits `{awaited}` in\n{layout}"))
}

#[test]
fn it_is_a_constant() {
    const _: () = assert!(PARENT.size == frame_size!(parent));
    const _: () = assert!(PARENT.align == coframe::frame_align!(parent));
    const _: () = assert!(PARENT.padding() < PARENT.size);
    const _: () = assert!(PARENT.fields[0].offset < PARENT.size);
}

#[test]
fn fields_are_where_their_values_are() {
    let (buffer, state) = (field(&PARENT, "buffer"), field(&PARENT, "state"));
    assert_eq!((buffer.size, buffer.kind), (16, FieldKind::Variable));
    assert_eq!(buffer.type_name().to_string(), "[u8; 16]");
    assert_eq!((state.size, state.kind), (1, FieldKind::State));
    assert_eq!(field(&PARENT, "flag").kind, FieldKind::Argument);
    assert_eq!(field(&PARENT, "leaf").kind, FieldKind::Awaited);
    assert_eq!(field(&PARENT, "leaf").size, frame_size!(leaf));
    assert!(PARENT.fields.iter().all(|field| field.end() <= PARENT.size));
}

/// The bytes of a field, which must be initialised.
fn bytes<F>(frame: &std::pin::Pin<Box<F>>, field: Field) -> Vec<u8> {
    assert!(field.end() <= size_of::<F>());
    let start = (&raw const **frame).cast::<u8>().wrapping_add(field.offset);
    // SAFETY: they are inside the frame, and initialised: by the callers.
    unsafe { std::slice::from_raw_parts(start, field.size) }.to_vec()
}

#[test]
fn a_suspended_frame_holds_what_the_layout_says() {
    let mut frame = Box::pin(parent(true));
    let waker = std::task::Waker::noop();
    let mut context = std::task::Context::from_waker(waker);
    assert_eq!(bytes(&frame, field(&PARENT, "flag")), [1]);
    let before = bytes(&frame, field(&PARENT, "state"));
    assert!(frame.as_mut().poll(&mut context).is_ready());
    assert_ne!(bytes(&frame, field(&PARENT, "state")), before);
}

#[test]
fn states_tell_where_they_are_and_what_is_live() {
    let [start, first, second] = PARENT.states else { panic!("three states in\n{PARENT}") };
    assert_eq!((start.awaited, first.awaited), ("", "leaf(&mut buffer, None)"));
    assert_eq!(second.awaited, "ready(large)");
    assert!(first.file.ends_with("frame_layout.rs"));
    assert_eq!(first.line - start.line, 2);
    assert_eq!((second.line - start.line, second.column), (5, 22));
    let is_live =
        |name: &'static str| PARENT.states.iter().map(move |s| field(&PARENT, name).is_live_in(s));
    assert!(is_live("state").eq([true, true, true]));
    assert!(is_live("leaf").eq([false, true, false]));
    assert!(is_live("large").eq([false, false, true]));
    assert!(is_live("flag").take(2).eq([true, true]));
}

#[test]
fn what_is_never_live_together_overlaps() {
    let (leaf, large) = (field(&PARENT, "leaf"), field(&PARENT, "large"));
    assert!(PARENT.overlapping(&leaf).any(|field| field.name == "large"));
    assert!(PARENT.overlapping(&large).any(|field| field.name == "leaf"));
    assert!(PARENT.overlapping(&field(&PARENT, "buffer")).next().is_none());
    for field in PARENT.fields {
        for other in PARENT.overlapping(field) {
            let both = |s: &State| field.is_live_in(s) && other.is_live_in(s);
            assert!(!PARENT.states.iter().any(both), "{} and {}", field.name, other.name);
        }
    }
}

#[test]
fn callees_unfold() {
    let callee = PARENT.callee(&field(&PARENT, "leaf")).expect("it is a coroutine");
    assert_eq!((callee.name, callee.size), ("leaf", frame_size!(leaf)));
    assert!(callee.field("text").is_some());
    let second = state(&PARENT, "ready(large)");
    let ready = PARENT
        .fields
        .iter()
        .find(|field| field.kind == FieldKind::Awaited && field.is_live_in(&second));
    assert!(PARENT.callee(ready.expect("it is awaited")).is_none());
}

#[test]
fn padding_and_fields_cover_every_byte() {
    let mut covered = [false; PARENT.size];
    PARENT.fields.iter().for_each(|field| covered[field.offset..field.end()].fill(true));
    let padding = covered.iter().filter(|byte| !**byte).count();
    assert_eq!(PARENT.padding(), padding);
    PARENT.gaps().for_each(|gap| covered[gap].fill(true));
    assert!(covered.iter().all(|byte| *byte));
}

struct Counter(u8);

impl Counter {
    #[coframe::coroutine]
    pub(self) async fn count<T: Copy>(&self, value: T) -> (u8, T) {
        ready(()).await;
        (self.0, value)
    }
}

#[coframe::coroutine(yield = u32, resume = bool)]
fn countdown(from: u32) -> &'static str {
    for i in (1..=from).rev() {
        if suspend!(i) {
            return "aborted";
        }
    }
    "liftoff"
}

#[test]
fn methods_generics_and_coroutines_by_hand_have_one() {
    let layout = frame_layout!(Counter::count::<[u8; 100]>);
    assert_eq!((layout.name, field(&layout, "value").size), ("count", 100));
    assert_eq!(field(&frame_layout!(Counter::count::<u8>), "value").size, 1);
    let layout = frame_layout!(countdown);
    assert_eq!(layout.states.len(), 2);
    assert_eq!(state(&layout, "i").name, "Suspend");
}

mod kept_in_a_trait {
    use std::future::ready;

    pub(crate) trait Greet {
        #[coframe::coroutine]
        async fn greet(&self) -> u8 {
            ready(1).await
        }
    }

    pub(crate) struct Plain;

    impl Greet for Plain {
        async fn greet(&self) -> u8 {
            ready(2).await
        }
    }

    pub(crate) struct Default;

    impl Greet for Default {}
}

#[test]
fn a_default_method_can_be_implemented_without_the_attribute() {
    use kept_in_a_trait::Greet;
    assert_eq!(coframe::block_on(kept_in_a_trait::Plain.greet()), 2);
    assert_eq!(coframe::block_on(kept_in_a_trait::Default.greet()), 1);
}

#[test]
fn the_text_has_a_line_for_each_field_and_state() {
    let (text, folded) = (PARENT.to_string(), format!("{PARENT:#}"));
    for field in PARENT.fields {
        let line = folded.lines().find(|line| line.contains(&format!("*/ {}: ", field.name)));
        let line = line.unwrap_or_else(|| panic!("{} is not in\n{folded}", field.name));
        let numbers: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(numbers[1..3], [field.offset.to_string(), field.size.to_string()]);
    }
    assert!(text.contains("text: Option<String>"), "{text}");
    assert!(!folded.contains("text: Option<String>"), "{folded}");
    for state in PARENT.states {
        assert!(text.contains(&format!("frame_layout.rs:{}:{}", state.line, state.column)));
    }
}

/// The value of an attribute of an element.
fn attribute(element: &str, name: &str) -> usize {
    let after = element.split_once(&format!(" {name}=\"")).expect("it has the attribute").1;
    after.split('"').next().and_then(|text| text.parse().ok()).expect("it is a number")
}

#[test]
fn the_map_draws_what_is_live_inside_its_bounds() {
    let map = frame_layout!(parent).byte_map().to_string();
    let (width, height) = (attribute(&map, "width"), attribute(&map, "height"));
    let rectangles = map.split("<rect").skip(2).filter(|rect| rect.contains(" x=\""));
    for rect in rectangles {
        assert!(attribute(rect, "x") + attribute(rect, "width") <= width, "{rect}");
        assert!(attribute(rect, "y") + attribute(rect, "height") <= height, "{rect}");
    }
    let drawn = |layout: &FrameLayout| -> usize {
        let live = |state| layout.fields.iter().filter(move |field| field.is_live_in(state));
        layout.states.iter().flat_map(live).count()
    };
    assert_eq!(map.matches("<title>").count(), drawn(&PARENT) + drawn(&frame_layout!(leaf)));
    assert!(map.contains("at 0<") && map.contains("&amp;mut [u8; 16]"));
}

/// The state of a coroutine that waits for another one is in the byte of that.
#[test]
fn a_state_in_the_callee_has_no_bytes() {
    #[coframe::coroutine]
    async fn callee(x: u64) -> u64 {
        core::future::ready(()).await;
        x
    }
    #[coframe::coroutine]
    async fn caller(x: u64) -> u64 {
        callee(x).await
    }
    const CALLEE: FrameLayout = coframe::frame_layout!(callee);
    const CALLER: FrameLayout = coframe::frame_layout!(caller);
    assert_eq!(CALLER.size, CALLEE.size);
    let field = |name: &str| CALLER.field(name).expect("it has this field");
    assert_eq!((field("state").size, field("state").offset), (0, 0));
    assert_eq!((field("callee").size, field("callee").offset), (CALLEE.size, 0));
    assert_eq!(CALLER.overlapping(field("state")).count(), 0);
    let overlapping: Vec<&str> = CALLER.overlapping(field("x")).map(|other| other.name).collect();
    assert_eq!(overlapping, ["callee"]);
    let text = CALLER.to_string();
    assert!(text.contains("state, // kept by what is awaited"), "{text}");
    assert!(!CALLER.byte_map().to_string().contains("state: 0"));
}
