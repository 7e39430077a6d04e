//! `match` with all kinds of patterns, guards and arms that suspend.

#![allow(clippy::match_single_binding, reason = "a match keeps its scrutinee")]

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    arms_that_suspend => subject(1);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let x = d("x");
        match n {
            0 => 5,
            1 => {
                let y = d("y");
                pause().await;
                y.touch() + x.touch()
            }
            _ => give("many", 1, 7).await,
        }
    }
}

differential! {
    moved_out_of_a_variable => subject(Some(d("x")));
    #[coroutine]
    async fn subject(x: Option<D>) -> u32 {
        pause().await;
        match x {
            Some(x) => {
                pause().await;
                eat(x)
            }
            None => 0,
        }
    }
}

differential! {
    bound_by_reference => subject((d("a"), d("b")));
    #[coroutine]
    async fn subject(mut pair: (D, D)) -> u32 {
        match &mut pair {
            (a, b) => {
                a.poke();
                pause().await;
                b.poke();
            }
        }
        match pair {
            (ref a, ref mut b) => {
                pause().await;
                b.poke();
                a.touch();
            }
        }
        pair.0.touch() + pair.1.touch()
    }
}

differential! {
    moved_out_of_a_temporary => subject();
    #[coroutine]
    async fn subject() -> u32 {
        match (d("a"), Some(d("b"))) {
            (a, Some(b)) => {
                pause().await;
                a.touch() + b.touch()
            }
            (a, None) => a.touch(),
        }
    }
}

differential! {
    unmatched_parts_of_a_variable => subject((d("a"), d("b"), d("c")));
    #[coroutine]
    async fn subject(parts: (D, D, D)) -> u32 {
        match parts {
            (_, b, _) => {
                pause().await;
                b.touch();
            }
        }
        pause().await;
        parts.0.touch() + parts.2.touch()
    }
}

differential! {
    guards => subject(Some(d("x")));
    #[coroutine]
    async fn subject(x: Option<D>) -> u32 {
        let y = d("y");
        match x {
            Some(x) if x.touch() == 5 => 5,
            Some(ref x) if val("guard", x.touch() == 3) => {
                pause().await;
                1
            }
            Some(x) if y.touch() == 0 => {
                pause().await;
                x.touch()
            }
            _ => 9,
        }
    }
}

differential! {
    guards_that_suspend => subject(3);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        match n {
            1..=2 => 1,
            n if give("first", 1, n == 4).await => 2,
            n if give("second", 1, n == 3).await => n + give("body", 1, 10).await,
            _ => 3,
        }
    }
}

differential! {
    or_patterns => subject(Shape::B(d("x"), 2));
    enum Shape {
        A(D),
        B(D, u32),
        C,
    }
    #[coroutine]
    async fn subject(shape: Shape) -> u32 {
        if val("unlikely", false) {
            drop((Shape::A(d("unused")), Shape::C));
        }
        match shape {
            Shape::A(x) | Shape::B(x, 1 | 2) => {
                pause().await;
                x.touch()
            }
            Shape::B(_, n) => n,
            Shape::C => 4,
        }
    }
}

differential! {
    nested_patterns => subject(Ok((Some(d("x")), [d("y"), d("z")])));
    #[coroutine]
    async fn subject(value: Result<(Option<D>, [D; 2]), u32>) -> u32 {
        match value {
            Ok((Some(x), [y, z])) => {
                pause().await;
                x.touch() + y.touch() + z.touch()
            }
            Ok((None, [y, _])) => y.touch(),
            Err(n) => n,
        }
    }
}

differential! {
    struct_patterns => subject(Named { a: d("a"), n: 3, b: d("b") });
    struct Named {
        a: D,
        n: u32,
        b: D,
    }
    #[coroutine]
    async fn subject(named: Named) -> u32 {
        match named {
            Named { a, n: n @ 1..=5, b: other } => {
                pause().await;
                a.touch() + n + other.touch()
            }
            Named { n, .. } => n,
        }
    }
}

differential! {
    slice_patterns => subject(vec![d("a"), d("b"), d("c")]);
    #[coroutine]
    async fn subject(list: Vec<D>) -> u32 {
        match &list[..] {
            [] => 0,
            [first, rest @ ..] => {
                pause().await;
                first.touch();
                let [second, third] = rest else { return 1 };
                pause().await;
                second.touch() + third.touch()
            }
        }
    }
}

