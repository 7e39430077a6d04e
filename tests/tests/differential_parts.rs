//! Patterns that leave a part of a value behind, which is dropped later than what they bind.

#![allow(clippy::all, irrefutable_let_patterns, unused_variables, dead_code, reason = "all forms")]

use std::fmt::Debug;

use coframe_tests::differential;
use coframe_tests::differential::*;

struct Pair {
    a: D,
    b: D,
}

enum Shape {
    A(D, #[expect(dead_code, reason = "only dropped")] D),
    B {
        x: D,
        y: D,
        z: u32,
    },
    #[expect(dead_code, reason = "only matched")]
    C,
}

differential! {
    arms_that_leave_parts => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let q = d("q");
        let n = match give("s", 1, Shape::B { x: d("x"), y: d("y"), z: 4 }).await {
            Shape::A(x, ..) => { pause().await; x.touch() }
            Shape::B { y, .. } if val("no", false) => { pause().await; y.touch() }
            Shape::B { ref x, z, .. } if x.touch() == 0 && q.touch() == 0 => { pause().await; x.touch() + z }
            _ => { pause().await; 7 }
        };
        pause().await;
        n + q.touch()
    }
}

differential! {
    if_let_that_leaves_parts => subject(1);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let q = d("q");
        let r = if let (x, Some(Pair { b, .. })) = (d("x"), (n == 2).then(|| Pair { a: d("a"), b: d("b") })) {
            pause().await;
            x.touch() + b.touch()
        } else if let (Some(y), ..) = (Some(d("y")), d("z"), 1) {
            pause().await;
            y.touch()
        } else {
            pause().await;
            0
        };
        pause().await;
        r + q.touch()
    }
}

differential! {
    while_let_that_leaves_parts => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut list = vec![(d("a"), d("b"), 1), (d("c"), d("e"), 2)];
        let mut n = 0;
        while let Some((ref x, .., m)) = list.pop() {
            pause().await;
            n += x.touch() + m;
            if m == 1 { break; }
            pause().await;
        }
        n
    }
}

differential! {
    for_that_leaves_parts => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 0;
        for (i, Pair { a, .. }) in [Pair { a: d("a"), b: d("b") }, Pair { a: d("c"), b: d("e") }].into_iter().enumerate() {
            if i == 1 { pause().await; continue; }
            pause().await;
            n += eat(a);
            pause().await;
        }
        n
    }
}

differential! {
    let_else_by_reference_and_by_value => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let Some((ref x, y)) = give("v", 1, Some((d("x"), d("y")))).await else { return 3 };
        pause().await;
        let Some((ref z, w)) = give("v", 1, None::<(D, D)>).await else { pause().await; return x.touch() + y.touch() };
        pause().await;
        z.touch() + w.touch()
    }
}

differential! {
    or_patterns_that_leave_parts => subject();
    #[coroutine]
    async fn subject() -> u32 {
        match give("s", 1, Shape::A(d("x"), d("y"))).await {
            Shape::A(x, _) | Shape::B { x, .. } => { pause().await; x.touch() }
            Shape::C => 3,
        }
    }
}

differential! {
    bindings_of_wholes_beside_parts => subject();
    #[coroutine]
    async fn subject() -> u32 {
        match give("s", 1, (Some(d("x")), 3, d("z"))).await {
            (x @ Some(_), n @ 1..=5, _) => { pause().await; x.map_or(0, D::eat) + n }
            (None, ..) => 1,
            (_, m, ..) => { pause().await; m },
        }
    }
}

differential! {
    arguments_that_leave_parts => subject((d("a"), d("b"), 1), d("c"), Pair { a: d("pa"), b: d("pb") }, [d("x"), d("y"), d("z")]);
    #[coroutine]
    async fn subject((a, ..): (D, D, u32), c: D, Pair { a: ref pa, b: q }: Pair, [x, .., z]: [D; 3]) -> u32 {
        pause().await;
        drop(z);
        pause().await;
        a.touch() + c.touch() + q.touch() + x.touch() + pa.touch()
    }
}

differential! {
    destructured_arguments_in_order => subject((d("a"), d("b")), d("c"), (d("e"), d("f")));
    #[coroutine]
    async fn subject((a, b): (D, D), c: D, (ref e, _): (D, D)) -> u32 {
        pause().await;
        a.touch() + b.touch() + c.touch() + e.touch()
    }
}

differential! {
    nested_parts => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 0;
        for i in 0..2 {
            if let (Some(x), ..) = (give("o", 1, Some(d("x"))).await, d("r"), d("s")) {
                match (x, d("t"), d("u")) {
                    (ref x, t, _) if t.touch() == i => { n += x.touch(); pause().await; n += t.touch(); }
                    (x, ..) => { pause().await; n += eat(x); }
                }
            }
        }
        n
    }
}

differential! {
    the_rest_is_dropped_last_and_in_order => subject();
    #[coroutine]
    async fn subject() -> u32 {
        struct Three {
            a: D,
            b: D,
            c: D,
        }
        let mut sum = 0;
        if let (x, _, _) = (d("x"), d("y"), d("z")) {
            pause().await;
            sum += x.touch();
        }
        if let (_, (_, x), _, Some(_)) = (d("w"), (d("v"), d("x")), d("y"), Some(d("z"))) {
            pause().await;
            sum += x.touch();
        }
        match give("t", 1, Three { c: d("c"), b: d("b"), a: d("a") }).await {
            Three { c: _, b, a: _ } => {
            pause().await;
            sum += b.touch();
        }
        }
        for (_, x, _) in [(d("1"), d("2"), d("3"))] {
            pause().await;
            sum += eat(x);
        }
        let r = if let (x, _, None) = (d("x"), d("y"), Some(d("z"))) { pause().await; x.touch() } else { pause().await; 3 };
        sum + r
    }
}

differential! {
    generic_parts => subject::<D, 2>((Some(d("x")), d("y")), vec![(d("a"), "t"), (d("b"), "u")]);
    #[coroutine]
    async fn subject<T: PartialEq + Debug + Clone, const N: usize>((x, ..): (Option<T>, T), mut list: Vec<(T, &'static str)>) -> ([u32; N], Option<T>) {
        let mut n = 0;
        while let Some((ref y, text)) = list.pop() {
            pause().await;
            match (y, text, d("z")) {
                (y, "u", ..) if give("g", 1, x.as_ref() != Some(y)).await => { pause().await; n += 1 }
                (.., z) => { pause().await; n += z.touch() + 10 }
            }
        }
        ([n; N], x)
    }
}

differential! {
    parts_of_boxes_and_iterators => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut sum = 0;
        for (i, (a, .., b)) in vec![(d("a"), d("m"), d("b")), (d("c"), d("n"), d("e"))].into_iter().enumerate().rev() {
            if let (0, Some(ref z), ..) = (i, Some(&a), d("t")) {
                pause().await;
                sum += z.touch();
                if sum > 100 { break }
            }
            let (ref p, q, ..) = (a, b, d("r"));
            pause().await;
            sum += p.touch() + eat(q);
        }
        match Box::new((d("x"), d("y"))) {
            pair if give("g", 1, pair.0.touch() == 0).await => { pause().await; sum + pair.1.touch() }
            _ => 2,
        }
    }
}
