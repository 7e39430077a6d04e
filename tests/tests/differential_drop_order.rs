//! In which order operands that wait, temporaries and bindings are dropped.

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
