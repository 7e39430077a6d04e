//! The pool that users make.

use core::fmt;
use core::future::Future;
use std::io;

use super::{Fit, Growth, Pool, PoolRef, SlotLayout, Spawn};
use crate::frame::PoolFull;
use crate::scheduler::{self, RuntimeId, Shared};
use crate::task::{self, JoinHandle};

/// A fixed number of slots for coroutines whose frames have up to `SIZE` bytes.
///
/// All the memory is allocated when the pool is made, and the pool never grows. A task lives in one
/// slot from its spawn to its end, at one address; a slot is used again as soon as its task has
/// ended and nobody holds the task's handle. Made by [`Io::frames`](crate::Io::frames).
///
/// A frame that is larger than `SIZE` is an error while compiling, which names both sizes:
///
/// ```compile_fail,E0080
/// async fn large() {
///     let bytes = [0_u8; 100];
///     core::future::ready(()).await;
///     drop(bytes);
/// }
/// let mut runtime = coframe::Runtime::new().unwrap();
/// let frames = runtime.io().frames::<64>(1).unwrap();
/// frames.try_spawn(large()).unwrap(); // the frame is 102 bytes, the slot is 64 bytes
/// ```
///
/// Dropping the pool detaches the tasks in it: they go on, and the memory is freed when the last
/// one has ended.
pub struct Frames<const SIZE: usize> {
    pool: PoolRef,
}

impl<const SIZE: usize> Frames<SIZE> {
    pub(crate) fn new(shared: &'static Shared, id: RuntimeId, count: usize) -> io::Result<Self> {
        if count == 0 {
            let error = "a pool needs at least one frame";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, error));
        }
        let size = SIZE.checked_next_multiple_of(16).ok_or(io::ErrorKind::OutOfMemory)?;
        let pool = Pool::create(shared, id, SlotLayout::new(size, 1), Growth::Fixed, count)?;
        Ok(Frames { pool })
    }

    /// Spawns a coroutine, after waiting for a slot if all are in use.
    ///
    /// Those who wait get slots in the order in which they came. Dropping the future before it is
    /// done drops the coroutine and gives up the place in the queue; nothing is lost for others.
    /// A handle that is kept keeps the slot of its task, also when that has ended: who waits here and has
    /// the handles of all tasks in the pool waits for ever.
    ///
    /// The coroutine is kept in the future until there is a slot, and then copied there.
    /// [`spawn_with`](Self::spawn_with) makes it in the slot.
    ///
    /// # Errors
    ///
    /// If the runtime has ended.
    pub fn spawn<C>(&self, coroutine: C) -> Spawn<'_, impl FnOnce() -> C, SIZE>
    where
        C: Future + Send + 'static,
        C::Output: Send + 'static,
    {
        const { Fit::<C, SIZE>::CHECK };
        Spawn::new(&self.pool, move || coroutine, false)
    }

    /// Like [`spawn`](Self::spawn) for a coroutine that is made once there is a slot, where it is to be:
    /// whatever its frame's size, only its arguments are written, and the future holds only what `make`
    /// has captured.
    ///
    /// ```
    /// use coframe::{Runtime, frame_size};
    ///
    /// #[coframe::coroutine]
    /// async fn sum(bytes: u8) -> u32 {
    ///     let page = [bytes; 65_536];
    ///     core::future::ready(()).await;
    ///     page.iter().map(|byte| u32::from(*byte)).sum()
    /// }
    ///
    /// let mut runtime = Runtime::new()?;
    /// let sum = runtime.run(|io| async move {
    ///     let frames = io.frames::<{ frame_size!(sum) }>(1)?;
    ///     let task = frames.spawn_with(|| sum(2)).await?;
    ///     std::io::Result::Ok(task.await.expect("it does not panic"))
    /// })?;
    /// assert_eq!(sum, 131_072);
    /// # std::io::Result::Ok(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the runtime has ended. Then `make` is not called.
    ///
    /// # Panics
    ///
    /// If `make` does. The slot is free again then.
    pub fn spawn_with<M, C>(&self, make: M) -> Spawn<'_, M, SIZE>
    where
        M: FnOnce() -> C,
        C: Future + Send + 'static,
        C::Output: Send + 'static,
    {
        const { Fit::<C, SIZE>::CHECK };
        Spawn::new(&self.pool, make, false)
    }

    /// Like [`spawn`](Self::spawn) for a coroutine that cannot move to another thread.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, or if this thread is not the one that runs it.
    pub fn spawn_local<C>(&self, coroutine: C) -> Spawn<'_, impl FnOnce() -> C, SIZE>
    where
        C: Future + 'static,
    {
        const { Fit::<C, SIZE>::CHECK };
        Spawn::new(&self.pool, move || coroutine, true)
    }

    /// Like [`spawn_with`](Self::spawn_with) for a coroutine that cannot move to another thread.
    ///
    /// # Errors
    ///
    /// If the runtime has ended, or if this thread is not the one that runs it. Then `make` is not
    /// called.
    ///
    /// # Panics
    ///
    /// If `make` does. The slot is free again then.
    pub fn spawn_local_with<M, C>(&self, make: M) -> Spawn<'_, M, SIZE>
    where
        M: FnOnce() -> C,
        C: Future + 'static,
    {
        const { Fit::<C, SIZE>::CHECK };
        Spawn::new(&self.pool, make, true)
    }

    /// Spawns a coroutine if a slot is free and nobody waits for one.
    ///
    /// # Errors
    ///
    /// Gives the coroutine back if there is no slot for it, or if the runtime has ended.
    #[inline(always)] // so that the arguments are written into the slot, and not the frame
    pub fn try_spawn<C>(&self, coroutine: C) -> Result<JoinHandle<C::Output>, PoolFull<C>>
    where
        C: Future + Send + 'static,
        C::Output: Send + 'static,
    {
        const { Fit::<C, SIZE>::CHECK };
        let Ok(slot) = self.pool.take() else { return Err(PoolFull(coroutine)) };
        // SAFETY:
        // - the slot was just taken, and the coroutine fits: `Fit::CHECK`.
        // - the coroutine is `'static` and `Send`.
        let handle = unsafe { task::place(slot, coroutine) };
        scheduler::start(slot);
        Ok(handle)
    }

    /// The number of slots.
    pub fn slots(&self) -> usize {
        self.pool.usage().0
    }

    /// The number of slots that hold a task.
    pub fn in_use(&self) -> usize {
        self.pool.usage().1
    }

    /// The bytes of one slot: a frame, its header, and padding to the alignment of slots.
    pub fn slot_bytes(&self) -> usize {
        self.pool.stride()
    }

    /// The bytes of the whole pool.
    pub fn bytes(&self) -> usize {
        self.pool.bytes()
    }
}

impl<const SIZE: usize> fmt::Debug for Frames<SIZE> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (slots, in_use) = self.pool.usage();
        f.debug_struct("Frames")
            .field("size", &SIZE)
            .field("slots", &slots)
            .field("in_use", &in_use)
            .finish()
    }
}
