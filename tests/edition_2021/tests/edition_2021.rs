//! What edition 2021 does otherwise, and what must be the same there.

#![allow(clippy::useless_vec, reason = "its operands are what is tried")]

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    the_scrutinee_of_if_let_lives_through_else => subject(give("x", 1, Err(d("error"))));
    #[coroutine]
    async fn subject(outcome: Leaf<Result<D, D>>) -> u32 {
        if let Ok(value) = outcome.await {
            pause().await;
            value.touch()
        } else {
            let other = d("other");
            pause().await;
            other.touch()
        }
    }
}

differential! {
    temporaries_of_if_let_live_through_else => subject();
    #[coroutine]
    async fn subject() -> u32 {
        if let "y" = d("x").name() {
            pause().await;
            0
        } else {
            let other = d("other");
            pause().await;
            other.touch()
        }
    }
}

differential! {
    lifetimes_of_the_signature_are_captured => subject("text", &[1, 2]);
    #[coroutine]
    async fn subject<'a>(text: &'a str, numbers: &[u32]) -> &'a str {
        let kept = d("kept");
        pause().await;
        let length = numbers.len() + kept.touch() as usize;
        &text[..length.min(2)]
    }
}

differential! {
    loops_and_early_exits => subject(vec![d("a"), d("b"), d("c")]);
    #[coroutine]
    async fn subject(items: Vec<D>) -> Result<u32, String> {
        let mut sum = 0;
        for item in items {
            pause().await;
            if item.name() == "c" {
                return Err(item.name().to_string());
            }
            sum += item.touch();
        }
        Ok(sum)
    }
}

differential! {
    temporaries_of_the_tail_outlive_locals => subject();
    #[coroutine]
    async fn subject() -> usize {
        let x = d("x");
        pause().await;
        let y = d("y");
        x.touch();
        y.touch();
        d("temporary").name().len()
    }
}

differential! {
    temporaries_of_a_nested_tail_outlive_locals => subject(d("argument"));
    #[coroutine]
    async fn subject(argument: D) -> usize {
        let x = d("x");
        pause().await;
        x.touch();
        {
            let y = d("y");
            y.touch();
            d("temporary").name().len() + x.touch() as usize + argument.touch() as usize
        }
    }
}

differential! {
    a_tail_that_fails => subject();
    #[coroutine]
    async fn subject() -> Result<usize, String> {
        let x = d("x");
        pause().await;
        Ok(d("temporary").name().parse::<usize>().map_err(|error| error.to_string())? + x.touch() as usize)
    }
}

differential! {
    a_tail_in_a_branch => subject(true);
    #[coroutine]
    async fn subject(flag: bool) -> usize {
        let x = d("x");
        pause().await;
        if flag {
            let y = d("y");
            pause().await;
            y.touch();
            d("temporary").name().len()
        } else {
            x.touch() as usize
        }
    }
}

differential! {
    a_consumed_local_in_the_tail => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let y = d("y");
        pause().await;
        d("temporary").touch() + x.eat() + y.touch()
    }
}

differential! {
    the_ignored_value_of_if_let_ends_before_the_temporaries => subject();
    #[coroutine]
    async fn subject() -> u32 {
        async fn beside<T>(_: &D, value: T) -> T {
            pause().await;
            value
        }
        let _ = if let Some(x) = beside(&d("temporary"), Some(d("x"))).await {
            (x, 1)
        } else {
            (d("other"), 1)
        };
        say("end");
        3
    }
}

differential! {
    an_array_that_if_let_does_not_take_apart => subject();
    #[coroutine]
    async fn subject() -> u32 {
        if let (3, [_, b]) = give("g", 1, (2_u32, [d("a"), d("b")])).await {
            b.touch()
        } else {
            say("else");
            pause().await;
            2
        }
    }
}

differential! {
    an_array_of_enums_that_if_let_does_not_take_apart => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = if let [None, Some(b)] = give("g", 1, [Some(d("a")), Some(d("b"))]).await {
            b.touch()
        } else {
            say("else");
            2
        };
        pause().await;
        n
    }
}

differential! {
    if_let_in_an_argument => subject();
    #[coroutine]
    async fn subject() -> u32 {
        give(
            "g",
            0,
            if let Some((_, inner)) = Some((d("rest"), None::<D>)) { inner.is_some() } else { true },
        )
        .await;
        1
    }
}

differential! {
    if_let_that_suspends_in_an_operand => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let both = (
            Vec::<D>::new(),
            if let Some(ref first) = Some(d("found")) {
                give("then", 1, first.touch()).await
            } else {
                pause().await;
                2
            },
        );
        both.1
    }
}

differential! {
    if_let_in_vec_beside_a_suspension => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let list =
            vec![if let (None::<D>, ..) = (None, d("rest")) { 1 } else { 2 }, give("g", 1, 3).await];
        list[0] + list[1]
    }
}

differential! {
    temporaries_of_a_tail_that_suspends => subject(d("argument"));
    #[coroutine]
    async fn subject(argument: D) -> bool {
        let found = match Some(argument) {
            Some(first) => {
                let second = (1, first);
                give("g", 1, d("given").touch()).await == d("temporary").touch() + second.0
            }
            None => true,
        };
        pause().await;
        found
    }
}

differential! {
    a_match_in_the_tail_of_a_branch => subject();
    #[coroutine]
    async fn subject() -> u32 {
        if val("branch", true) {
            let local = d("local");
            match give("g", 1, Some(d("matched"))).await {
                Some(ref found) => found.touch() + local.touch(),
                None => 2,
            }
        } else {
            3
        }
    }
}
