//! Values that are matched: guards that look at them, arms that borrow from them, and what is dropped before them.

#![allow(clippy::all, irrefutable_let_patterns, unused, reason = "all forms")]

use coframe_tests::differential;
use coframe_tests::differential::*;

struct Pair {
    left: D,
    right: D,
}

fn pair(left: &'static str, right: &'static str) -> Pair {
    Pair { left: d(left), right: d(right) }
}

#[derive(Debug)]
enum Shape {
    One(D),
}

differential! {
    a_guard_looks_at_a_part_of_what_it_binds => subject(Some(Shape::One(d("a"))));
    #[coroutine]
    async fn subject(shape: Option<Shape>) -> u32 {
        let n = match give("g", 1, Some((shape, true))).await {
            Some(whole) if whole.1 => 1,
            Some((_, ref b)) => u32::from(*b),
            None => 3,
        };
        pause().await;
        n
    }
}

differential! {
    a_part_in_a_guard_of_several_patterns => subject(7);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        match n {
            (0 | 7..=9) if if let 7 = n {
                let part = (1_u32, d("d"));
                pause().await;
                let first = part.0;
                first == 1
            } else {
                true
            } => 1,
            other => other,
        }
    }
}

differential! {
    an_arm_that_borrows_what_the_next_one_takes => subject((Shape::One(d("a")), d("b")));
    #[coroutine]
    async fn subject(mut pair: (Shape, D)) -> u32 {
        match &mut pair.0 {
            Shape::One(x) if x.touch() > 100 => {
                pause().await;
                x.poke().touch()
            }
            other => {
                pause().await;
                u32::from(matches!(other, Shape::One(_)))
            }
        }
    }
}

differential! {
    a_guard_of_a_lock_that_is_locked_again => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let lock = give("g", 1, Lock::new("lock")).await;
        let guard = lock.lock();
        if say_and_give(&lock.lock()) == 3 {
            return 1;
        }
        2
    }
}

fn say_and_give(guard: &Guard<'_>) -> u32 {
    let _ = guard;
    say("look");
    4
}

differential! {
    two_holders_that_each_may_drop_the_other => subject(Some(d("a")), 3);
    #[coroutine]
    async fn subject(mut a: Option<D>, n: u32) -> u32 {
        a = a.take();
        give("g", 2, match pair("l", "r") {
            Pair { left: _, right } if n > 5 => right.touch() > 0,
            other => {
                a = None::<D>;
                other.left.touch() > 0
            }
        })
        .await;
        n
    }
}

differential! {
    a_guard_declares_what_its_pattern_does_not_take => subject(d("a"), Shape::One(d("b")));
    #[coroutine]
    async fn subject(a: D, shape: Shape) -> Option<Shape> {
        pause().await;
        let other = match shape {
            Shape::One(ref x) if { let y = d("y"); x.touch() + y.touch() > 100 } => d("d"),
            ref x => {
                say(matches!(x, Shape::One(_)));
                a
            }
        };
        other.touch();
        Some(shape)
    }
}

differential! {
    a_pattern_hides_a_variable_that_ends_with_it => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 0;
        while n < 2 {
            n += 1;
            if give("g", 1, true).await {
                let x = d("older");
                let Pair { left: x, right: y } = (Pair { right: x, left: d("newer") });
                say(x.touch() + y.touch());
            }
        }
        n
    }
}

async fn beside<T>(value: &D, other: T) -> T {
    value.touch();
    pause().await;
    other
}

differential! {
    what_an_ignored_if_let_leaves_ends_before_its_temporaries => subject();
    #[coroutine]
    async fn subject() -> u32 {
        if let _ = beside(&d("borrowed"), Shape::One(d("given"))).await {
            (d("a"), d("b"))
        } else {
            (d("c"), d("e"))
        };
        1
    }
}

differential! {
    what_an_ignored_if_let_binds_ends_before_its_temporaries => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> u32 {
        if let bound = (
            match give("g", 1, Some((a, d("beside")))).await {
                _ => None::<D>,
            },
            vec![d("element")],
        ) {
            d("value")
        } else {
            d("other")
        };
        2
    }
}

differential! {
    what_an_if_let_binds_whose_value_is_taken_apart => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> u32 {
        let Pair { left: x, right: _ } = if let Pair { left, right } =
            give("g", 1, Pair { left: a, right: pair("l", "r").right }).await
        {
            pair("l2", "r2")
        } else {
            pair("l3", "r3")
        };
        1
    }
}

differential! {
    a_guard_in_an_inner_block_panics => subject(Some(d("a")));
    #[coroutine]
    async fn subject(a: Option<D>) -> u32 {
        let n = give("g", 1, if val("test", true) {
            let inner = d("inner");
            match a {
                Some(x) if val("guard", false) => x.touch(),
                other => 2,
            }
        } else {
            3
        })
        .await;
        pause().await;
        n
    }
}

differential! {
    a_guard_panics_beside_an_operand => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> u32 {
        let (ref x, ..) = (
            a,
            match give("g", 1, (None::<D>, Shape::One(d("s")))).await {
                (y, _) if val("guard", false) => d("first"),
                y => d("second"),
            },
        );
        pause().await;
        x.touch()
    }
}

differential! {
    a_guard_panics_beside_an_operand_and_parentheses => subject(d("a"));
    #[coroutine]
    #[allow(unused_parens, reason = "they make a place")]
    async fn subject(a: D) -> u32 {
        let (ref x, ..) = (
            a,
            match (give("g", 1, (None::<D>, Shape::One(d("s")))).await) {
                (y, z) if val("guard", false) => d("first"),
                y => d("second"),
            },
        );
        pause().await;
        x.touch()
    }
}

differential! {
    a_match_with_a_guard_in_an_awaited_operand => subject(Shape::One(d("a")), 1);
    #[coroutine]
    async fn subject(shape: Shape, n: u32) -> u32 {
        let left = give("g", 1, match shape {
            Shape::One(x) if n > 5 => Pair { left: x, right: d("r") },
            other => pair("l", "r"),
        }
        .left)
        .await;
        left.touch()
    }
}

differential! {
    a_guard_looks_at_what_is_taken_in_parts_later => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = match (None::<D>, give("g", 1, d("x")).await) {
            whole if whole.1.touch() > 0 => {
                if val("test", true) {
                    return 1;
                }
                eat(whole.1)
            }
            (a, ref mut b) => b.touch(),
        };
        pause().await;
        n
    }
}

differential! {
    a_reference_to_a_number_behind_a_guard_that_suspends => subject(4);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        match (give("g", 1, n).await) {
            (3) if give("b", 1, true).await => 1,
            ref w if n > 3 => {
                pause().await;
                *w
            }
            ref w => {
                pause().await;
                *w + 1
            }
        }
    }
}

differential! {
    what_is_left_of_receivers_ends_before_else => subject(d("argument"));
    #[coroutine]
    async fn subject(argument: D) -> D {
        let found = Some(
            if let 2..=4 = match None::<D> {
                none => {
                    let _: Option<D> = none else {
                        return argument;
                    };
                    d("receiver")
                }
            }
            .poke()
            .touch()
            {
                give("then", 1, d("value")).await
            } else {
                d("otherwise");
                argument
            },
        );
        found.unwrap()
    }
}
