//! Fixed arrays of frames in statics.

use core::cell::UnsafeCell;
use core::fmt;
use core::future::Future;
use core::marker::PhantomData;
use core::mem::MaybeUninit;

use super::{Message, PoolFull};
use crate::Executor;
use crate::executor::{Header, Local, Task, TaskOutput};

/// Memory for `COUNT` tasks whose frames have up to `SIZE` bytes, for a `static`.
///
/// It lies in `.bss`, and nothing in it is allocated. A task lives in one slot from its spawn to its
/// end, at one address. Any coroutine that fits can be put into any free slot: `SIZE` is usually the
/// [`frame_size!`](crate::frame_size) of the largest one. [`frame_pool!`](crate::frame_pool) finds it
/// and the alignment for a list of functions.
///
/// ```
/// use coframe::{Executor, FramePool, frame_size};
///
/// #[coframe::coroutine]
/// async fn blink(pin: u8) {
///     core::future::ready(pin).await;
/// }
///
/// static FRAMES: FramePool<{ frame_size!(blink) }, 16> = FramePool::new();
/// static EXECUTOR: Executor = Executor::new();
///
/// # fn main() {
/// if let Err(coframe::PoolFull(coroutine)) = FRAMES.spawn(&EXECUTOR, blink(13)) {
///     drop(coroutine); // no slot was free, and nothing is lost
/// }
/// while EXECUTOR.poll() {}
/// # }
/// ```
///
/// A frame that does not fit is an error while compiling, which names both sizes:
///
/// ```compile_fail,E0080
/// # use coframe::{Executor, FramePool};
/// # static EXECUTOR: Executor = Executor::new();
/// async fn large() {
///     let bytes = [0_u8; 100];
///     core::future::ready(()).await;
///     drop(bytes);
/// }
/// static FRAMES: FramePool<64, 1> = FramePool::new();
/// FRAMES.spawn(&EXECUTOR, large()).unwrap(); // the frame is 102 bytes, the slot is 64 bytes
/// ```
///
/// `ALIGN` is the alignment of the frames, 8 if it is not given.
///
/// # Invariants
///
/// * `SlotTaken`: the frame of a slot is touched only by whoever has taken the slot, and by the
///   executor it was given to. Established by the header's `take`.
pub struct FramePool<const SIZE: usize, const COUNT: usize, const ALIGN: usize = 8>
where
    Align<ALIGN>: Aligned,
{
    slots: [Slot<SIZE, ALIGN>; COUNT],
}

/// A header, and at the next multiple of `ALIGN` a frame.
#[repr(C)]
struct Slot<const SIZE: usize, const ALIGN: usize>
where
    Align<ALIGN>: Aligned,
{
    header: Header,
    _align: [<Align<ALIGN> as Aligned>::Unit; 0],
    _frame: UnsafeCell<MaybeUninit<[u8; SIZE]>>,
}

// SAFETY: the header is `Sync`, and the frame is touched by one context at a time: `SlotTaken`. What
// is moved into it is `Send`, or stays in the context that resumes it.
unsafe impl<const SIZE: usize, const COUNT: usize, const ALIGN: usize> Sync
    for FramePool<SIZE, COUNT, ALIGN>
where
    Align<ALIGN>: Aligned,
{
}

