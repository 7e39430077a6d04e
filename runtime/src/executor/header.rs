//! What precedes a frame in its slot, and how the task in it runs.

use core::cell::Cell;
use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::ptr::NonNull;
use core::task::Context;

use super::link::Link;
use super::{Executor, waker};

/// The header of one slot: two words, all zeros while the slot is vacant and was never used.
///
/// Aligned to 4 bytes on every machine, as the run queue and the link need two bits of its address.
#[derive(Debug)]
#[repr(C, align(4))]
pub(crate) struct Header {
    /// Touched by anybody, through the transitions of [`Link`] only.
    pub(super) link: Link,
    /// What resumes the task. Touched only by whoever spawns, and then by the executor: `OneExecutor`.
    run: Cell<Option<Run>>,
}

/// Resumes a task that has left the queue of the executor at an address, and ends it when it is done: it
/// does so itself, because tasks that never end need no code for that.
type Run = unsafe fn(Task, usize);

// SAFETY: the link is atomic, and the rest has one user at a time: `OneExecutor`.
unsafe impl Sync for Header {}

#[cfg(not(loom))]
const _: () = assert!(size_of::<Header>() == 2 * size_of::<usize>());

/// A task, by the address of its header. The memory of tasks is never given back.
#[derive(Clone, Copy)]
pub(crate) struct Task(NonNull<Header>);

impl Header {
    /// The header of a slot without a task.
    pub(crate) const fn vacant() -> Self {
        Header { link: Link::vacant(), run: Cell::new(None) }
    }

    /// Takes the slot, if it is vacant, for the caller.
    pub(crate) fn take(&self) -> bool {
        self.link.take()
    }

    /// Whether the slot has no task.
    pub(crate) fn is_vacant(&self) -> bool {
        self.link.is_vacant()
    }
}

impl Task {
    /// The task whose header is at an address.
    ///
    /// # Safety
    ///
    /// * The address is that of a [`Task`] that was made by [`Task::start`].
    pub(super) unsafe fn at(address: usize) -> Self {
        // SAFETY:
        // - it is the address of a header: by this function's contract.
        Task(unsafe { NonNull::new_unchecked(core::ptr::with_exposed_provenance_mut(address)) })
    }

    /// The address of the header.
    pub(super) fn address(self) -> usize {
        self.0.as_ptr().expose_provenance()
    }

    /// The header.
    pub(super) fn header(self) -> &'static Header {
        // SAFETY:
        // - the memory of a task is there for ever: by the contract of `Task::start`.
        unsafe { self.0.as_ref() }
    }

    /// The address of the frame.
    const fn frame<F>(self) -> *mut F {
        let align = align_of::<F>();
        let offset = size_of::<Header>().next_multiple_of(align);
        self.0.as_ptr().wrapping_byte_add(offset).cast()
    }

    /// Makes a future in a slot, and puts the task into the queue of `executor`.
    ///
    /// # Safety
    ///
    /// * `slot` points at memory that is valid for ever: a header, which the caller has taken, and
    ///   behind it, at the next multiple of the alignment of `F`, at least the size of `F`.
    /// * The future is `Send`, or the caller is the context that alone resumes what `executor` has.
    #[inline]
    pub(crate) unsafe fn start<F>(
        slot: *const Header,
        executor: &'static Executor,
        make: impl FnOnce() -> F,
    ) where
        F: Future + 'static,
    {
        // SAFETY:
        // - it is not null: by this function's contract.
        let task = Task(unsafe { NonNull::new_unchecked(slot.cast_mut()) });
        // SAFETY:
        // - there is room for it, which is the caller's: by this function's contract.
        unsafe { task.frame::<F>().write(make()) };
        task.header().run.set(Some(run::<F>));
        // SAFETY:
        // - the caller has taken the slot: by this function's contract.
        unsafe { executor.push(task) };
    }

    /// Resumes the task.
    ///
    /// # Safety
    ///
    /// * The task has just left a batch of `executor`, which the caller runs.
    #[inline]
    pub(super) unsafe fn resume(self, executor: usize) {
        // SAFETY:
        // - it was set before the task was put into a queue for the first time, and is never taken away.
        let run = unsafe { self.header().run.get().unwrap_unchecked() };
        // SAFETY:
        // - it is the function of the future in the frame, which this caller alone resumes: by this
        //   function's contract, and `OneExecutor`.
        unsafe { run(self, executor) };
    }

    /// Gives the slot free of a task that has ended.
    fn end(self, executor: usize) {
        self.header().run.set(Some(ended));
        ended(self, executor);
    }
}

/// What resumes a task that has ended. If it is woken meanwhile, it is in the queue, and comes here once
/// more.
#[inline(never)]
fn ended(task: Task, executor: usize) {
    task.header().link.vacate(executor);
}

/// # Safety
///
/// * The frame of `task` holds a future of type `F`, which this caller alone resumes.
/// * The task has just left a batch of `executor`.
unsafe fn run<F: Future + 'static>(task: Task, executor: usize) {
    /// Ends a task that has completed or panicked.
    struct Ends(Task, usize);
    impl Drop for Ends {
        fn drop(&mut self) {
            self.0.end(self.1);
        }
    }
    /// Drops its frame before.
    struct Frame<F>(*mut F);
    impl<F> Drop for Frame<F> {
        fn drop(&mut self) {
            // SAFETY:
            // - it holds a future that nobody uses afterwards: by the contract of `run`.
            unsafe { self.0.drop_in_place() };
        }
    }
    let ends = Ends(task, executor);
    let frame = Frame(task.frame::<F>());
    // SAFETY:
    // - it holds a future, which this caller alone resumes: by this function's contract.
    let future = unsafe { &mut *frame.0 };
    // SAFETY:
    // - it stays in its slot until it is dropped there, by `Frame`.
    let future = unsafe { Pin::new_unchecked(future) };
    let waker = waker::of(task);
    if future.poll(&mut Context::from_waker(&waker)).is_pending() {
        core::mem::forget((frame, ends));
    }
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Task").field(&self.0).finish()
    }
}
