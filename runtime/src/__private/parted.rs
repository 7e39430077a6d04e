//! Slots of locals of which parts are taken by value.

use core::cell::Cell;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;

/// A local of which parts are taken by value. `D` drops what is left.
#[repr(C)]
#[derive(Debug)]
pub struct Parted<T, D: Fn(T, &M), M: Marks> {
    value: ManuallyDrop<T>,
    /// Which parts were moved out.
    pub marks: M,
    drop: PhantomData<fn() -> D>,
}

impl<T, D: Fn(T, &M), M: Marks> Parted<T, D, M> {
    /// A value that is whole.
    #[inline(always)]
    pub fn new(value: T) -> Self {
        Parted { value: ManuallyDrop::new(value), marks: M::default(), drop: PhantomData }
    }
}

impl<T, D: Fn(T, &M), M: Marks> Drop for Parted<T, D, M> {
    #[inline(always)]
    fn drop(&mut self) {
        if !self.marks.is_any_set() {
            // SAFETY:
            // - nothing was moved out of it, and nobody uses it after this drop.
            return unsafe { ManuallyDrop::drop(&mut self.value) };
        }
        const { assert!(size_of::<D>() == 0) };
        // SAFETY:
        // - what was moved out of it is not dropped: by `drop`, which gets the marks.
        let value = unsafe { ManuallyDrop::take(&mut self.value) };
        // SAFETY:
        // - it is a closure without captures, which `parts_of` has seen.
        let drop = unsafe { core::ptr::NonNull::<D>::dangling().as_ref() };
        drop(value, &self.marks);
    }
}

/// What is in the slot of a local whose parts are taken.
pub trait Divided {
    /// The type of the local.
    type Value;
}

impl<T, D: Fn(T, &M), M: Marks> Divided for Parted<T, D, M> {
    type Value = T;
}

/// The address of the value in a slot whose parts are taken.
#[inline(always)]
pub const fn whole<T, D: Fn(T, &M), M: Marks>(slot: *mut Parted<T, D, M>) -> *mut T {
    slot.cast()
}

/// Notes that nothing was moved out of the value in a slot.
///
/// # Safety
///
/// * `slot` is valid for writes.
#[inline(always)]
pub unsafe fn mark_whole<T, D: Fn(T, &M), M: Marks>(slot: *mut Parted<T, D, M>) {
    // SAFETY:
    // - it is valid for writes: by this function's contract.
    let marks = unsafe { &raw mut (*slot).marks };
    // SAFETY:
    // - as above, and the marks are a part of it.
    unsafe { marks.write(M::default()) };
}

/// Tells the compiler how what is left of a local is dropped, and the marks of its parts. Never runs.
#[inline(always)]
pub fn parts_of<T, D: Fn(T, &M) + Copy, M: Marks>(_: *mut Parted<T, D, M>, _: D, _: M) {}

/// What a slot knows about one part.
pub trait Mark: Default {
    /// Whether the part was moved out.
    fn is_moved(&self) -> bool;
    /// Notes that it was moved out, or that it has a value again.
    fn set_moved(&self, is_moved: bool) {
        self.set_taken(u8::from(is_moved));
    }
    /// What took something out of it: the number of an arm of a match, from one on. Zero if nothing did.
    fn taken(&self) -> u8;
    /// Notes what took something out of it.
    fn set_taken(&self, by: u8);
    /// Whether the part's type is `Copy`.
    const IS_COPY: bool;
}

/// Fails to compile for a part that can be moved out.
#[inline(always)]
pub fn require_copy<M: Mark>(_: &M) {
    const {
        assert!(
            M::IS_COPY,
            "cannot assign to a field of a saved local after a part of that field was moved out: \
             assign to the part, or to the whole local"
        )
    }
}

/// The mark of a part that is copied.
#[derive(Debug, Default)]
pub struct Copied;

impl Mark for Copied {
    const IS_COPY: bool = true;

    #[inline(always)]
    fn is_moved(&self) -> bool {
        false
    }

    #[inline(always)]
    fn taken(&self) -> u8 {
        0
    }

    #[inline(always)]
    fn set_taken(&self, _: u8) {}
}

/// The mark of a part that is moved.
#[derive(Debug, Default)]
pub struct Moved(Cell<u8>);

impl Mark for Moved {
    const IS_COPY: bool = false;

    #[inline(always)]
    fn is_moved(&self) -> bool {
        self.0.get() != 0
    }

    #[inline(always)]
    fn taken(&self) -> u8 {
        self.0.get()
    }

    #[inline(always)]
    fn set_taken(&self, by: u8) {
        self.0.set(by);
    }
}

/// The marks of all parts of a local.
pub trait Marks: Default {
    /// Whether a part was moved out.
    fn is_any_set(&self) -> bool;
}

impl Marks for () {
    #[inline(always)]
    fn is_any_set(&self) -> bool {
        false
    }
}

/// After all marks of a local that holds arrays whose elements patterns take: what is left, and all of it,
/// is dropped by the closure, in which rustc knows those patterns.
#[derive(Debug, Default)]
pub struct Elements;

impl Marks for Elements {
    #[inline(always)]
    fn is_any_set(&self) -> bool {
        true
    }
}

/// No, which rustc does not see before it has decided what is dropped where.
#[inline(always)]
pub const fn never() -> bool {
    false
}

impl<A: Mark, B: Marks> Marks for (A, B) {
    #[inline(always)]
    fn is_any_set(&self) -> bool {
        self.0.is_moved() || self.1.is_any_set()
    }
}

/// Finds out, by which of two methods is found first, whether the type of a part is `Copy`.
#[derive(Debug)]
pub struct PartProbe<T>(PhantomData<T>);

impl<T> PartProbe<T> {
    /// A probe of a part's type.
    #[inline(always)]
    pub const fn new(_part: *const T) -> Self {
        PartProbe(PhantomData)
    }
}

/// Found first, for types that are `Copy`.
pub trait CopiedPart {
    /// The mark of such a part.
    fn mark(&self) -> Copied {
        Copied
    }
}

impl<T: Copy> CopiedPart for &PartProbe<T> {}

/// Found otherwise.
pub trait MovedPart {
    /// The mark of such a part.
    fn mark(&self) -> Moved {
        Moved::default()
    }
}

impl<T> MovedPart for PartProbe<T> {}

impl<T> PartProbe<T> {
    /// A probe of a value's type. It never runs.
    #[inline(always)]
    pub fn of(value: T) -> Self {
        core::mem::forget(value);
        PartProbe(PhantomData)
    }

    /// A probe of this type and another: it finds `Copy` if both are.
    #[inline(always)]
    pub const fn and<U>(self, _other: PartProbe<U>) -> PartProbe<(T, U)> {
        PartProbe(PhantomData)
    }
}

/// Whether one of these arms has taken what is all that it takes; now that gets a value.
#[inline(always)]
pub fn take_mark_of_arm(mark: &impl Mark, arms: &[u8]) -> bool {
    let is_taken = arms.contains(&mark.taken());
    if is_taken {
        mark.set_taken(0);
    }
    is_taken
}

/// Whether a part was moved out; now it gets a value.
#[inline(always)]
pub fn take_mark(mark: &impl Mark) -> bool {
    let is_moved = mark.is_moved();
    mark.set_moved(false);
    is_moved
}
