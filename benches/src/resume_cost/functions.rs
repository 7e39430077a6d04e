//! The functions, each compiled by rustc and by `#[coroutine]`, and those that suspend as a machine by
//! hand does: without a future to await.

use super::step::{next, once};

/// Functions, each of which awaits the one before it and adds.
macro_rules! levels {
    ($(#[$attribute:meta])* $first:ident $($name:ident)*) => {
        levels!(@ [$(#[$attribute])*] $first $($name)*);
    };
    (@ $attributes:tt $callee:ident $name:ident $($rest:ident)*) => {
        levels!(@function $attributes $callee $name);
        levels!(@ $attributes $name $($rest)*);
    };
    (@ $attributes:tt $last:ident) => {};
    (@function [$($attribute:tt)*] $callee:ident $name:ident) => {
        $($attribute)*
        pub(crate) async fn $name(n: u64) -> u64 { $callee(n).await.wrapping_add(next()) }
    };
}

/// The levels above a function `leaf`.
macro_rules! above_leaf {
    ($($attribute:tt)*) => {
        levels! {
            $($attribute)*
            leaf level_2 level_3 level_4 level_5 level_6 level_7 level_8 level_9 level_10 level_11
            level_12 level_13 level_14 level_15 level_16
        }
    };
}

/// Compiles functions twice.
macro_rules! twice {
    ($($function:item)*) => {
        /// Under `#[coroutine]`.
        pub(super) mod machine {
            use super::*;
            $(#[coframe::coroutine] $function)*
            above_leaf!(#[coframe::coroutine]);
        }
        /// As rustc compiles them.
        pub(super) mod plain {
            use super::*;
            $($function)*
            above_leaf!();
        }
    };
}

twice! {
    pub(crate) async fn leaf(n: u64) -> u64 {
        let mut sum = 0u64;
        let mut i = 0u64;
        while i < n {
            sum = sum.wrapping_add(next());
            once().await;
            i += 1;
        }
        sum
    }

    pub(crate) async fn two() -> u64 {
        let a = next();
        once().await;
        let b = a.wrapping_add(next());
        once().await;
        b.wrapping_add(next())
    }
}

/// Under `#[coroutine]`, with `suspend!()`.
pub(super) mod suspending {
    use super::*;

    #[coframe::coroutine]
    pub(crate) async fn leaf(n: u64) -> u64 {
        let mut sum = 0u64;
        let mut i = 0u64;
        while i < n {
            sum = sum.wrapping_add(next());
            suspend!();
            i += 1;
        }
        sum
    }

    above_leaf!(#[coframe::coroutine]);

    #[coframe::coroutine]
    pub(crate) async fn two() -> u64 {
        let a = next();
        suspend!();
        let b = a.wrapping_add(next());
        suspend!();
        b.wrapping_add(next())
    }
}
