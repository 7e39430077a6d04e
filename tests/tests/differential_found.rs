//! What random programs found: reduced, and by topic.

#![allow(clippy::all, irrefutable_let_patterns, unused, reason = "all forms")]

use coframe_tests::differential;
use coframe_tests::differential::*;

#[derive(Clone, Debug)]
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
    Two(D, D),
    Named { x: D, n: u32 },
}

differential! {
    let_else_that_takes_all => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let one = Some(give("one", 1, d("one")).await);
        let two: Result<(D, D), D> = Ok((d("l"), d("r")));
        let three: Result<D, D> = Err(d("three"));
        let four = d("four");
        pause().await;
        let renamed = four else { return 0 };
        let Some(mut x) = one else { return 1 };
        let Ok((y, z)): Result<(D, D), D> = two else { return 2 };
        x.poke();
        let n = x.touch() + y.touch() + z.touch();
        let Ok(w) = three else { return n };
        n + w.touch()
    }
}

differential! {
    parts_that_an_arm_names => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut two = (d("a"), (d("b"), d("c")));
        pause().await;
        let n = match two.1.0 {
            x => give("g", 1, x).await.touch(),
        };
        let m = match two.0 {
            x => x.touch(),
        };
        pause().await;
        n + m + two.1.1.touch()
    }
}

differential! {
    a_base_that_is_made_in_an_argument => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let Pair { left: _, right: ref mut x } =
            give("g", 2, Pair { left: Box::pin(give("l", 1, d("d"))).await, ..pair("l", "r") }).await;
        let y = give("h", 2, Pair { left: d("m"), ..pair("m", "s") }).await;
        let z = (Pair { left: give("n", 1, d("n")).await, ..pair("o", "p") }, pause().await);
        x.touch() + y.right.touch()
    }
}

differential! {
    a_base_that_is_awaited => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = give("g", 2, (Pair { left: d("x"), ..give("base", 1, pair("l", "r")).await })).await;
        let y = join(Pair { right: d("y"), ..match give("n", 1, 4).await {
            4 => pair("s", "t"),
            _ => pair("u", "v"),
        } }, give("k", 1, 3).await);
        x.right.touch() + y
    }
}

fn join(pair: Pair, n: u32) -> u32 {
    pair.left.touch() + pair.right.touch() + n
}

differential! {
    matched_after_all_is_assigned => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut x = ((d("a"), Shape::Two(d("b"), d("c"))), 1);
        pause().await;
        x = ((d("d"), x.0.1), 2);
        match x.0.1 {
            Shape::Named { n: 0, x } => x.touch(),
            Shape::Two(y, _) => y.touch(),
            ref y => 3,
        };
        pause().await;
        4
    }
}

differential! {
    assigned_in_a_loop_and_matched => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 0;
        let mut x = (d("a"), Shape::One(d("b")));
        for i in 0..2 {
            pause().await;
            x = (d("c"), x.1);
            match x.1 {
                Shape::One(y) if val("guard", true) => n += y.touch(),
                Shape::Two(y, ..) => n += y.touch(),
                _ => {}
            }
            x = (d("e"), Shape::Two(d("f"), d("g")));
        }
        n + x.0.touch()
    }
}

differential! {
    guards_that_leave_beside_what_is_left => async { (subject(false).await, subject(true).await) };
    #[coroutine]
    async fn subject(leaves: bool) -> Option<u32> {
        let one: Option<D> = if leaves { None } else { Some(d("one")) };
        let n = match give("v", 1, Some((d("a"), d("b")))).await {
            Some((x, _)) if one.as_ref()?.touch() == 7 => { pause().await; x.touch() }
            Some((_, y)) => { pause().await; y.touch() }
            None => 0,
        };
        let m = 'block: {
            say("block");
            match give("w", 1, Shape::Two(d("c"), d("d"))).await {
                Shape::One(x) => x.touch(),
                Shape::Two(x, ..) if { if val("leaves", leaves) { break 'block 5 } x.touch() == 0 } => 3,
                Shape::Two(.., x) if val("no", true) => { pause().await; x.touch() }
                _ => 4,
            }
        };
        Some(n + m)
    }
}

differential! {
    guards_that_leave_in_operands => async { (subject(false).await, subject(true).await) };
    #[coroutine]
    async fn subject(leaves: bool) -> Option<u32> {
        let one: Option<D> = if leaves { None } else { Some(d("one")) };
        let n = give("sum", 1, (
            match (d("s"), Some((d("a"), d("b")))) {
                (_, Some((x, _))) if one.as_ref()?.touch() == 7 => x.touch(),
                (x, Some((ref y, _))) if give("guard", 1, false).await => x.touch() + y.touch(),
                (x, _) => x.touch(),
            },
            give("t", 1, d("t")).await,
        )).await;
        pause().await;
        Some(n.0 + n.1.touch())
    }
}

differential! {
    guards_that_wait_in_operands => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = (
            match (d("s"), Shape::Two(d("a"), d("b"))) {
                (_, Shape::One(x)) => x.touch(),
                (_, Shape::Two(x, _)) if give("guard", 1, false).await => x.touch(),
                (x, Shape::Two(_, y) | Shape::One(y)) if give("guard", 1, true).await => y.touch(),
                _ => 0,
            },
            give("t", 1, d("t")).await,
        );
        n.0 + n.1.touch()
    }
}

