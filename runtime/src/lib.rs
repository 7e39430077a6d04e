//! Stackless coroutines with explicit frames, and the completion runtime that resumes them.
//!
//! The crate has two parts that are useful apart:
//!
//! * The attribute [`#[coframe::coroutine]`](macro@coroutine) turns a function into a frame and a
//!   state machine. The frame is an ordinary struct with a field for each value that is live across
//!   a suspension, and [`frame_size!`] is a constant. An `async fn` stays a function that returns a
//!   future, for any executor. A plain `fn` becomes a [`Coroutine`] that is resumed by hand.
//! * The [`Runtime`] drives tasks on one thread, over io_uring, epoll or kqueue, or
//!   with `poll` and threads alone. Frames live in pools that
//!   are allocated before the first task, and the kernel reads and writes buffers in the frames.
//!
//! ```
//! use coframe::net::{TcpListener, TcpStream};
//! use coframe::{Io, Runtime, frame_size};
//!
//! #[coframe::coroutine]
//! async fn echo(mut sock: TcpStream) -> std::io::Result<u64> {
//!     let mut buf = [0; 4096];
//!     let mut total = 0;
//!     loop {
//!         let n = sock.read(&mut buf).await?;
//!         if n == 0 {
//!             return Ok(total);
//!         }
//!         sock.write_all(&buf[..n]).await?;
//!         total += n as u64;
//!     }
//! }
//!
//! #[coframe::coroutine]
//! async fn serve_one(io: Io) -> std::io::Result<u64> {
//!     let conns = io.frames::<{ frame_size!(echo) }>(100)?; // all the memory of the tasks
//!     let listener = TcpListener::bind(io, "127.0.0.1:0")?;
//!     let mut client = TcpStream::connect(io, listener.local_addr()?).await?;
//!     let (sock, _peer) = listener.accept().await?;
//!     let task = conns.spawn(echo(sock)).await?; // waits while all frames are in use
//!     client.write_all(b"hello").await?;
//!     let mut answer = [0; 16];
//!     let n = client.read(&mut answer).await?;
//!     assert!(b"hello".starts_with(&answer[..n]));
//!     drop(client);
//!     task.await?
//! }
//!
//! fn main() -> std::io::Result<()> {
//!     let total = Runtime::new()?.run(serve_one)?;
//!     assert_eq!(total, 5);
//!     Ok(())
//! }
//! ```
//!
//! # Features
//!
//! * `std` (default): the runtime, [`net`], [`fs`], [`time`], [`signal`] and [`block_on`]. Without it the
//!   crate is `no_std` and needs no allocator: the attributes, [`Coroutine`], [`frame`] and
//!   [`executor`] remain.
//! * `critical-section`: timers for tasks in static pools, `executor::Timers`.
//! * `portable-atomic`: [`executor`] on cores without compare-and-swap, such as thumbv6m. Usually
//!   together with `critical-section`.
//!
//! # Where to look
//!
//! | | |
//! |---|---|
//! | the attribute, its arguments and limits | [`coroutine`](macro@coroutine) |
//! | the same for an `async` block | [`coroutine_block!`] |
//! | resuming by hand | [`Coroutine`], [`CoroutineState`] |
//! | the size of a frame, and what is where in it | [`frame_size!`], [`frame_align!`], [`frame_layout!`] |
//! | starting tasks | [`Runtime`], [`Io::spawn`], [`JoinHandle`] |
//! | memory that is decided at the start | [`Io::frames`], [`Frames`], [`PoolFull`] |
//! | sockets, files, timers, Ctrl-C | [`net`], [`fs`], [`Io::sleep`], [`signal`] |
//! | child processes | [`process`] |
//! | buffers, lines, copies, pipes, the process's streams | [`io`] |
//! | what blocks | [`Io::blocking`] |
//! | tasks without a heap, on microcontrollers | [`Executor`], [`FramePool`], [`frame_pool!`], [`executor`] |
//! | one future without a runtime | [`block_on`] |
//!
//! The runtime is for Linux. It is also built for FreeBSD and macOS, but its tests do not run there; the
//! kqueue driver passes them on Linux, with a library that emulates the queue. The rest works
//! everywhere.
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(not(feature = "std"), allow(rustdoc::broken_intra_doc_links, reason = "links to std"))]

#[doc(hidden)]
pub mod __private;
pub mod coroutine;
#[cfg(any(target_has_atomic = "ptr", feature = "portable-atomic"))]
pub mod executor;
pub mod frame;
#[cfg(any(target_has_atomic = "ptr", feature = "portable-atomic"))]
mod primitive;

#[cfg(feature = "std")]
mod block_on;
#[cfg(feature = "std")]
mod blocking;
#[cfg(feature = "std")]
mod descriptor;
#[cfg(feature = "std")]
#[cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, unused_variables, reason = "only a ring gives the kernel memory of slots")
)]
mod driver;
#[cfg(feature = "std")]
pub mod fs;
#[cfg(feature = "std")]
pub mod io;
#[cfg(feature = "std")]
mod list;
#[cfg(feature = "std")]
pub mod net;
#[cfg(feature = "std")]
#[cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, reason = "only a ring gives the kernel memory of slots")
)]
mod op;
#[cfg(feature = "std")]
mod pool;
#[cfg(feature = "std")]
pub mod process;
#[cfg(feature = "std")]
mod runtime;
#[cfg(feature = "std")]
mod scheduler;
#[cfg(feature = "std")]
pub mod signal;
#[cfg(feature = "std")]
mod sys;
#[cfg(feature = "std")]
mod task;
#[cfg(feature = "std")]
pub mod time;