impl<const SIZE: usize, const COUNT: usize, const ALIGN: usize> FramePool<SIZE, COUNT, ALIGN>
where
    Align<ALIGN>: Aligned,
{
    /// The bytes of one slot: the header of two words, the frame, and padding to their alignment.
    pub const SLOT_BYTES: usize = size_of::<Slot<SIZE, ALIGN>>();

    /// A pool whose slots are free.
    pub const fn new() -> Self {
        FramePool { slots: [const { Slot::free() }; COUNT] }
    }

    /// Moves a coroutine into a free slot, and lets `executor` resume it.
    ///
    /// It looks for a slot from the first on, and neither waits nor disables interrupts: it may be
    /// called in an interrupt.
    ///
    /// # Errors
    ///
    /// Gives the coroutine back if no slot is free.
    pub fn spawn<C>(
        &'static self,
        executor: &'static Executor,
        coroutine: C,
    ) -> Result<(), PoolFull<C>>
    where
        C: Future<Output: TaskOutput> + Send + 'static,
    {
        const { Fit::<C, SIZE, ALIGN>::CHECK };
        // SAFETY:
        // - the coroutine fits, which was just checked, and is `Send`.
        let full = unsafe { self.start(executor, coroutine, |coroutine| coroutine) };
        full.map_or(Ok(()), |coroutine| Err(PoolFull(coroutine)))
    }

    /// Makes a coroutine in a free slot, and lets `executor` resume it.
    ///
    /// [`spawn`](Self::spawn) moves the coroutine with its whole frame, which was made before, so that
    /// it can be given back. Here the frame is made where it stays, if the optimiser can do so: for
    /// large frames that saves stack and code.
    ///
    /// ```
    /// # use coframe::{Executor, frame_pool};
    /// # #[coframe::coroutine]
    /// # async fn blink(pin: u8) {
    /// #     core::future::ready(pin).await;
    /// # }
    /// # frame_pool! { static FRAMES: [blink; 1]; }
    /// # static EXECUTOR: Executor = Executor::new();
    /// FRAMES.spawn_with(&EXECUTOR, || blink(13)).unwrap();
    /// assert!(FRAMES.spawn_with(&EXECUTOR, || blink(14)).is_err()); // was not called
    /// ```
    ///
    /// # Errors
    ///
    /// Gives the closure back if no slot is free.
    ///
    /// # Panics
    ///
    /// When the closure does. The slot is lost then.
    #[inline(always)]
    pub fn spawn_with<M, C>(
        &'static self,
        executor: &'static Executor,
        make: M,
    ) -> Result<(), PoolFull<M>>
    where
        M: FnOnce() -> C,
        C: Future<Output: TaskOutput> + Send + 'static,
    {
        const { Fit::<C, SIZE, ALIGN>::CHECK };
        // SAFETY:
        // - the coroutine fits, which was just checked, and is `Send`.
        let full = unsafe { self.start(executor, make, |make| make()) };
        full.map_or(Ok(()), |make| Err(PoolFull(make)))
    }

    /// Like [`spawn`](Self::spawn) for a coroutine that cannot move to another context, by the one
    /// context that resumes it.
    ///
    /// ```
    /// use coframe::{Executor, frame_pool};
    /// use std::rc::Rc;
    ///
    /// #[coframe::coroutine]
    /// async fn count(shared: Rc<std::cell::Cell<u32>>) {
    ///     core::future::ready(()).await;
    ///     shared.set(shared.get() + 1);
    /// }
    ///
    /// frame_pool! { static FRAMES: [count; 2]; }
    /// static EXECUTOR: Executor = Executor::new();
    ///
    /// let local = EXECUTOR.claim().unwrap();
    /// let shared = Rc::new(std::cell::Cell::new(0));
    /// FRAMES.spawn_local(local, count(shared.clone())).unwrap();
    /// FRAMES.spawn_local(local, count(shared.clone())).unwrap();
    /// while local.poll() {}
    /// assert_eq!(shared.get(), 2);
    /// ```
    ///
    /// # Errors
    ///
    /// Gives the coroutine back if no slot is free.
    pub fn spawn_local<C>(&'static self, local: Local, coroutine: C) -> Result<(), PoolFull<C>>
    where
        C: Future<Output: TaskOutput> + 'static,
    {
        const { Fit::<C, SIZE, ALIGN>::CHECK };
        // SAFETY:
        // - the coroutine fits, which was just checked.
        // - a `Local` stays in the one context that resumes what its executor has.
        let full = unsafe { self.start(local.executor(), coroutine, |coroutine| coroutine) };
        full.map_or(Ok(()), |coroutine| Err(PoolFull(coroutine)))
    }

    /// Starts what `make` makes of `given`, or gives that back.
    ///
    /// # Safety
    ///
    /// * The coroutine fits: `Fit::CHECK`.
    /// * It is `Send`, or the caller is the one context that resumes what `executor` has.
    #[inline(always)]
    unsafe fn start<G, C>(
        &'static self,
        executor: &'static Executor,
        given: G,
        make: impl FnOnce(G) -> C,
    ) -> Option<G>
    where
        C: Future + 'static,
    {
        let Some(slot) = self.take() else { return Some(given) };
        // SAFETY:
        // - the slot is static and was just taken; the coroutine fits: by this function's contract.
        // - the coroutine may be moved to where it is resumed: by this function's contract.
        unsafe { Task::start((&raw const *slot).cast(), executor, || make(given)) };
        None
    }

    /// Takes a free slot.
    #[inline]
    fn take(&'static self) -> Option<&'static Slot<SIZE, ALIGN>> {
        match &self.slots[..] {
            [only] => only.header.take().then_some(only), // without a loop: half the code
            slots => slots.iter().find(|slot| slot.header.is_vacant() && slot.header.take()),
        }
    }

    /// The number of slots.
    pub const fn slots(&self) -> usize {
        COUNT
    }

    /// The number of slots that are taken now.
    pub fn in_use(&self) -> usize {
        self.slots.iter().filter(|slot| !slot.header.is_vacant()).count()
    }
}

impl<const SIZE: usize, const ALIGN: usize> Slot<SIZE, ALIGN>
where
    Align<ALIGN>: Aligned,
{
    const fn free() -> Self {
        Slot {
            header: Header::vacant(),
            _align: [],
            _frame: UnsafeCell::new(MaybeUninit::uninit()),
        }
    }
}

/// An alignment as a type.
#[derive(Clone, Copy, Debug)]
pub struct Align<const ALIGN: usize>;

/// The alignments that frames can have: the powers of two up to 4096.
#[diagnostic::on_unimplemented(
    message = "frames cannot be aligned as `{Self}` says",
    note = "alignments are powers of two, up to 4096"
)]
pub trait Aligned {
    /// A type with the alignment.
    type Unit;
}

