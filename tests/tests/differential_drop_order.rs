//! In which order operands that wait, temporaries and bindings are dropped.

#![allow(
    clippy::match_single_binding,
    clippy::redundant_pattern_matching,
    clippy::let_unit_value,
    reason = "temporaries are dropped where these are"
)]

use coframe_tests::differential;
use coframe_tests::differential::*;

/// Uses a value around a suspension.
async fn look(value: &D) -> u32 {
    let before = value.touch();
    pause().await;
    before + value.touch()
}

/// Uses a value after a suspension and gives another.
async fn beside<T>(value: &D, other: T) -> T {
    pause().await;
    value.touch();
    other
}

/// Has a temporary beside a comparison.
async fn compared(_: &D, is_same: bool) -> bool {
    is_same
}

struct Pair {
    left: D,
    right: D,
}

differential! {
    an_operand_before_a_temporary => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let both = (d("waits"), look(&d("temporary")).await);
        both.0.touch() + both.1
    }
}

differential! {
    operands_at_two_levels => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = (d("a"), (d("b"), look(&d("c")).await + look(&d("e")).await), d("f"));
        let y = Pair { left: d("x"), right: beside(&d("u"), d("w")).await };
        x.0.touch() + y.left.touch() + y.right.touch()
    }
}

differential! {
    operands_of_a_tail => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> (D, u32, D) {
        (a, eat(d("b").clone()) + look(&d("c")).await, beside(&d("u"), d("w")).await)
    }
}

differential! {
    operands_of_a_condition => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> u32 {
        if [a.touch(), look(&d("c")).await].len() == 2 && (d("x"), look(&d("e")).await).1 == 0 {
            1
        } else {
            2
        }
    }
}

differential! {
    an_ignored_value_is_the_newest_temporary => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let _ = beside(&d("t"), d("x")).await;
        say("after");
        let (a, _) = echo(&d("s"), (d("a"), 1)).await;
        a.touch()
    }
    async fn echo<T>(value: &D, other: T) -> T {
        pause().await;
        value.touch();
        other
    }
}

differential! {
    a_receiver_in_parentheses => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut rounds = 0;
        while rounds < 1
            && (Pair { left: give("g", 1, d("l")).await, right: d("r").clone() }).left.name().len() == 1
        {
            rounds += 1;
        }
        rounds
    }
}

differential! {
    an_ignored_value_after_the_locals_inside => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> u32 {
        {
            let _inner = d("inner");
            give("g", 1, d("x")).await
        };
        match Some((d("c"), a)) {
            None => d("n"),
            Some((first, second)) => {
                say(first.touch() + second.touch());
                give("h", 1, d("y")).await
            }
        };
        if val("condition", true) {
            let _inner = d("inner");
            Some(give("i", 1, d("z")).await)
        } else {
            None
        };
        say("end");
        1
    }
}

differential! {
    a_statement_that_begins_with_an_operand => subject();
    #[coroutine]
    #[allow(unused_must_use, clippy::unnecessary_operation, reason = "that is its point")]
    async fn subject() -> u32 {
        let (a, b) = (odd("a"), odd("b"));
        pause().await;
        a.unwrap() + b.unwrap();
        pause().await;
        1
    }
}

differential! {
    a_value_that_does_not_match_ends_before_else => subject();
    #[coroutine]
    async fn subject() -> D {
        let Some(kept) = give("matches", 1, Some(d("kept"))).await else { return d("never") };
        let None = beside(&d("temporary"), Some(d("left"))).await else {
            pause().await;
            return kept;
        };
        d("none")
    }
}

differential! {
    what_a_let_leaves_ends_with_it => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let Pair { left, .. } = give("pair", 1, Pair { left: d("left"), right: d("right") }).await;
        for _ in 0..give("end", 1, 2).await {}
        left.touch()
    }
}

differential! {
    a_binding_of_let_else_ends_with_its_block => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = match Some({
            let Some(bound) = ({
                pause().await;
                Some(d("bound"))
            }) else {
                return 1;
            };
            bound.touch()
        }) {
            number => (number, d("after")),
        };
        x.1.touch()
    }
}

differential! {
    what_an_arm_leaves_is_dropped_after_its_bindings => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> u32 {
        if let Ok((a, _)) = std::convert::identity({
            pause().await;
            Ok::<_, D>((a, d("left")))
        }) {
            a.touch();
        }
        1
    }
}

differential! {
    a_receiver_in_a_later_operand => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut count = 0;
        for (number, x) in &[
            (give("number", 0, 1).await, d("x")),
            (d("temporary").counts(), d("y")),
        ] {
            count += number + x.touch();
        }
        count
    }
    trait Counts {
        fn counts(&self) -> u32;
    }
    impl Counts for D {
        fn counts(&self) -> u32 {
            self.touch()
        }
    }
}

differential! {
    a_matched_receiver_ends_before_else => subject();
    #[coroutine]
    async fn subject() -> D {
        if let None = match (Pair { left: d("left"), right: d("right") }) {
            ref pair => {
                if val("never", false) {
                    pause().await;
                    Some(d("none"))
                } else {
                    Some(pair.left.clone())
                }
            }
        }
        .as_ref()
        .map(D::touch)
        {
            d("then")
        } else {
            d("else")
        }
    }
}

