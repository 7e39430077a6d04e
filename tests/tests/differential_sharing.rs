//! Callees that keep the state of their callers.

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    a_chain_of_callers => subject(d("x"), 3);
    #[coroutine]
    async fn first(x: D, n: u32) -> u32 {
        pause().await;
        x.touch() + n
    }
    #[coroutine]
    async fn second(x: D, n: u32) -> u32 {
        let y = d("y");
        let n = first(x, n + 1).await;
        y.touch() + n
    }
    #[coroutine]
    async fn third(x: D, n: u32) -> u32 {
        second(x, n).await
    }
    #[coroutine]
    async fn subject(x: D, n: u32) -> u32 {
        third(x, n).await
    }
}

differential! {
    a_callee_in_a_loop => subject(&d("list"), d("argument"));
    #[coroutine]
    async fn callee(list: &D, x: D) -> Result<u32, u32> {
        pause().await;
        let n = list.touch() + x.touch();
        if n > 40 { Err(n) } else { Ok(n) }
    }
    #[coroutine]
    async fn subject(list: &D, x: D) -> Result<u32, u32> {
        let mut total = callee(list, x).await?;
        for name in ["a", "b", "c"] {
            let local = d(name);
            say("before");
            total += local.touch();
            say("after");
        }
        Ok(total)
    }
}

differential! {
    the_same_callee_again_and_again => subject(3);
    #[coroutine]
    async fn callee(x: &D, n: u32) -> u32 {
        let y = d("y");
        pause().await;
        x.touch() + y.touch() + n
    }
    #[coroutine]
    async fn subject(rounds: u32) -> u32 {
        let x = d("x");
        let mut total = 0;
        for round in 0..rounds {
            total += callee(&x, round).await;
            x.touch();
        }
        total
    }
}

differential! {
    arguments_larger_than_the_callee => subject([7; 64], d("x"));
    #[coroutine]
    async fn callee() {
        pause().await;
    }
    #[coroutine]
    async fn subject(large: [u64; 64], x: D) -> u64 {
        let sum = large.iter().sum::<u64>() + u64::from(x.touch());
        drop(x);
        callee().await;
        sum
    }
}

differential! {
    a_callee_that_never_suspends => subject(d("x"));
    #[coroutine]
    async fn callee(x: D) -> u32 {
        x.touch()
    }
    #[coroutine]
    async fn caller(x: D) -> u32 {
        callee(x).await
    }
    #[coroutine]
    async fn subject(x: D) -> u32 {
        caller(x).await + 1
    }
}

differential! {
    a_generic_caller => subject::<D>(d("x"), D::touch);
    #[coroutine]
    async fn callee<T>(x: T, touch: fn(&T) -> u32) -> (T, u32) {
        pause().await;
        let n = touch(&x);
        (x, n)
    }
    #[coroutine]
    async fn subject<T>(x: T, touch: fn(&T) -> u32) -> u32 {
        let (x, n) = callee(x, touch).await;
        n + touch(&x)
    }
}

differential! {
    other_states_beside_the_callee => subject(d("x"));
    #[coroutine]
    async fn callee(x: &D) -> u32 {
        pause().await;
        x.touch()
    }
    #[coroutine]
    async fn subject(x: D) -> u32 {
        let y = d("y");
        let first = callee(&x).await;
        let other = give("given", 1, d("given"));
        let given = other.await;
        first + given.touch() + y.touch()
    }
}

differential! {
    a_callee_in_a_branch => subject(d("x"), true);
    #[coroutine]
    async fn callee(x: D) -> Option<D> {
        pause().await;
        Some(x)
    }
    #[coroutine]
    async fn subject(x: D, goes: bool) -> u32 {
        let kept = if goes { callee(x).await } else { None };
        let Some(kept) = kept else { return 0 };
        kept.touch()
    }
}

/// Sixteen callers of one callee have its size: their states are values of one byte.
#[test]
fn callers_take_no_bytes() {
    #[coframe::coroutine]
    async fn callee(n: u64) -> u64 {
        pause().await;
        n
    }
    #[coframe::coroutine]
    async fn caller(n: u64) -> u64 {
        callee(n).await
    }
    #[coframe::coroutine]
    async fn caller_of_caller(n: u64) -> u64 {
        let n = caller(n).await;
        n + 1
    }
    let size = coframe::frame_size!(callee);
    assert_eq!(coframe::frame_size!(caller), size);
    assert_eq!(coframe::frame_size!(caller_of_caller), size);
}

/// A frame that is not resumed, is dropped, or is resumed after its end.
#[test]
fn a_shared_state_survives_moves_and_tells_the_end() {
    #[coframe::coroutine]
    async fn callee(list: Vec<u32>) -> usize {
        pause().await;
        list.len()
    }
    #[coframe::coroutine]
    async fn caller(list: Vec<u32>) -> usize {
        callee(list).await
    }
    let unused = Some(caller(vec![1, 2, 3]));
    let mut moved = Vec::with_capacity(1);
    moved.extend(unused);
    moved.extend([caller(vec![4])]);
    let mut last = Box::pin(moved.pop().expect("two are in it"));
    drop(moved);
    let context = &mut core::task::Context::from_waker(core::task::Waker::noop());
    assert!(last.as_mut().poll(context).is_pending());
    assert_eq!(last.as_mut().poll(context), core::task::Poll::Ready(1));
    let message = panic_message(|| assert!(last.as_mut().poll(context).is_ready()));
    assert_eq!(message, "coroutine `caller` resumed after completion");
}
