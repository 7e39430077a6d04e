//! What is left of values that are taken apart, and calls that may take what code fills again: found by
//! random programs, and reduced.

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

impl Pair {
    fn unwrap(self) -> D {
        self.right
    }

    fn into_left(self) -> D {
        self.left
    }
}

#[derive(Debug)]
enum Shape {
    Empty,
    One(D),
    Two(D, D),
    Named { x: D, n: u32 },
}

async fn later<T>(value: T) -> T {
    pause().await;
    value
}

differential! {
    a_closure_leaves_a_part_of_what_was_awaited => subject(d("x"));
    #[coroutine]
    async fn subject(x: D) -> u32 {
        let y;
        if val("yes", true) {
            {
                let parts = later((x, d("part"))).await;
                let f = move |n: u32| parts.1.touch() + n;
            }
            {
                let parts = later((d("l"), d("r"))).await;
                let f = |n: u32| parts.1.eat() + n;
            }
            y = d("y");
        } else {
            y = x;
        }
        y.touch()
    }
}

differential! {
    operands_in_parentheses_beside_temporaries => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = {
            let list = vec![give("list", 1, d("a")).await];
            (Pair { left: d("l"), right: d("r").clone() })
        };
        if val("no", false) {
            (d("k"), 0)
        } else {
            let list = vec![give("list", 1, d("b")).await];
            ((d("m"), d("n").touch()))
        };
        x.left.touch()
    }
}

differential! {
    the_temporaries_of_what_is_assigned_to_a_part => subject(pair("l", "r"), (d("x"), 3));
    #[coroutine]
    async fn subject(mut parts: Pair, mut other: (D, u32)) -> u32 {
        parts.right = d("new").clone();
        other = (other.0, parts.right.touch());
        pause().await;
        let right = parts.right;
        parts.right = { pair("struct", "literal") }.left.clone();
        other.1 + right.touch()
    }
}

differential! {
    what_let_else_leaves_beside_a_holder => subject(5);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let Some(Pair { left: _, right: x }) = (n > 0).then_some(
            { (give("g", 1, pair("l", "r")).await, pair("m", "s")) }.0,
        ) else {
            return n;
        };
        let Some((y, _)) = Some((d("y"), give("z", 1, d("z")).await)) else { return 1 };
        pause().await;
        x.touch() + y.touch()
    }
}

differential! {
    a_jump_out_of_an_arm_that_leaves_a_part => subject();
    #[coroutine]
    async fn subject() -> u32 {
        for n in 0..give("end", 1, 3_u32).await {
            match Some(Shape::Two(d("l"), d("r"))) {
                Some(Shape::Two(.., y)) => {
                    if n == 1 {
                        break;
                    }
                    if n == 0 {
                        continue;
                    }
                    drop(y);
                }
                Some(Shape::Named { n: 0 | 2 | 4..=9, x }) => pause().await,
                mut other => {}
            }
            d("end of round");
        }
        1
    }
}

differential! {
    a_match_in_a_let_that_takes_its_value_apart => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let (x, (y, z)) = match later(pair("l", "r")).await {
            Pair { left, .. } => (left, (None::<Pair>, d("z"))),
        };
        let (v, _) = match later(Shape::Two(d("m"), d("s"))).await {
            Shape::Two(_, s) => (d("v"), s),
            _ => return 0,
        };
        x.touch() + z.touch() + v.touch()
    }
}

differential! {
    a_copy_is_no_reference => subject(pair("l", "r"));
    #[coroutine]
    async fn subject(parts: Pair) -> u32 {
        let right = parts.right.clone();
        let other = parts.clone();
        parts.unwrap();
        pause().await;
        other.into_left();
        right.touch()
    }
}

