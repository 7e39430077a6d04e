//! In which order values are dropped while a panic unwinds, and before `else`.

#![allow(
    clippy::match_single_binding,
    clippy::redundant_pattern_matching,
    clippy::blocks_in_conditions,
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
