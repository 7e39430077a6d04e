//! The same function twice: as rustc's `async fn` and under `#[coframe::coroutine]`.
//!
//! [`crate::differential!`] compiles each function both ways and runs the two in
//! every way a future can go: to its end, dropped at each suspension, with a panic at each event.
//! What they do is written down as a list of events, and the lists must be equal; rustc's is right.
//! Frames must not be larger than rustc's, see `sizes`.
//!
//! ```text
//! log.rs        the events of one run, and the fuse that makes one of them panic
//! values.rs     values that log their creation, use and drop
//! odd.rs        a value whose methods are named against all conventions
//! leaves.rs     futures that log, and suspend a number of times
//! scenarios.rs  the ways to run a future
//! compare.rs    runs both in all scenarios and compares
//! sizes.rs      the frames that are larger than rustc's
//! by_hand.rs    the same scenarios for coroutines that are resumed by hand
//! ```

mod by_hand;
mod compare;
mod leaves;
mod log;
mod odd;
mod scenarios;
mod sizes;
mod values;

pub use by_hand::{Resumed, drop_at_each_suspension, panic_message, resume_to_end};
pub use compare::{Comparison, compare, run_both};
pub use leaves::{Later, Leaf, fail, give, leaf, pause};
pub use log::{Event, Log, event};
pub use odd::{Odd, odd};
pub use scenarios::Run;
pub use values::{D, Guard, Lock, Steps, d, eat, say, val};

/// A test that compares a function with itself: `name => call; items`.
///
/// The items are compiled twice; those marked `#[coroutine]` are transformed in one of the copies,
/// and so are the blocks in `coroutine_block!`.
/// Methods are marked in the same way, in an `impl Type`, `impl<T, ..> Type` or
/// `impl Trait for Type`.
#[macro_export]
macro_rules! differential {
    ($name:ident => $call:expr; $($items:tt)*) => {
        #[test]
        fn $name() {
            let oracle = $crate::differential_copy!(oracle; $call; []; $($items)*);
            let machine = $crate::differential_copy!(machine; $call; []; $($items)*);
            $crate::differential::compare(stringify!($name), &oracle, &machine);
        }
    };
}

/// One copy of the items of [`differential!`](crate::differential), and a closure that runs them.
#[doc(hidden)]
#[macro_export]
macro_rules! differential_copy {
    (oracle; $call:expr; [$($done:tt)*];) => {{
        #[allow(unused_imports)]
        use $crate::oracle_block as coroutine_block;
        $($done)*
        |run: &$crate::differential::Run| run.drive($call)
    }};
    (machine; $call:expr; [$($done:tt)*];) => {{
        #[allow(unused_imports)]
        use $crate::machine_block as coroutine_block;
        $($done)*
        |run: &$crate::differential::Run| run.drive($call)
    }};
    (oracle; $call:expr; [$($done:tt)*]; #[coroutine] $item:item $($rest:tt)*) => {
        $crate::differential_copy!(oracle; $call; [$($done)* $item]; $($rest)*)
    };
    (machine; $call:expr; [$($done:tt)*]; #[coroutine] $item:item $($rest:tt)*) => {
        $crate::differential_copy!(
            machine; $call; [$($done)* #[coframe::coroutine] $item]; $($rest)*
        )
    };
    ($copy:ident; $call:expr; $done:tt;
        impl $tr:ident for $ty:ty { $($body:tt)* } $($rest:tt)*) => {
        $crate::differential_impl!(
            $copy; $call; $done; [impl $tr for $ty] []; [$($body)*]; $($rest)*
        )
    };
    ($copy:ident; $call:expr; $done:tt;
        impl<$($generic:tt),+> $ty:ty { $($body:tt)* } $($rest:tt)*) => {
        $crate::differential_impl!(
            $copy; $call; $done; [impl<$($generic),+> $ty] []; [$($body)*]; $($rest)*
        )
    };
    ($copy:ident; $call:expr; $done:tt;
        impl $ty:ty { $($body:tt)* } $($rest:tt)*) => {
        $crate::differential_impl!(
            $copy; $call; $done; [impl $ty] []; [$($body)*]; $($rest)*
        )
    };
    ($copy:ident; $call:expr; [$($done:tt)*]; $item:item $($rest:tt)*) => {
        $crate::differential_copy!($copy; $call; [$($done)* $item]; $($rest)*)
    };
}

/// A block as rustc compiles it.
#[doc(hidden)]
#[macro_export]
macro_rules! oracle_block {
    ([$($name:ident),*] async $body:block) => {
        async { $(let $name = $name;)* $body }
    };
    ([$($name:ident),*] $block:expr) => { $block };
    ($block:expr) => { $block };
}

/// A transformed block.
#[doc(hidden)]
#[macro_export]
macro_rules! machine_block {
    ($($tokens:tt)*) => { coframe::coroutine_block!($($tokens)*) };
}

/// One copy of an `impl`, for [`differential_copy!`](crate::differential_copy).
#[doc(hidden)]
#[macro_export]
macro_rules! differential_impl {
    ($copy:ident; $call:expr; [$($done:tt)*]; [$($head:tt)*] [$($methods:tt)*]; [];
        $($rest:tt)*) => {
        $crate::differential_copy!(
            $copy; $call; [$($done)* $($head)* { $($methods)* }]; $($rest)*
        )
    };
    (oracle; $call:expr; $done:tt; $head:tt [$($methods:tt)*];
        [#[coroutine] $method:item $($body:tt)*]; $($rest:tt)*) => {
        $crate::differential_impl!(
            oracle; $call; $done; $head [$($methods)* $method]; [$($body)*]; $($rest)*
        )
    };
    (machine; $call:expr; $done:tt; $head:tt [$($methods:tt)*];
        [#[coroutine] $method:item $($body:tt)*]; $($rest:tt)*) => {
        $crate::differential_impl!(
            machine; $call; $done;
            $head [$($methods)* #[coframe::coroutine] $method]; [$($body)*]; $($rest)*
        )
    };
    ($copy:ident; $call:expr; $done:tt; $head:tt [$($methods:tt)*];
        [$method:item $($body:tt)*]; $($rest:tt)*) => {
        $crate::differential_impl!(
            $copy; $call; $done; $head [$($methods)* $method]; [$($body)*]; $($rest)*
        )
    };
}
