//! `for` over ranges, whose end the frame has only if it may change.

#![allow(
    non_snake_case,
    clippy::multiple_unsafe_ops_per_block,
    clippy::mut_range_bound,
    clippy::reversed_empty_ranges,
    reason = "the ends of the ranges are what is tested"
)]

use coframe_tests::differential;
use coframe_tests::differential::*;

/// A number, for ranges that end with it.
const COUNT: u32 = 2;

differential! {
    for_over_a_range_that_ends_with_a_constant => subject::<Two>();
    trait Size {
        const SIZE: u8;
    }
    struct Two;
    impl Size for Two {
        const SIZE: u8 = 2;
    }
    #[coroutine]
    async fn subject<S: Size>() -> u32 {
        let mut sum = 0;
        for i in give("start", 1, 1).await..COUNT {
            pause().await;
            for j in i..COUNT {
                sum += j;
            }
        }
        for i in 0..S::SIZE {
            for c in 'a'..'c' {
                if i == 1 {
                    continue;
                }
                say(c);
                pause().await;
            }
            sum += u32::from(i);
        }
        for _ in 5..COUNT {
            pause().await;
        }
        for i in (0..COUNT as usize).rev() {
            pause().await;
            sum += i as u32;
        }
        sum
    }
}

differential! {
    for_over_a_range_that_ends_with_a_variable => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut N = 2;
        let mut sum = 0;
        for i in 0..N {
            N = 9;
            pause().await;
            sum += i;
        }
        sum + N
    }
}

differential! {
    for_over_a_range_that_ends_with_a_changing_static => subject();
    #[coroutine]
    async fn subject() -> u32 {
        static mut LIMIT: u32 = 2;
        let limit = &raw mut LIMIT;
        let mut sum = 0;
        // SAFETY: this runs on one thread, once at a time.
        unsafe {
            *limit = 2;
            for i in 0..LIMIT {
                *limit = 9;
                pause().await;
                sum += i;
            }
        }
        sum
    }
}
