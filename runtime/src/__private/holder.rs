//! Futures that run code once and keep what is left of its receivers and temporaries.

use core::future::Future;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::pin::Pin;
use core::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

use super::poll;
use crate::frame::layout::Unknown;

/// Never ready: what a holder waits for.
#[inline(always)]
pub fn pending() -> core::future::Pending<()> {
    core::future::pending()
}

/// What can be dropped, of a type that is not told.
pub trait Droppable {}

impl<T> Droppable for T {}

/// The address of a value that is only dropped by it.
#[inline(always)]
pub fn droppable<'a, T: 'a>(value: *mut T) -> *mut (dyn Droppable + 'a) {
    value
}

/// What a holder is given when it runs.
#[derive(Debug)]
pub struct Given<T>(MaybeUninit<T>);

impl<T> Given<T> {
    /// What the code in a holder needs.
    #[inline(always)]
    pub const fn new(given: T) -> Self {
        Given(MaybeUninit::new(given))
    }

    /// What the holder awaits to get it.
    ///
    /// # Safety
    ///
    /// * The result is polled by [`hold`] only, with this value.
    #[inline(always)]
    pub const unsafe fn receive(&self) -> Receive<T> {
        Receive(PhantomData)
    }
}

/// The future that gives a holder what it needs. It is no larger than nothing.
#[derive(Debug)]
pub struct Receive<T>(PhantomData<fn() -> T>);

impl<T> Future for Receive<T> {
    type Output = T;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        // SAFETY:
        // - the data is the `Given<T>` of the only call of `hold` that polls it, which is read once.
        Poll::Ready(unsafe { context.waker().data().cast::<T>().read() })
    }
}

/// Runs a holder up to the point where it only keeps what is left.
///
/// # Safety
///
/// * `holder` points at an initialised future that is never moved again.
/// * No other reference to it exists.
/// * It awaits what `given` gave it to `receive`, once, and then only [`pending`].
#[inline(always)]
pub unsafe fn hold<F: Future, T>(holder: *mut F, given: Given<T>) {
    const VTABLE: RawWakerVTable =
        RawWakerVTable::new(|_| unreachable!("a holder does not wake"), |_| {}, |_| {}, |_| {});
    let data = (&raw const given.0).cast();
    // SAFETY:
    // - none of the functions uses the data.
    let waker = unsafe { Waker::from_raw(RawWaker::new(data, &VTABLE)) };
    let mut context = Context::from_waker(&waker);
    // SAFETY:
    // - it is initialised, and does not move: by this function's contract.
    // - no other reference to it exists: by this function's contract.
    let _ = unsafe { poll(holder, &mut context, Unknown) };
}

/// A holder that is forgotten. What it holds does not end where something else begins.
#[repr(C)]
#[derive(Debug)]
pub struct Beside<F> {
    future: MaybeUninit<F>,
    beyond: MaybeUninit<usize>,
}

impl<F> Beside<F> {
    /// A holder that is not polled yet.
    #[inline(always)]
    pub const fn new(future: F) -> Self {
        Beside { future: MaybeUninit::new(future), beyond: MaybeUninit::uninit() }
    }

    /// The address of the holder.
    #[inline(always)]
    pub const fn as_mut_ptr(&mut self) -> *mut F {
        self.future.as_mut_ptr()
    }
}

/// Makes a closure borrow from a value itself, where it borrows from a copy of it in a [`Beside`].
///
/// # Safety
///
/// * `closure` points at a closure, all that it captures is one reference or nothing.
/// * `copy` and `value` point at values of the same bytes.
#[inline(always)]
pub unsafe fn move_borrow<C, T>(closure: *mut C, copy: *const T, value: *mut T) {
    // A wide reference is to something without a size, which is not in the value itself.
    if size_of::<C>() != size_of::<*const ()>() {
        return;
    }
    let captured = closure.cast::<*const u8>();
    // SAFETY:
    // - the closure is nothing but a reference: by this function's contract, and its size.
    let distance = unsafe { captured.read() }.addr().wrapping_sub(copy.addr());
    // A part without a size may be at the end.
    if distance <= size_of::<T>() {
        let part: *const u8 = value.cast::<u8>().wrapping_add(distance);
        // SAFETY:
        // - as above; what is at the same distance in the value is what the closure refers to.
        unsafe { captured.write(part) };
    }
}