differential! {
    a_consumed_variable_gets_a_value_in_the_same_code => subject(d("x"), pair("l", "r"));
    #[coroutine]
    async fn subject(mut x: D, mut parts: Pair) -> u32 {
        if {
            let n = x.finish();
            x = d("new");
            n > 0
        } {
            pause().await;
        } else {
            drop(x);
            return 0;
        }
        let mut rounds = Steps::new("rounds", 2);
        while let Some(_) = rounds.next() {
            say(format!("{:?}", parts.left.pass()));
            parts = pair("m", "s");
        }
        pause().await;
        x.touch() + parts.left.touch()
    }
}

trait Finish: Sized {
    fn finish(self) -> u32;
}

impl Finish for D {
    fn finish(self) -> u32 {
        self.eat()
    }
}

differential! {
    a_consumed_receiver_before_a_jump => subject(pair("l", "r"), d("x"));
    #[coroutine]
    async fn subject(mut parts: Pair, x: D) -> u32 {
        let mut count = 0;
        let left = loop {
            if count == 1 {
                break parts.left.pass();
            }
            count += 1;
            for each in vec![parts.left] {
                each.touch();
            }
            pause().await;
            parts = pair("m", "s");
        };
        let both = loop {
            if count == 2 {
                break [x.pass(), d("y")];
            }
            count += 1;
            pause().await;
        };
        left.touch() + both[0].touch()
    }
}

differential! {
    a_consumed_box_is_filled_before_a_jump => subject(Box::new(Box::new(d("x"))));
    #[coroutine]
    async fn subject(mut x: Box<Box<D>>) -> u32 {
        let mut y = d("y");
        let mut count = 0;
        loop {
            if count == 2 {
                break;
            }
            count += 1;
            y = (*(*x)).pass();
            if count == 1 {
                x = Box::new(Box::new(d("first")));
                continue;
            }
            x = Box::new(Box::new(d("second")));
        }
        pause().await;
        y.touch()
    }
}

differential! {
    a_consumed_operand_beside_a_waiting_receiver => subject(Box::new(Vec::new()), d("x"));
    #[coroutine]
    async fn subject(mut list: Box<Vec<Shape>>, x: D) -> usize {
        list.insert(
            0,
            Shape::Named { n: give("g", 1, Some(d("n"))).await.map_or(1, D::eat), x: d("x") },
        );
        list.insert(0, Shape::One(give("h", 1, d("o")).await.pass()));
        pause().await;
        list.len()
    }
}

differential! {
    operands_that_let_else_takes => subject(3);
    #[coroutine]
    async fn subject(n: u32) -> Option<u32> {
        let (None | Some(0..3)) =
            Some(add(&d("l"), give("g", 0, Some(d("r"))).await.map_or(1, D::eat)))
        else {
            return None;
        };
        Some(1)
    }
}

differential! {
    the_operand_of_a_question_mark_in_let_else => subject(false);
    #[coroutine]
    async fn subject(is_first: bool) -> Option<u32> {
        let Some(x) = (*if give("g", 1, is_first).await {
            Box::new(None::<Option<D>>)
        } else {
            Box::new(Some(Some(d("x"))))
        })? else {
            return None;
        };
        pause().await;
        Some(x.touch())
    }
}

fn add(x: &D, n: u32) -> u32 {
    x.touch() + n
}

differential! {
    a_base_that_is_used_for_the_last_time => subject(pair("l", "r"), pair("m", "s"));
    #[coroutine]
    async fn subject(parts: Pair, others: Pair) -> u32 {
        Some(Pair { right: d("new"), ..others });
        pause().await;
        let x = Pair { left: d("x"), ..parts };
        pause().await;
        x.right.touch()
    }
}

differential! {
    parts_of_temporaries_beside_a_jump => subject(Some(pair("l", "r")));
    #[coroutine]
    async fn subject(given: Option<Pair>) -> Option<u32> {
        let x = Shape::Two(given?.right, give("g", 1, d("g")).await);
        let (y, ..) = (
            (*match Some(Box::new(d("y"))) {
                Some(y) => y,
                None => return None,
            }),
            give("h", 1, Ok::<[D; 2], D>([d("m"), d("s")])).await,
        );
        pause().await;
        Some(y.touch())
    }
}