differential! {
    a_block_that_leaves_beside_its_temporaries => subject();
    #[coroutine]
    async fn subject() -> Option<u32> {
        let a = Some(d("a"));
        let n = give("g", 1, {
            let b = d("b");
            (a.as_ref()?.touch(), d("c").touch(), b, &d("e") == &d("e"))
        }).await;
        let m = give("h", 1, (d("f"), val("yes", true) && d("g").touch() == 0 || give("i", 1, d("h")).await.touch() == 0)).await;
        Some(n.0 + n.2.touch() + m.0.touch())
    }
}

differential! {
    lazy_operands_end_their_temporaries => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = give("g", 1, (d("f"), val("yes", true) && d("g").touch() == 0, d("j").touch())).await;
        let m = (val("no", false) || d("h").touch() == 0 && d("i") == d("k"), give("i", 1, d("h")).await.touch());
        n.0.touch() + m.1
    }
}

differential! {
    a_reference_to_what_a_box_points_to => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = (
            match (*Box::new(Shape::One(d("a")))) {
                ref x => { pause().await; 1 }
            },
            match val("n", 2) {
                1 => 4,
                ref x => { pause().await; *x }
            },
        );
        let m = if let Some(ref x) = (*Box::new(Some(d("b")))) { pause().await; x.touch() } else { 2 };
        if let (Shape::One(_) | Shape::Two(_, _)) = (*Box::new(Shape::Two(d("c"), d("e")))) {
            give("g", 1, d("f")).await;
        }
        n.0 + n.1 + m
    }
}

differential! {
    parts_of_references_that_patterns_bind => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut steps = Steps::new("steps", 2);
        let mut n = 0;
        while let Some(ref mut v) = give("next", 1, steps.next()).await {
            if match None::<D> { x => { (*v) = 4; true } } && let 0..=9 = n && (d("d").touch() + (*v)) > 0 {
                let f = |n: u32| n + 1;
                n = f(n);
            }
        }
        match (d("e"), give("x", 1, pair("l", "r")).await) {
            (_, ref x) if { say("guard"); (*x).left.touch() == 0 } => { pause().await; n + x.right.touch() }
            _ => 0,
        }
    }
}

differential! {
    taken_apart_beside_a_part_that_is_returned => subject(pair("l", "r"));
    #[coroutine]
    async fn subject(x: Pair) -> D {
        let y = if match val("some", Some(1)) { Some(_) => true, None => return x.right } {
            let Pair { left: y, .. } = x;
            pause().await;
            y
        } else {
            d("d")
        };
        pause().await;
        y
    }
}

differential! {
    borrowed_and_used_in_a_loop => subject(Box::new(d("a")));
    #[coroutine]
    async fn subject(x: Box<D>) -> u32 {
        let y = (*x).clone();
        let mut n = 0;
        while n < 2 {
            n += 1;
            let z = x.touch();
        }
        n
    }
}

differential! {
    a_match_of_which_a_pattern_leaves_a_part => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let (Pair { left: x, .. }, _) = match give("g", 1, (None::<Pair>, Box::new(d("d")))).await {
            (Some(Pair { left: ref mut x, right: ref y }), ref z) => (pair("l", "r"), 1),
            (mut x, _) => (pair("m", "s"), 2),
        };
        pause().await;
        x.touch()
    }
}

