//! In which order values are dropped while a panic unwinds, and before `else`.

#![allow(
    clippy::match_single_binding,
    clippy::redundant_pattern_matching,
    clippy::blocks_in_conditions,
    irrefutable_let_patterns,
    unused_mut,
    unused_variables,
    reason = "temporaries are dropped where these are"
)]

use coframe_tests::differential;
use coframe_tests::differential::*;

struct Pair {
    left: D,
    right: D,
}

fn pair(left: &'static str, right: &'static str) -> Pair {
    Pair { left: d(left), right: d(right) }
}

/// Uses a value around a suspension.
async fn look(pair: &Pair) -> u32 {
    pair.left.touch();
    pause().await;
    pair.right.touch()
}

fn add(a: u32, b: u32) -> u32 {
    val("add", a + b)
}

struct Noisy {
    inner: D,
    number: u32,
}

impl Drop for Noisy {
    fn drop(&mut self) {
        say(format_args!("noisy {}", self.number));
    }
}

impl Noisy {
    fn is_empty(&self) -> bool {
        self.inner.touch() == self.number
    }
}

differential! {
    what_a_match_in_a_condition_leaves_ends_before_else => subject();
    #[coroutine]
    async fn subject() -> u32 {
        if let None = match pair("l", "r") {
            Pair { left, .. } if {
                let is_found = val("guard", false);
                pause().await;
                left.touch();
                is_found
            } => None,
            Pair { left: _, right } => Some(right),
        } {
            say("then");
            0
        } else {
            say("else");
            1
        }
    }
}

differential! {
    a_base_is_dropped_when_all_is_bound => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> u32 {
        let Pair { ref left, right } = Pair { left: a, ..pair("l", "r") };
        pause().await;
        left.touch() + right.touch()
    }
}

differential! {
    a_base_is_dropped_before_else => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> u32 {
        let (1, Pair { ref left, right }) =
            (2, Pair { left: give("g", 1, a).await, ..pair("l", "r") })
        else {
            say("else");
            return 1;
        };
        left.touch() + right.touch()
    }
}

differential! {
    a_temporary_of_an_array_is_dropped_when_all_is_bound => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let [ref a, mut b] = [d("a").clone(), d("b")];
        pause().await;
        a.touch() + b.poke().touch()
    }
}

differential! {
    what_is_matched_beside_an_operand => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> bool {
        Noisy {
            inner: a,
            number: match *Box::new((None::<D>, d("d"))) {
                _ => {
                    let b = d("b");
                    if b.touch() == 0 {
                        0
                    } else {
                        pause().await;
                        4
                    }
                }
            },
        }
        .is_empty()
    }
}

differential! {
    an_operand_of_a_tail_and_a_later_receiver => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> u32 {
        let text = format!("{a:?} {:?}", match (None::<D>, d("b")) {
            (_none, _b) => {
                (Some(d("c")), add(look(&pair("l", "r")).await, 3))
            }
        });
        val(&text, 1)
    }
}

differential! {
    operands_of_a_tail_and_what_runs_after_them => subject(d("a"), d("b"));
    #[coroutine]
    async fn subject(a: D, b: D) -> (D, (u32, D, u32), u32) {
        (a, (look(&pair("l", "r")).await, b, add(2, d("t").touch())), add(3, 4))
    }
}

differential! {
    a_guard_beside_an_operand => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> u32 {
        let (_, n) = (
            Some(a),
            match Some(pair("l", "r")) {
                Some(pair) if val("guard", true) => {
                    pause().await;
                    pair.left.touch()
                }
                other => other.map_or(0, |pair| pair.right.touch()),
            },
        );
        n
    }
}

differential! {
    a_variant_is_matched_with_a_guard_that_suspends => subject();
    #[coroutine]
    async fn subject() -> u32 {
        match None::<D> {
            Some(a) if give("guard", 1, a.touch() == 0).await => a.touch(),
            ref b => b.is_some().into(),
        }
    }
}

