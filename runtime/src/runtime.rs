//! The runtime, as users make it.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::io;
use std::marker::PhantomData;
use std::panic::resume_unwind;

use crate::Io;
use crate::blocking::Limits;
use crate::driver::{Config, DriverKind, DriverReport};
use crate::pool::{BufferLimits, Provision, take_exact};
use crate::scheduler::{self, Core, Entered};
use crate::task::{self, JoinHandle, Slot};

/// The default size of the submission queue.
const QUEUE_SIZE: u32 = 1024;

/// The default limits of the threads for what blocks.
const THREADS_MAX: usize = 512;
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// Their number if they are all started at once.
const FIXED_THREADS: usize = 4;

/// The default buffers that are lent to who receives.
const BUFFERS: BufferLimits = BufferLimits { count: 256, bytes: 4096 };

/// Runs tasks on the thread that made it.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// let mut runtime = coframe::Runtime::new()?;
/// let sum = runtime.run(|io| async move {
///     let task = io.spawn(async { 20 + 1 });
///     task.await.unwrap() * 2
/// });
/// assert_eq!(sum, 42);
/// # Ok(())
/// # }
/// ```
///
/// Dropping it drops all its tasks where they wait.
pub struct Runtime {
    core: Box<Core>,
    report: DriverReport,
    /// A ring belongs to the thread that made it.
    _local: PhantomData<*const ()>,
}

/// How a runtime is made. Made by [`Runtime::builder`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct Builder {
    config: Config,
}

impl Runtime {
    /// A runtime with the best driver that works here.
    ///
    /// That is `io_uring`, or `epoll` where the kernel or a container forbids it, or `threads` where
    /// that is forbidden too; on FreeBSD and macOS it is `kqueue`. [`driver`](Self::driver) tells
    /// why. The environment variable `COFRAME_DRIVER` forces one of them by these names.
    ///
    /// # Errors
    ///
    /// If the variable names an unknown driver, or one that does not work here, or if the process
    /// has no descriptors left.
    pub fn new() -> io::Result<Self> {
        Runtime::builder().build()
    }

    /// Settings for a runtime.
    pub const fn builder() -> Builder {
        let blocking = Limits { threads: THREADS_MAX, keep_alive: KEEP_ALIVE, is_fixed: false };
        let config = Config {
            kind: None,
            entries: QUEUE_SIZE,
            uses_ring_for_files: true,
            spins: true,
            is_fixed: false,
            tasks: Provision::NONE,
            blocking,
            buffers: BUFFERS,
            allocates_buffers: false,
        };
        Builder { config }
    }

    /// Which driver is used, and why.
    pub const fn driver(&self) -> &DriverReport {
        &self.report
    }

    /// The handle of this runtime.
    pub fn io(&self) -> Io {
        Io::new(self.core.shared(), self.core.id())
    }

    /// Runs the future that `main` makes to its end, together with all tasks, and gives its value.
    ///
    /// Tasks that are unfinished then stay where they wait: another `run` goes on with them, and
    /// dropping the runtime drops them.
    ///
    /// # Panics
    ///
    /// If the future panics, inside another `run` on the same thread, and if the driver fails in a
    /// way that leaves no way to go on.
    pub fn run<F, Fut>(&mut self, main: F) -> Fut::Output
    where
        F: FnOnce(Io) -> Fut,
        Fut: Future,
    {
        let _entered = Entered::to_run(&self.core);
        let mut root = Root::spawn(&self.core, main(self.io()));
        loop {
            self.core.run_ready();
            if let Some(value) = root.value() {
                return value;
            }
            if let Err(error) = self.core.wait() {
                panic!("the {} driver failed: {error}", self.report.kind());
            }
        }
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        let _entered = Entered::to_drop(&self.core);
        self.core.shut_down();
        self.core.shared().recycle(self.core.id());
    }
}

impl Builder {
    /// Uses this driver, whatever the environment says.
    pub const fn driver(mut self, kind: DriverKind) -> Self {
        self.config.kind = Some(kind);
        self
    }

    /// Makes room for this many submissions at once; the default is 1024. More than that are
    /// handed over in several goes. Only the ring has such a queue.
    pub const fn queue_size(mut self, entries: u32) -> Self {
        self.config.entries = if entries == 0 { 1 } else { entries };
        self
    }

    /// Starts at most this many threads for what blocks; the default is 512, and at least one is
    /// allowed. More work than that waits for its turn.
    pub const fn blocking_threads(mut self, count: usize) -> Self {
        self.config.blocking.threads = if count == 0 { 1 } else { count };
        self
    }

    /// Whether the runtime allocates nothing after its start for more load than it has room for; the
    /// default is false.
    ///
    /// All that the runtime needs is allocated when it is made: queues, records of operations,
    /// [receive buffers](Self::receive_buffers), slots for [tasks](Self::tasks), and threads for what
    /// blocks, which are all started and never end; they are four unless
    /// [`blocking_threads`](Self::blocking_threads) says otherwise. What the program asks for by name
    /// is allocated when it asks: pools by [`Io::frames`], the main future by
    /// [`Runtime::run`], halves by `into_split`. So are, for the time of the call, paths, closures and
    /// what they return: opening a file, changing folders, asking for metadata, looking hosts up,
    /// starting processes, [`Io::blocking`], owned buffers of files and sending files belong to the
    /// start.
    ///
    /// Overload is answered in two ways:
    ///
    /// * Who can wait waits: [`Frames::spawn`](crate::Frames::spawn) for a slot,
    ///   [`recv`](crate::net::TcpStream::recv) for a buffer, a submission for room in the queue.
    /// * Everything else gives an error of the kind `OutOfMemory`, which takes no memory either:
    ///   [`Io::try_spawn`] and an operation that needs a record, of which there are 256 and one for
    ///   each slot of a pool (only operations outside of the frame of their task need any). A file is
    ///   read and written only with the buffer in the frame on a ring; otherwise that would need a copy,
    ///   and gives such an error.
    ///
    /// [`Io::spawn`] panics where `try_spawn` gives an error.
    ///
    /// [`Io::frames`]: crate::Io::frames
    /// [`Io::blocking`]: crate::Io::blocking
    /// [`Io::spawn`]: crate::Io::spawn
    /// [`Io::try_spawn`]: crate::Io::try_spawn
    pub const fn fixed_memory(mut self, is_fixed: bool) -> Self {
        self.config.is_fixed = is_fixed;
        self
    }