differential! {
    arrays_that_a_pattern_does_not_take_apart => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let a = d("a");
        let n = if let (None, [ref x, y]) = (Some(d("b")), [a, d("c")]) {
            pause().await;
            x.touch() + y.touch()
        } else {
            1
        };
        pause().await;
        n
    }
}

differential! {
    consumed_beside_what_leaves => subject(Some(d("x")), pair("l", "r"));
    #[coroutine]
    async fn subject(x: Option<D>, y: Pair) -> Option<usize> {
        let n = give("g", 1, (
            Noisy { inner: x?.pass(), number: d("n").eat() },
            Noisy { inner: d("i"), number: mix(&y.right, Shape::Two(d("s"), d("t")).collapse().map_or(1, D::eat)) },
        )).await;
        match (Noisy { inner: None::<D>.or(Some(n.0.inner))?, number: d("m").eat() }).len() {
            0 => { pause().await; Some(1) }
            m => { pause().await; Some(m as usize + n.1.inner.touch() as usize) }
        }
    }
}

struct Noisy {
    inner: D,
    number: u32,
}

impl Noisy {
    fn len(&self) -> u32 {
        self.number + self.inner.touch()
    }
}

impl Shape {
    fn collapse(self) -> Option<D> {
        match self {
            Shape::One(x) | Shape::Two(x, _) | Shape::Named { x, .. } => Some(x),
        }
    }
}

fn mix(left: &D, right: u32) -> u32 {
    left.touch() + right
}

fn same<T>(value: T) -> T {
    value
}

differential! {
    a_part_of_an_operand_before_else => subject(true);
    #[coroutine]
    async fn subject(leaves: bool) -> u32 {
        let Some(x) = same((*(give("g", 1, Box::new(Some(d("a")))).await))) else { return 1 };
        let (Some(y), _) = same(((*give("h", 1, Box::new(if leaves { None } else { Some(d("b")) })).await), d("c")))
        else {
            pause().await;
            return x.touch();
        };
        x.touch() + y.touch()
    }
}

differential! {
    a_base_that_is_awaited_in_a_tail => subject(pair("l", "r"));
    #[coroutine]
    async fn subject(mut x: Pair) -> Pair {
        x = if val("no", false) {
            pair("m", "s")
        } else {
            (Pair { right: d("d"), ..(match give("n", 1, 4).await { 4 => pair("o", "t"), _ => pair("p", "u") }) })
        };
        pause().await;
        Pair { left: d("e"), ..give("base", 1, x).await }
    }
}

differential! {
    receivers_that_arguments_assign_to => subject(d("x"));
    #[coroutine]
    async fn subject(mut x: D) -> u32 {
        let mut n = 2_u32;
        let m = n.pow({ n += 1; give("g", 1, n).await });
        let mut k = 5_u32;
        let l = k.wrapping_sub(give("h", 1, 1).await + { k = 9; k });
        let y = x.or({ x = d("y"); give("i", 1, d("z")).await });
        m + n + l + k + x.touch() + y.touch()
    }
}

trait Or {
    fn or(self, other: D) -> D;
}

impl Or for D {
    fn or(self, other: D) -> D {
        other.touch();
        self
    }
}

#[allow(non_snake_case, reason = "it is about such a name")]
fn BITS_OF(d: &D) -> u32 {
    d.touch()
}

differential! {
    functions_named_like_constants => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = BITS_OF(&d("a"));
        pause().await;
        n
    }
}

differential! {
    a_block_that_is_the_last_thing_in_its_block => subject();
    #[coroutine]
    async fn subject() -> u32 {
        if val("test", true) {
            let outer = {
                let inner = give("g", 1, d("inner")).await;
                d("outer")
            };
        }
        1
    }
}

differential! {
    a_temporary_before_the_last_variable_of_a_block => subject();
    #[coroutine]
    async fn subject() -> u32 {
        if val("test", true) {
            let list = vec![d("first"), give("g", 1, d("temporary")).await.clone()];
        }
        1
    }
}

differential! {
    a_constant_in_let_else => subject(Some(d("a")), Some(d("b")));
    #[coroutine]
    async fn subject(a: Option<D>, b: Option<D>) -> u32 {
        if val("test", false) {
            let None = a else { return 3 };
        }
        let None = b else {
            return if give("g", 1, true).await { 1 } else { 2 };
        };
        4
    }
}