/// # Examples
///
/// An `async fn` is awaited as before:
///
/// ```
/// #[coframe::coroutine]
/// async fn double(x: u32) -> u32 {
///     2 * core::future::ready(x).await
/// }
///
/// #[coframe::coroutine]
/// async fn quadruple(x: u32) -> u32 {
///     let twice = double(x).await; // its frame is inside this one
///     double(twice).await
/// }
///
/// assert_eq!(coframe::block_on(quadruple(10)), 40);
/// ```
///
/// Values in and out, without an executor:
///
/// ```
/// use coframe::{Coroutine, CoroutineState};
///
/// #[coframe::coroutine(yield = u32, resume = u32)]
/// fn sum() -> u32 {
///     let mut total = 0;
///     loop {
///         match suspend!(total) {
///             0 => return total,
///             number => total += number,
///         }
///     }
/// }
///
/// let mut sum = core::pin::pin!(sum());
/// assert_eq!(sum.as_mut().resume(0), CoroutineState::Yielded(0)); // this value only starts it
/// assert_eq!(sum.as_mut().resume(20), CoroutineState::Yielded(20));
/// assert_eq!(sum.as_mut().resume(22), CoroutineState::Yielded(42));
/// assert_eq!(sum.as_mut().resume(0), CoroutineState::Complete(42));
/// ```
///
/// A frame of bounded size:
///
/// ```
/// #[coframe::coroutine]
/// async fn small(x: u64) -> u64 {
///     core::future::ready(()).await;
///     x
/// }
///
/// const _: () = assert!(coframe::frame_size!(small) <= 16);
/// ```
///
/// Or with the reason in the error of the build, if there is one:
///
/// ```compile_fail
/// #[coframe::coroutine(max_frame = 512)]
/// async fn large(buffer: [u8; 1024]) -> u8 {
///     core::future::ready(()).await;
///     buffer[0]
/// }
///
/// coframe::block_on(large([0; 1024])); // the frame of `large` has 1026 bytes, and the limit ..
/// ```
pub use coframe_macros::coroutine;

/// # Examples
///
/// ```
/// use coframe::{Coroutine, CoroutineState};
///
/// struct Counter {
///     count: u32,
/// }
///
/// #[coframe::coroutines]
/// impl Counter {
///     #[coroutine(yield = u32)]
///     fn count_to(&mut self, end: u32) {
///         while self.count < end {
///             self.count += 1;
///             suspend!(self.count);
///         }
///     }
/// }
///
/// let mut counter = Counter { count: 0 };
/// let mut steps = core::pin::pin!(counter.count_to(1));
/// assert_eq!(steps.as_mut().resume(()), CoroutineState::Yielded(1));
/// assert_eq!(steps.as_mut().resume(()), CoroutineState::Complete(()));
/// ```
pub use coframe_macros::coroutines;

/// # Examples
///
/// ```
/// use coframe::{Io, Runtime, coroutine_block};
///
/// fn main() -> std::io::Result<()> {
///     let lengths = Runtime::new()?.run(|io: Io| {
///         coroutine_block!(async move {
///             let mut tasks = Vec::new();
///             for text in ["one".to_owned(), "three".to_owned()] {
///                 tasks.push(io.spawn(coroutine_block!(async move {
///                     io.sleep(std::time::Duration::from_millis(1)).await;
///                     text.len()
///                 })));
///             }
///             let mut lengths = Vec::new();
///             for task in tasks {
///                 lengths.push(task.await.expect("it does not panic"));
///             }
///             lengths
///         })
///     });
///     assert_eq!(lengths, [3, 5]);
///     Ok(())
/// }
/// ```
///
/// Without `move` it borrows; `?` needs the type of the error to be known, as in any `async` block:
///
/// ```
/// let text = String::from("12, 30");
/// let sum = coframe::coroutine_block!(async {
///     let mut sum = 0;
///     for number in text.split(", ") {
///         sum += core::future::ready(number.parse::<u32>()).await?;
///     }
///     Ok::<u32, std::num::ParseIntError>(sum)
/// });
/// assert_eq!(coframe::block_on(sum), Ok(42));
/// assert_eq!(text, "12, 30");
/// ```
pub use coframe_macros::coroutine_block;

#[cfg(feature = "std")]
pub use block_on::block_on;
#[cfg(feature = "std")]
pub use blocking::{Blocking, Call};
pub use coroutine::{Coroutine, CoroutineState};
#[cfg(feature = "std")]
pub use driver::{DriverKind, DriverReport, UnknownDriver};
#[cfg(any(target_has_atomic = "ptr", feature = "portable-atomic"))]
pub use executor::Executor;
#[cfg(any(target_has_atomic = "ptr", feature = "portable-atomic"))]
pub use frame::FramePool;
pub use frame::PoolFull;
#[cfg(feature = "std")]
pub use io::Io;
#[cfg(feature = "std")]
pub use pool::{Frames, Spawn};
#[cfg(feature = "std")]
pub use runtime::{Builder, Runtime};
#[cfg(feature = "std")]
pub use task::{JoinError, JoinHandle, YieldNow};

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
mod readme {}
