//! The functions, each compiled by rustc and by `#[coroutine]`.

use super::step::{next, once};

/// Compiles functions twice.
macro_rules! twice {
    ($($function:item)*) => {
        /// Under `#[coroutine]`.
        pub(super) mod machine {
            use super::*;
            $(#[coframe::coroutine] $function)*
        }
        /// As rustc compiles them.
        pub(super) mod plain {
            use super::*;
            $($function)*
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

    pub(crate) async fn level_2(n: u64) -> u64 { leaf(n).await.wrapping_add(next()) }
    pub(crate) async fn level_3(n: u64) -> u64 { level_2(n).await.wrapping_add(next()) }
    pub(crate) async fn level_4(n: u64) -> u64 { level_3(n).await.wrapping_add(next()) }
    pub(crate) async fn level_5(n: u64) -> u64 { level_4(n).await.wrapping_add(next()) }
    pub(crate) async fn level_6(n: u64) -> u64 { level_5(n).await.wrapping_add(next()) }
    pub(crate) async fn level_7(n: u64) -> u64 { level_6(n).await.wrapping_add(next()) }
    pub(crate) async fn level_8(n: u64) -> u64 { level_7(n).await.wrapping_add(next()) }
    pub(crate) async fn level_9(n: u64) -> u64 { level_8(n).await.wrapping_add(next()) }
    pub(crate) async fn level_10(n: u64) -> u64 { level_9(n).await.wrapping_add(next()) }
    pub(crate) async fn level_11(n: u64) -> u64 { level_10(n).await.wrapping_add(next()) }
    pub(crate) async fn level_12(n: u64) -> u64 { level_11(n).await.wrapping_add(next()) }
    pub(crate) async fn level_13(n: u64) -> u64 { level_12(n).await.wrapping_add(next()) }
    pub(crate) async fn level_14(n: u64) -> u64 { level_13(n).await.wrapping_add(next()) }
    pub(crate) async fn level_15(n: u64) -> u64 { level_14(n).await.wrapping_add(next()) }
    pub(crate) async fn level_16(n: u64) -> u64 { level_15(n).await.wrapping_add(next()) }
}
