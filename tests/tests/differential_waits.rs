//! `select!`, `join!` and `pin!` as async libraries have them.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use coframe_tests::differential;
use coframe_tests::differential::*;

enum Either<A, B> {
    A(A),
    B(B),
}

/// Two branches, polled in order; a value that its pattern does not match disables its branch.
macro_rules! select {
    ($a:pat = $first:expr $(, if $may_first:expr)? => $on_first:expr,
        $b:pat = $second:expr $(, if $may_second:expr)? => $on_second:expr $(,)?) => {{
        let output = {
            let (mut may_first, mut may_second) = (true $(&& $may_first)?, true $(&& $may_second)?);
            let mut futures = ($first, $second);
            let (first, second) = (&mut futures.0, &mut futures.1);
            let (mut first, mut second) = (pin!(first), pin!(second));
            poll_fn(|context| {
                if may_first && let Poll::Ready(value) = first.as_mut().poll(context) {
                    #[allow(unused_variables, unreachable_patterns, reason = "as in tokio")]
                    match &value {
                        $a => return Poll::Ready(Either::A(value)),
                        _ => may_first = false,
                    }
                }
                if may_second && let Poll::Ready(value) = second.as_mut().poll(context) {
                    #[allow(unused_variables, unreachable_patterns, reason = "as in tokio")]
                    match &value {
                        $b => return Poll::Ready(Either::B(value)),
                        _ => may_second = false,
                    }
                }
                Poll::Pending
            })
            .await
        };
        #[allow(unreachable_patterns, reason = "as in tokio")]
        match output {
            Either::A($a) => $on_first,
            Either::B($b) => $on_second,
            _ => unreachable!(),
        }
    }};
}

/// Two futures until both are done.
macro_rules! join {
    ($first:expr, $second:expr $(,)?) => {{
        let (mut first, mut second) = (pin!($first), pin!($second));
        let (mut one, mut other) = (None, None);
        poll_fn(|context| {
            if one.is_none()
                && let Poll::Ready(value) = first.as_mut().poll(context)
            {
                one = Some(value);
            }
            if other.is_none()
                && let Poll::Ready(value) = second.as_mut().poll(context)
            {
                other = Some(value);
            }
            match one.is_some() && other.is_some() {
                true => Poll::Ready((one.take().unwrap(), other.take().unwrap())),
                false => Poll::Pending,
            }
        })
        .await
    }};
}

/// What tokio calls `pin!`.
macro_rules! pin_mut {
    ($($name:ident),*) => { $(let mut $name = pin!($name);)* };
}

type Boxed<T> = std::pin::Pin<Box<dyn Future<Output = T>>>;

fn boxed<T: 'static>(future: impl Future<Output = T> + 'static) -> Boxed<T> {
    Box::pin(future)
}

differential! {
    handlers_that_suspend => subject(boxed(give("a", 3, Some(d("first")))), boxed(give("b", 1, d("second"))));
    #[coroutine]
    async fn subject(first: Boxed<Option<D>>, second: Boxed<D>) -> u32 {
        let kept = d("kept");
        let sum = select! {
            Some(value) = first => {
                pause().await;
                value.touch()
            },
            other = second => {
                pause().await;
                other.touch() + 10
            }
        };
        sum + kept.touch()
    }
}

differential! {
    a_pattern_that_does_not_match_disables => subject(boxed(give("a", 1, None)), boxed(give("b", 2, d("second"))));
    #[coroutine]
    async fn subject(first: Boxed<Option<D>>, second: Boxed<D>) -> u32 {
        select! {
            Some(value) = first => value.touch(),
            _ = second => give("handler", 1, 3).await,
        }
    }
}

differential! {
    handlers_that_jump => subject(4);
    #[coroutine]
    async fn subject(rounds: u32) -> Result<u32, String> {
        let mut round = 0;
        let mut seen = vec![d("seen")];
        loop {
            round += 1;
            select! {
                value = boxed(give("a", 1, d("value"))), if round < rounds => {
                    seen.push(value);
                    continue;
                },
                other = boxed(give("b", 2, Err::<u32, String>("end".into()))) => {
                    let count = other?;
                    break Ok(count + seen.len() as u32);
                },
            }
        }
    }
}

differential! {
    what_is_not_bound_lives_through_the_handler => subject();
    #[coroutine]
    async fn subject() -> u32 {
        select! {
            _ = boxed(give("a", 1, d("ignored"))) => {
                pause().await;
                d("inside").touch()
            },
            (x, _) = boxed(give("b", 1, (d("x"), d("rest")))) => x.touch(),
        }
    }
}

differential! {
    a_loop_that_borrows_in_its_branches => {
        async move { subject(&mut vec![d("a"), d("b")], &d("shared")).await }
    };
    #[coroutine]
    async fn subject(list: &mut Vec<D>, shared: &D) -> u32 {
        let mut sum = 0;
        while !list.is_empty() {
            select! {
                value = pin!(async { pause().await; list.pop() }) => {
                    if let Some(value) = value {
                        sum += value.touch();
                        pause().await;
                    }
                },
                _ = pin!(async { pause().await; pause().await; shared.touch() }) => return 0,
            }
        }
        sum
    }
}

differential! {
    joined_futures => subject(boxed(give("a", 3, d("first"))), boxed(give("b", 1, d("second"))));
    #[coroutine]
    async fn subject(first: Boxed<D>, second: Boxed<D>) -> u32 {
        let kept = d("kept");
        let (first, second) = join!(first, second);
        pause().await;
        first.touch() + second.touch() + kept.touch()
    }
}

differential! {
    pinned_by_name => subject(give("a", 2, d("value")));
    #[coroutine]
    async fn subject(future: Leaf<D>) -> u32 {
        let kept = d("kept");
        pin_mut!(future);
        pause().await;
        let value = future.as_mut().await;
        kept.touch() + value.touch()
    }
}