    /// Makes room for `count` tasks of up to `bytes` bytes that are spawned without a pool of their
    /// own, beside those of other sizes. With [`fixed_memory`](Self::fixed_memory) there is room for no
    /// others; without it, more is taken when it is needed.
    pub const fn tasks(mut self, count: usize, bytes: usize) -> Self {
        self.config.tasks = self.config.tasks.and(count, bytes);
        self
    }

    /// Ends a thread for what blocks when it had nothing to do for so long; the default is 10 s.
    pub const fn blocking_keep_alive(mut self, time: Duration) -> Self {
        self.config.blocking.keep_alive = time;
        self
    }

    /// Lends this many buffers of so many bytes to who [`recv`](crate::net::TcpStream::recv)s, and
    /// allocates them when the runtime is made; at least one of one byte, and not more than `u32::MAX`.
    /// The default is 256 buffers of 4096 bytes, allocated when the first one is needed.
    pub const fn receive_buffers(mut self, count: usize, bytes: usize) -> Self {
        self.config.buffers = BufferLimits { count: number_of(count), bytes: number_of(bytes) };
        self.config.allocates_buffers = true;
        self
    }

    /// Whether a ring works on files, where the kernel can; the default is true. If not, threads
    /// do, as with the other drivers.
    pub const fn ring_for_files(mut self, is_used: bool) -> Self {
        self.config.uses_ring_for_files = is_used;
        self
    }

    /// Whether the loop may wait awake for up to 100 us instead of being woken, where that takes less
    /// processor time, which it measures now and then; the default is true. It does so only if one
    /// operation at a time completes, and with the drivers `io_uring` and `epoll`.
    ///
    /// That makes answers come sooner, above all in virtual machines. Say no if others need the processor
    /// even for moments in which this thread would pay as much for sleeping.
    pub const fn spinning(mut self, is_allowed: bool) -> Self {
        self.config.spins = is_allowed;
        self
    }

    /// Makes the runtime.
    ///
    /// # Errors
    ///
    /// As [`Runtime::new`]; also if the driver that was asked for does not work here, or if there is not
    /// the memory that was asked for.
    pub fn build(mut self) -> io::Result<Runtime> {
        let config = &mut self.config;
        config.blocking.is_fixed = config.is_fixed;
        if config.is_fixed && config.blocking.threads == THREADS_MAX {
            config.blocking.threads = FIXED_THREADS;
        }
        let core = Box::new(Core::new(config)?);
        let report = core.ledger().borrow().report().clone();
        let runtime = Runtime { core, report, _local: PhantomData };
        runtime.core.shared().provide(runtime.core.id(), &config.tasks)?;
        Ok(runtime)
    }
}

/// A number between one and `u32::MAX`.
const fn number_of(count: usize) -> u32 {
    match count {
        0 => 1,
        _ if count > u32::MAX as usize => u32::MAX,
        _ => count as u32,
    }
}

/// The future that `run` was given, as a task; it may borrow what outlives the call.
struct Root<'a, T> {
    core: &'a Core,
    slot: Slot,
    handle: Option<JoinHandle<T>>,
}

impl<'a, T> Root<'a, T> {
    fn spawn<F: Future<Output = T>>(core: &'a Core, future: F) -> Self {
        let (size, align) = (task::payload_size::<F>(), task::payload_align::<F>());
        let slot = match take_exact(core.shared(), core.id(), size, align) {
            Ok(slot) => slot,
            Err(error) => panic!("cannot run a future: {error}"),
        };
        // SAFETY:
        // - the slot was just taken, for this type.
        // - the future is gone before `Root` is, which outlives nothing the future borrows.
        // - this is the thread of the runtime.
        let handle = unsafe { task::place(slot, future) };
        scheduler::start(slot);
        Root { core, slot, handle: Some(handle) }
    }

    /// The value, when there is one.
    fn value(&mut self) -> Option<T> {
        let handle = self.handle.as_mut().filter(|handle| handle.is_finished())?;
        let outcome = Pin::new(handle).poll(&mut Context::from_waker(Waker::noop()));
        self.handle = None;
        match outcome {
            Poll::Ready(Ok(value)) => Some(value),
            Poll::Ready(Err(error)) => match error.try_into_panic() {
                Ok(payload) => resume_unwind(payload),
                Err(_) => unreachable!("nobody can abort the root"),
            },
            Poll::Pending => None,
        }
    }
}

impl<T> Drop for Root<'_, T> {
    fn drop(&mut self) {
        // Only a panic elsewhere comes here with an unfinished future.
        let Some(handle) = self.handle.take() else { return };
        // SAFETY: the handle keeps the slot.
        unsafe { scheduler::abort(self.slot) };
        while !handle.is_finished() {
            self.core.take_remote();
            self.core.run_ready();
        }
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime").field("driver", &self.report).finish_non_exhaustive()
    }
}