differential! {
    extended_temporaries_are_evaluated_in_order => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = (d("x"), &d("extended"), [&d("first"), &give("second", 1, d("second")).await]);
        let y = (d("y"), &mut beside(&d("temporary"), d("z")).await, &d("last"));
        pause().await;
        x.1.touch() + x.2[1].touch() + y.1.touch() + y.2.touch()
    }
}

differential! {
    an_extended_temporary_ends_before_else => subject(false);
    #[coroutine]
    async fn subject(is_some: bool) -> D {
        let given = is_some.then(|| d("given"));
        let (Some(ref x), _) = beside(&d("temporary"), (given, d("left"))).await else {
            say("else");
            pause().await;
            return d("none");
        };
        x.clone()
    }
}

differential! {
    parts_of_arguments_are_dropped_after_later_arguments => subject([d("a"), d("b")], d("c"));
    #[coroutine]
    async fn subject([_a, _b]: [D; 2], _c: D) -> u32 {
        3
    }
}

differential! {
    a_variable_that_is_late_is_dropped_before_a_receiver => subject(Some(d("a")));
    #[coroutine]
    #[allow(clippy::needless_late_init, reason = "that is its point")]
    async fn subject(a: Option<D>) -> u32 {
        let _late;
        if a.is_some() {
            _late = d("then");
        } else {
            _late = d("else");
        }
        2
    }
}

differential! {
    a_panic_while_the_rest_is_dropped => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let Pair { left, right: _ } = give(
            "pair",
            0,
            match (Pair { left: d("a"), right: d("b") }) {
                Pair { left: _moved, .. } => Pair { left: d("left"), right: d("right") },
            },
        )
        .await;
        left.touch()
    }
}

differential! {
    operands_of_a_tail_and_its_temporaries => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = if val("condition", true) {
            let number = give("number", 1, 1).await;
            (d("x"), d("y").clone(), number)
        } else {
            (d("z"), beside(&d("u"), d("v")).await, d("w").clone().touch())
        };
        x.0.touch() + x.2
    }
}

differential! {
    an_ignored_value_before_what_a_match_leaves => subject();
    #[coroutine]
    #[allow(clippy::match_single_binding, reason = "that is its point")]
    async fn subject() -> u32 {
        match (give("a", 1, d("a")).await, d("left")) {
            _ => d("value"),
        };
        let _ = match give("b", 1, Some(d("b"))).await {
            Some(ref b) => d("c").touch() + b.touch(),
            None => 1,
        };
        _ = match give("d", 1, (d("d"), d("left"))).await {
            (d, _) => Box::new(d),
        };
        3
    }
}

differential! {
    a_temporary_in_a_holder_after_an_operand => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut sum = 0;
        for value in &[d("waits"), give("w", 1, d("temporary").clone()).await] {
            sum += value.touch();
        }
        sum
    }
}

differential! {
    a_variable_while_its_statement_drops_temporaries => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> u32 {
        let both = [
            give("w", 1, (a, d("t").touch())).await,
            (d("b"), d("u").poke().touch()),
        ];
        both[0].1 + both[1].1
    }
}

differential! {
    branches_that_leave_in_an_operand => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> Result<u32, D> {
        let n = give("w", 1, if a.touch() == 0 { Ok::<D, D>(d("b"))?.touch() } else { 1 }).await;
        let m = beside(&a, if n == 0 { Err::<D, D>(d("c"))?.pass() } else { d("e").pass() }).await;
        Ok(n + m.touch())
    }
}

differential! {
    temporaries_inside_a_comparison_with_a_number => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = match u32::from(d("a").touch() + d("b").clone().touch() == 0) {
            0 => 2,
            n => give("w", 1, n).await,
        };
        n + give("x", 1, u32::from(d("c").touch() >= 1)).await
    }
}

differential! {
    what_is_compared_in_a_box => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let is_same =
            compared(&d("a"), *give("g", 1, Box::new(d("b"))).await == d("c")).await;
        pause().await;
        say("end");
        u32::from(is_same)
    }
}

differential! {
    what_is_compared_in_a_field => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let is_same =
            compared(&d("a"), give("g", 1, (d("b"), d("e"))).await.0 == d("c")).await;
        pause().await;
        u32::from(is_same)
    }
}

differential! {
    the_ignored_value_of_if_let_ends_after_the_temporaries => subject();
    #[coroutine]
    async fn subject() -> u32 {
        if let Some(ref mut x) = beside(&d("temporary"), Some(d("x"))).await {
            x.poke();
            (d("value"), 1)
        } else {
            (d("other"), 1)
        };
        let _ = if let None = beside(&d("temporary"), Some(d("x"))).await {
            (d("value"), 1)
        } else {
            (d("other"), 1)
        };
        say("end");
        3
    }
}

differential! {
    the_ignored_value_of_if_let_ends_after_what_is_left => subject(true);
    #[coroutine]
    async fn subject(is_some: bool) -> u32 {
        let pair = is_some.then(|| Pair { left: d("left"), right: d("right") });
        if let Some(Pair { left, .. }) = beside(&d("temporary"), pair).await {
            pause().await;
            let inner = d("inner");
            (left, inner.touch())
        } else if let Some(x) = beside(&d("second"), Some(d("x"))).await {
            (x, 2)
        } else {
            (d("other"), 1)
        };
        say("end");
        3
    }
}