differential! {
    a_question_mark_in_the_guard_of_what_is_taken_apart =>
        subject(Shape::Named { x: d("y"), n: 1 });
    #[coroutine]
    async fn subject(shape: Shape) -> Result<u32, D> {
        if give(
            "g",
            1,
            match shape {
                Shape::Named { n: n @ 1, x } if Ok::<bool, D>(val("guard", true))? => x.eat() > n,
                Shape::Named { n: 1, x } if Err::<bool, D>(d("never"))? => true,
                other => false,
            },
        )
        .await
        {
            pause().await;
        }
        Ok(1)
    }
}

differential! {
    closures_in_guards_name_bindings => subject(Some(pair("l", "r")));
    #[coroutine]
    async fn subject(given: Option<Pair>) -> u32 {
        match (later(given).await, d("other")) {
            (Some(x), other) if {
                let f = |n: u32| n + x.right.touch() + other.touch();
                f(1) > 100
            } => x.left.touch(),
            (Some(x), other) if {
                let future = async { x.left.touch() };
                true
            } =>
            {
                pause().await;
                x.right.touch() + other.touch()
            }
            _ => 0,
        }
    }
}

differential! {
    a_chain_of_temporaries_that_are_consumed => subject(true);
    #[coroutine]
    async fn subject(is_good: bool) -> Result<u32, D> {
        let given = if is_good { Ok(pair("l", "r")) } else { Err(d("error")) };
        if let mut n = (given?.into_left().pass().touch() as u32) {
            pause().await;
            n += 1;
            Ok(n)
        } else {
            Ok(d("never").touch())
        }
    }
}

async fn fill(slot: &mut Option<D>) -> u32 {
    *slot = Some(d("filled"));
    pause().await;
    slot.as_ref().map_or(0, D::touch)
}

async fn raise(n: &mut u32) -> u32 {
    pause().await;
    *n += 1;
    *n
}

differential! {
    constants_that_are_changed => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = fill(&mut None).await + raise(&mut 5).await;
        let (five, none, list) = (&mut 5, &mut None, &mut [1, 2]);
        pause().await;
        *five += 1;
        *none = Some(d("none"));
        list[0] = 4;
        pause().await;
        match None::<D> {
            Some(ref mut x) => {
                pause().await;
                x.poke();
            }
            ref other => {}
        }
        let mut rounds = 0;
        if let ref mut x @ None = None::<D> {
            pause().await;
            *x = Some(d("some"));
            pause().await;
            rounds += 1;
        }
        let ref mut empty @ None = None::<D> else { return 0 };
        pause().await;
        *empty = Some(d("empty"));
        pause().await;
        n + *five + list[0] + rounds
    }
}

differential! {
    a_copied_variable_is_borrowed_in_a_loop => subject(d("x"));
    #[coroutine]
    async fn subject(x: D) -> u32 {
        two(x.clone(), give("g", 1, d("g")).await);
        return if {
            let mut count = 0;
            loop {
                if count == 2 {
                    break x.peek() > 100;
                }
                count += 1;
            }
        } {
            x.touch()
        } else {
            x.touch() + 1
        };
    }
}

fn two(x: D, y: D) {
    y.touch();
}

trait Peek {
    fn peek(&self) -> u32;
}

impl Peek for D {
    fn peek(&self) -> u32 {
        self.touch()
    }
}

differential! {
    a_pattern_leaves_parts_of_what_if_let_gives => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let (_, ..) = if let ref x = give("g", 1, (Some((d("a"), d("b")).1), d("c").touch())).await {
            (d("d"), Some((x.1, d("e"))))
        } else {
            (d("f"), None)
        };
        let (y, _) = if let Some(x) = later(Some((d("g"), d("h")))).await {
            (x.0, d("i"))
        } else {
            (d("j"), d("k"))
        };
        pause().await;
        y.touch()
    }
}