macro_rules! aligned {
    ($($align:literal)*) => {
        $(const _: () = {
            #[allow(missing_debug_implementations, reason = "it is never named")]
            #[repr(align($align))]
            pub struct Unit;

            impl Aligned for Align<$align> {
                type Unit = Unit;
            }
        };)*
    };
}

aligned!(1 2 4 8 16 32 64 128 256 512 1024 2048 4096);

/// The check that a coroutine fits into the slots of a pool.
struct Fit<C, const SIZE: usize, const ALIGN: usize>(PhantomData<C>);

impl<C, const SIZE: usize, const ALIGN: usize> Fit<C, SIZE, ALIGN> {
    const SIZES: Message =
        Message::new("the frame is ", size_of::<C>(), " bytes, the slot is ", SIZE, " bytes");
    const ALIGNMENTS: Message = Message::new(
        "the frame's alignment is ",
        align_of::<C>(),
        " bytes, the slot's is ",
        ALIGN,
        " bytes",
    );

    /// Fails to compile if it does not.
    const CHECK: () = {
        assert!(size_of::<C>() <= SIZE, "{}", Self::SIZES.as_str());
        assert!(align_of::<C>() <= ALIGN, "{}", Self::ALIGNMENTS.as_str());
    };
}

impl<const SIZE: usize, const COUNT: usize, const ALIGN: usize> Default
    for FramePool<SIZE, COUNT, ALIGN>
where
    Align<ALIGN>: Aligned,
{
    fn default() -> Self {
        FramePool::new()
    }
}

impl<const SIZE: usize, const COUNT: usize, const ALIGN: usize> fmt::Debug
    for FramePool<SIZE, COUNT, ALIGN>
where
    Align<ALIGN>: Aligned,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FramePool")
            .field("size", &SIZE)
            .field("slots", &COUNT)
            .field("in_use", &self.in_use())
            .finish()
    }
}

/// Declares pools of frames for functions that are named, with the size and alignment of the largest
/// of them.
///
/// ```
/// use coframe::{Executor, frame_pool};
///
/// #[coframe::coroutine]
/// async fn blink(pin: u8) {
///     core::future::ready(pin).await;
/// }
///
/// #[coframe::coroutine]
/// async fn report(at: u64) {
///     core::future::ready(()).await;
///     drop(at);
/// }
///
/// frame_pool! {
///     /// Four tasks of either kind.
///     pub static FRAMES: [blink | report; 4];
/// }
/// static EXECUTOR: Executor = Executor::new();
///
/// # fn main() {
/// FRAMES.spawn(&EXECUTOR, blink(13)).unwrap();
/// FRAMES.spawn(&EXECUTOR, report(14)).unwrap();
/// # while EXECUTOR.poll() {}
/// # }
/// ```
#[macro_export]
macro_rules! frame_pool {
    ($(
        $(#[$attribute:meta])*
        $visibility:vis static $name:ident: [$($function:path)|+; $count:expr];
    )*) => {
        $(
            $(#[$attribute])*
            $visibility static $name: $crate::FramePool<
                { $crate::frame::largest(&[$($crate::frame_size!($function)),+]) },
                { $count },
                { $crate::frame::largest(&[$($crate::frame_align!($function)),+]) },
            > = $crate::FramePool::new();
        )*
    };
}

/// The largest of some sizes or alignments. For [`frame_pool!`](crate::frame_pool).
#[doc(hidden)]
pub const fn largest(values: &[usize]) -> usize {
    let (mut largest, mut index) = (0, 0);
    while index < values.len() {
        if values[index] > largest {
            largest = values[index];
        }
        index += 1;
    }
    largest
}
