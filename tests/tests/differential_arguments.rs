//! Arguments in all forms.

#![allow(clippy::too_many_arguments, reason = "one argument of each kind")]

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    by_value => subject(d("a"), 2, d("b"));
    #[coroutine]
    async fn subject(a: D, n: u32, b: D) -> u32 {
        pause().await;
        a.touch() + n + b.touch()
    }
}

differential! {
    unused => subject(d("a"), 2, d("b"));
    #[coroutine]
    async fn subject(_a: D, _n: u32, _: D) -> u32 {
        let x = d("x");
        pause().await;
        x.touch()
    }
}

differential! {
    unused_without_suspension => subject(d("a"), d("b"), d("c"));
    #[coroutine]
    async fn subject(_: D, b: D, _c: D) -> u32 {
        b.touch()
    }
}

differential! {
    mutable => subject(1, d("x"));
    #[coroutine]
    async fn subject(mut n: u32, mut x: D) -> u32 {
        n += 1;
        x.poke();
        pause().await;
        x = d("y");
        n += x.touch();
        pause().await;
        n
    }
}

differential! {
    a_tuple_pattern => subject((d("a"), d("b")));
    #[coroutine]
    async fn subject((a, b): (D, D)) -> u32 {
        pause().await;
        a.touch() + b.touch()
    }
}

differential! {
    tuple_patterns => subject((d("a"), d("b")), [1, 2]);
    #[coroutine]
    async fn subject((a, b): (D, D), [x, y]: [u32; 2]) -> u32 {
        pause().await;
        a.touch() + x + y + b.touch()
    }
}

differential! {
    nested_argument_patterns => subject(((d("a"), 1), Wrapper(d("b"))));
    struct Wrapper(D);
    #[coroutine]
    async fn subject(((a, mut n), Wrapper(b)): ((D, u32), Wrapper)) -> u32 {
        n += 1;
        pause().await;
        a.touch() + b.touch() + n
    }
}

differential! {
    reference_patterns => subject(&3, &(d("a"), 4));
    #[coroutine]
    async fn subject(&n: &u32, (a, m): &(D, u32)) -> u32 {
        pause().await;
        a.touch() + n + m
    }
}

differential! {
    patterns_with_a_rest => subject((d("a"), d("b"), d("c")));
    #[coroutine]
    async fn subject((a, ..): (D, D, D)) -> u32 {
        pause().await;
        a.touch()
    }
}

differential! {
    references => subject(&d("a"), &mut d("b"), &[1, 2], "text");
    #[coroutine]
    async fn subject(a: &D, b: &mut D, list: &[u32], text: &str) -> u32 {
        b.poke();
        pause().await;
        a.touch() + b.touch() + list[0] + text.len() as u32
    }
}

differential! {
    moved_at_once => subject(d("a"), d("b"));
    #[coroutine]
    async fn subject(a: D, b: D) -> u32 {
        let n = eat(b);
        pause().await;
        n + a.touch()
    }
}

differential! {
    shadowed => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> u32 {
        let a = (a, d("b"));
        pause().await;
        let (a, b) = a;
        pause().await;
        a.touch() + b.touch()
    }
}

differential! {
    dropped_in_reverse => subject(d("a"), d("b"), d("c"));
    #[coroutine]
    async fn subject(a: D, b: D, c: D) {
        let _x = d("x");
        if b.touch() == 0 {
            drop(b);
        }
        pause().await;
        let _moved = a;
        pause().await;
        c.touch();
    }
}

differential! {
    returned => subject(d("a"), d("b"));
    #[coroutine]
    async fn subject(a: D, b: D) -> (D, u32) {
        pause().await;
        (a, b.touch())
    }
}

differential! {
    raw_and_odd_names => subject(1, d("match"));
    #[coroutine]
    async fn subject(r#type: u32, r#match: D) -> u32 {
        let state = 1;
        let frame = 2;
        let cx = 3;
        let context = 4;
        let value = 5;
        let live = 6;
        let slot = 7;
        pause().await;
        let sum = state + frame + cx + context + value + live + slot;
        pause().await;
        sum + r#type + r#match.touch() + state + frame + cx + context + value + live + slot
    }
}

differential! {
    many => subject(1, 2, 3, 4, d("a"), 5, 6, 7, 8, d("b"));
    #[coroutine]
    async fn subject(
        a: u8,
        b: u64,
        c: u16,
        e: u32,
        x: D,
        f: u8,
        g: u64,
        h: u16,
        i: u32,
        y: D,
    ) -> u64 {
        pause().await;
        let sum = u64::from(a) + b + u64::from(c) + u64::from(e);
        drop(x);
        pause().await;
        sum + u64::from(f) + g + u64::from(h) + u64::from(i) + u64::from(y.touch())
    }
}

differential! {
    a_mutable_reference_to_an_argument_where_nothing_suspends => subject([d("a")], (d("b"), d("c")));
    #[coroutine]
    async fn subject([ref mut a]: [D; 1], (ref mut b, _): (D, D)) -> u32 {
        a.poke().touch() + b.poke().touch()
    }
}
