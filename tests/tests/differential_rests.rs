//! What is left of a matched value, and boxes that are moved out of, among operands.

#![allow(
    clippy::match_single_binding,
    clippy::blocks_in_conditions,
    reason = "a match and its temporaries are what is tested"
)]

use coframe_tests::differential;
use coframe_tests::differential::*;

async fn look(value: &D) -> u32 {
    let before = value.touch();
    pause().await;
    before + value.touch()
}

struct Pair {
    left: D,
    right: D,
}

fn pair() -> Pair {
    Pair { left: d("left"), right: d("right") }
}

differential! {
    the_rest_of_a_match_in_an_awaited_operand => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> u32 {
        let x = give("g", 2, match (d("rest"), Box::new(a)) { (_, boxed) => boxed }).await;
        let y = give("h", 1, match pair() { Pair { left, .. } => left }).await;
        x.touch() + y.touch()
    }
}

differential! {
    the_rest_of_an_awaited_match => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = look(match give("g", 1, (d("a"), d("b"))).await { (ref a, _) => a }).await;
        let m = match give("g", 1, (d("c"), d("e"))).await { (c, _) => c.touch() }
            + look(&d("x")).await;
        n + m
    }
}

differential! {
    a_match_that_returns_in_an_awaited_operand => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = give("g", 1, match (d("a"), d("b")) {
            (ref a, _) => if a.touch() > 3 { return 1 } else { 3 },
        }).await;
        let left = give("h", 1, match Some(pair()) {
            Some(Pair { left, right: _ }) => left,
            None => return 1,
        }).await;
        n + left.touch()
    }
}

differential! {
    a_match_of_a_match_by_reference => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = match match give("g", 1, Some((d("a"), d("b")))).await { Some(x) => x, _ => return 1 } {
            (a, ref mut b) => b.poke().touch() + a.touch(),
        };
        if let (Some(a), ref mut b) = give("h", 1, (Some(d("c")), d("e"))).await {
            return b.poke().touch() + a.touch() + x;
        }
        x
    }
}

differential! {
    a_mutable_reference_into_an_awaited_value => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut all = vec![d("a"), d("b")].into_iter();
        let mut n = 0;
        while let Some(ref mut x) = give("next", 1, all.next()).await {
            n += x.poke().touch();
            pause().await;
        }
        let ((a, ref b), ref mut c) = ((d("x"), d("y")), d("z"));
        pause().await;
        n + a.touch() + b.touch() + c.poke().touch()
    }
}

differential! {
    a_box_is_moved_out_of_in_an_operand => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = (*Box::new(d("x")), look(&d("t")).await);
        let y = give("g", 1, *Box::new(pair())).await;
        x.0.touch() + y.left.touch() + y.right.touch()
    }
}

differential! {
    a_box_of_an_awaited_value => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = give("h", 1, Some(*Box::new(give("g", 1, (d("x"), 1)).await))).await;
        x.map_or(0, |(x, n)| x.touch() + n)
    }
}

differential! {
    a_block_with_a_temporary_in_its_tail => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = match {
            {
                loop {
                    if val("round", true) {
                        break d("x");
                    }
                }
            }
            .clone()
        } {
            x => (x, look(&d("t")).await),
        };
        x.0.touch()
    }
}

struct Named {
    value: D,
    number: u32,
}

differential! {
    struct_literals_in_parentheses_among_operands => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let all = give("g", 1, vec![
            (Named { value: d("a").clone(), number: d("b").touch() }),
            (Named { value: d("c"), number: 2 }),
        ]).await;
        all.iter().map(|named| named.value.touch() + named.number).sum()
    }
}

differential! {
    a_part_of_a_value_in_an_operand => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = give("g", 1, Some(((d("a"), pair()).1, 3))).await;
        let y = (give("h", 1, (d("x"), d("y"))).await.1, look(&d("k")).await);
        let z = (pair().left, look(&d("l")).await);
        x.map_or(0, |(pair, n)| pair.right.touch() + n) + y.0.touch() + z.0.touch()
    }
}

differential! {
    taken_apart_in_a_block_that_does_not_suspend => subject((d("a"), d("b")), (d("x"), d("y")));
    #[coroutine]
    async fn subject(mut list: (D, D), pair: (D, D)) -> u32 {
        pause().await;
        for _ in 0..2 {
            {
                let (first, _) = list;
                first.touch();
            }
            list = (d("c"), d("d"));
            pause().await;
        }
        if list.0.touch() == 0 {
            let (left, _) = pair;
            say("in the block");
            left.touch();
        }
        pause().await;
        list.1.touch()
    }
}

differential! {
    tests_in_conditions_that_do_not_suspend => subject(Some((d("a"), d("b"))), Some(d("c")));
    #[coroutine]
    async fn subject(pair: Option<(D, D)>, mut other: Option<D>) -> u32 {
        pause().await;
        let mut sum = 0;
        if sum == 0 && let Some((left, _)) = pair {
            sum += left.touch();
        }
        pause().await;
        while let Some(ref value) = other {
            sum += value.touch();
            other = None;
        }
        pause().await;
        sum
    }
}