impl Pair {
    fn swap(self) -> Pair {
        Pair { left: self.right, right: self.left }
    }
}

differential! {
    a_guard_of_a_match_inside_an_operand => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let both = (
            d("waits"),
            if let 2..=4 = match give("scrutinee", 1, Some(d("inner"))).await {
                found if val("guard", false) => 3,
                ref mut other => val("other", 4),
            } {
                5
            } else {
                6
            },
        );
        both.0.touch() + both.1
    }
}

differential! {
    a_guard_of_a_match_inside_an_operand_that_takes_an_argument => subject(d("argument"));
    #[coroutine]
    async fn subject(argument: D) -> u32 {
        let both = (
            d("waits"),
            if let found = match Some(argument) {
                None => give("none", 2, 1).await,
                Some(found) if val("guard", true) => 2,
                other => 3,
            } {
                5
            } else {
                6
            },
        );
        both.0.touch() + both.1
    }
}

differential! {
    a_guard_beside_an_operand_that_waits => subject(d("moved"));
    #[coroutine]
    async fn subject(moved: D) -> u32 {
        if match (
            give("waits", 1, Some(d("first"))).await,
            (
                match (None::<D>, moved) {
                    both if val("guard", false) => (d("one"), 1),
                    other => (d("two"), 2),
                },
                d("last").pass().touch(),
            ),
        ) {
            all => true,
        } {
            1
        } else {
            2
        }
    }
}

differential! {
    a_guard_that_suspends_beside_an_operand_that_waits => subject();
    #[coroutine]
    #[allow(unused_parens, reason = "they are what is tried")]
    async fn subject() {
        if let (first, Pair { left, right }) = (
            Some(d("waits")),
            match (give("scrutinee", 0, pair("l", "r")).await) {
                Pair { left, right } if give("guard", 1, true).await => pair("new l", "new r"),
                Pair { left, .. } => pair("other l", "other r"),
            },
        ) {}
    }
}

differential! {
    operands_of_vec_in_the_tail_of_a_branch => subject(d("argument"));
    #[coroutine]
    async fn subject(argument: D) -> usize {
        let list = if val("branch", true) {
            vec![
                (d("first"), 1),
                match Err::<String, D>(argument) {
                    Ok(_) => give("ok", 1, (d("second"), 2)).await,
                    ref error => (d("third"), 3),
                },
            ]
        } else {
            Vec::new()
        };
        list.len()
    }
}

differential! {
    a_part_of_a_temporary_in_a_let => subject(true);
    #[coroutine]
    async fn subject(suspends: bool) -> D {
        let Pair { left, .. } = if suspends {
            pause().await;
            (pair("l", "r"), pair("ll", "rr"))
        } else {
            (pair("l2", "r2"), pair("ll2", "rr2"))
        }
        .0
        .swap();
        left
    }
}

differential! {
    parts_of_two_temporaries_in_a_let => subject();
    #[coroutine]
    async fn subject() -> D {
        let Pair { left, mut right } =
            (give("given", 0, (pair("l", "r"), pair("ll", "rr"))).await.1, pair("lll", "rrr")).1;
        d("result")
    }
}

differential! {
    parts_of_a_temporary_and_of_one_before_a_suspension => subject();
    #[coroutine]
    async fn subject() -> D {
        let Pair { left, mut right } = (
            (pair("l", "r"), pair("ll", "rr")).1,
            match give("given", 0, None::<D>).await {
                given => pair("lll", "rrr"),
            },
        )
            .1;
        d("result")
    }
}

differential! {
    a_part_is_assigned_in_an_argument_of_format => subject((Some(1), d("old")));
    #[coroutine]
    async fn subject(mut both: (Option<u32>, D)) -> u32 {
        say(format!(
            "{:?}",
            if both.0.is_some() {
                both = (None, pair("l", "r").left);
                1
            } else {
                give("other", 1, 2).await
            }
        ));
        both.1.touch()
    }
}