differential! {
    binding_at_a_pattern => subject(Some(7));
    #[coroutine]
    async fn subject(n: Option<u32>) -> u32 {
        match n {
            whole @ Some(n) if n > 5 => {
                pause().await;
                whole.map_or(0, |n| n * 2)
            }
            _ => 0,
        }
    }
}

differential! {
    scrutinee_temporary_lives_on => subject(&Lock::new("x"));
    #[coroutine]
    async fn subject(lock: &Lock) -> u32 {
        let n = match lock.lock().touch() {
            0 => {
                say("body");
                pause().await;
                1
            }
            n => n,
        };
        n + lock.lock().touch()
    }
}

differential! {
    scrutinee_borrows_a_temporary => subject(&Lock::new("x"));
    #[coroutine]
    async fn subject(lock: &Lock) -> u32 {
        match lock.lock().name() {
            "x" => {
                pause().await;
                1
            }
            other => {
                pause().await;
                other.len() as u32
            }
        }
    }
}

differential! {
    match_as_an_operand => subject(2);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        val("before", 1)
            + match n {
                2 => give("two", 1, 2).await,
                _ => 0,
            }
            + val("after", 3)
    }
}

differential! {
    nested_matches => subject(Some(1), Some(2));
    #[coroutine]
    async fn subject(a: Option<u32>, b: Option<u32>) -> u32 {
        let x = d("x");
        match (a, b) {
            (Some(a), b) => match b {
                Some(b) if give("test", 1, b > a).await => {
                    pause().await;
                    x.touch() + a + b
                }
                _ => 1,
            },
            _ => 2,
        }
    }
}

differential! {
    arms_that_leave => subject(vec![Some(1), None, Some(5), Some(9)]);
    #[coroutine]
    async fn subject(list: Vec<Option<u32>>) -> Result<u32, D> {
        let error = d("error");
        let mut sum = 0;
        for n in list {
            let n = match n {
                Some(9) => return Err(error),
                Some(n) if n > 7 => break,
                Some(n) => give("n", 1, n).await,
                None => continue,
            };
            sum += n;
        }
        Ok(sum)
    }
}

differential! {
    match_on_a_reference_argument => subject(&Some(d("x")), &mut Some(d("y")));
    #[coroutine]
    async fn subject(a: &Option<D>, b: &mut Option<D>) -> u32 {
        let n = match a {
            Some(a) => {
                pause().await;
                a.touch()
            }
            None => 0,
        };
        if let Some(b) = b {
            pause().await;
            b.poke();
        }
        let taken = b.take();
        pause().await;
        n + taken.map_or(0, eat)
    }
}

differential! {
    matches_macro => subject();
    #[coroutine]
    async fn subject() -> bool {
        let x = Some(d("x"));
        pause().await;
        let a = matches!(&x, Some(x) if x.touch() == 0);
        a && matches!(give("y", 1, Some(d("y"))).await, Some(y) if y.touch() == 0)
    }
}

differential! {
    irrefutable_patterns => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let (a, b) = (d("a"), d("b"));
        pause().await;
        let (c, _) = (b, d("dropped"));
        let [x, .., y] = [d("x"), d("m"), d("y")];
        pause().await;
        let (ref e, mut f) = give("pair", 1, (d("e"), d("f"))).await;
        pause().await;
        f.poke();
        a.touch() + c.touch() + x.touch() + y.touch() + e.touch() + f.touch()
    }
}

differential! {
    underscore_patterns => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let _ = x;
        let _ = d("dropped at once");
        let _guard = d("guard");
        let (_, y) = (d("never bound"), d("y"));
        pause().await;
        y.touch() + x.touch()
    }
}

differential! {
    destructuring_assignment => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let (mut a, mut b) = (d("a"), d("b"));
        pause().await;
        (a, b) = (b, a);
        pause().await;
        a.touch();
        [a, _] = [d("c"), d("e")];
        a.touch() + b.touch()
    }
}

differential! {
    constants_and_ranges => subject('k');
    #[coroutine]
    async fn subject(c: char) -> &'static str {
        const SPECIAL: char = '#';
        match c {
            SPECIAL => "special",
            'a'..='j' => {
                pause().await;
                "low"
            }
            'k'.. => {
                pause().await;
                "high"
            }
            _ => "other",
        }
    }
}

differential! {
    boxed_and_deref => subject(Box::new(Some(d("x"))));
    #[coroutine]
    async fn subject(value: Box<Option<D>>) -> u32 {
        match *value {
            Some(x) => {
                pause().await;
                x.touch()
            }
            None => 0,
        }
    }
}
