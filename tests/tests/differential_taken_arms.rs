//! Patterns that take something out of a variable which stays where it is, as what they leave is used
//! later, or is given a value again.

#![allow(clippy::all, irrefutable_let_patterns, reason = "all forms")]

use coframe_tests::differential;
use coframe_tests::differential::*;

struct Pair {
    left: D,
    right: D,
}

fn pair(left: &'static str, right: &'static str) -> Pair {
    Pair { left: d(left), right: d(right) }
}

enum Shape {
    Empty,
    One(D),
    Two(D, D),
    Named { x: D, n: u32 },
}

differential! {
    a_match_takes_some_of_a_field => subject((pair("l", "r"), d("b")));
    #[coroutine]
    async fn subject(x: (Pair, D)) -> u32 {
        pause().await;
        let n = match x.0 {
            Pair { left: _, right } => right.eat(),
        };
        pause().await;
        n + x.1.touch() + x.0.left.touch()
    }
}

differential! {
    a_match_in_an_arm_takes_some_of_a_field => subject(3);
    #[coroutine]
    async fn subject(count: u32) -> u32 {
        let mut sum = 0;
        for i in 0..count {
            let shape = match i {
                0 => Shape::One(d("one")),
                1 => Shape::Named { x: d("x"), n: 4 },
                _ => Shape::Two(d("two"), d("deux")),
            };
            let value = (1, shape, d("beside"));
            match give("ok", 1, Ok::<u32, u32>(i)).await {
                Ok(_) => {
                    match value.1 {
                        Shape::One(one) => sum += one.eat(),
                        Shape::Named { n: _, x: ref named } => sum += named.touch(),
                        Shape::Two(ref first, second) => sum += second.eat() + first.touch(),
                        Shape::Empty => {}
                    }
                }
                Err(_) => {}
            }
            pause().await;
            sum += value.0 + value.2.touch();
        }
        sum
    }
}

differential! {
    a_variable_gets_a_value_after_a_part_was_taken => subject(pair("l", "r"));
    #[coroutine]
    async fn subject(mut x: Pair) -> u32 {
        pause().await;
        let later = d("later");
        let mut n = (match x {
            Pair { left, .. } => {
                x = pair("new", "right");
                left.eat() + x.left.touch()
            }
        }, d("other")).0;
        for _ in 0..2 {
            pause().await;
            n += later.touch();
            n += x.right.touch();
        }
        n
    }
}

differential! {
    a_field_gets_a_value_after_it_was_taken => subject(3);
    #[coroutine]
    async fn subject(count: u32) -> u32 {
        let mut x = (pair("l", "r"), d("b"));
        let mut sum = 0;
        for i in 0..count {
            pause().await;
            match x.0 {
                Pair { ref left, right } if i == 1 => sum += left.touch() + right.eat(),
                Pair { right, .. } => sum += right.eat(),
            }
            sum += x.1.touch();
            x.0.right = d("new");
            pause().await;
            sum += x.0.right.touch();
        }
        sum
    }
}

differential! {
    fields_are_taken_after_a_pattern_took_others => subject((pair("l", "r"), d("b")));
    #[coroutine]
    async fn subject(x: (Pair, D)) -> u32 {
        pause().await;
        let mut sum = x.1.touch();
        if sum == 0 {
            match x.0 {
                Pair { left, .. } => sum += left.eat(),
            }
            pause().await;
            sum += x.0.right.eat();
        }
        pause().await;
        sum + x.1.touch()
    }
}

differential! {
    some_paths_take => subject(6);
    #[coroutine]
    async fn subject(count: u32) -> u32 {
        let mut sum = 0;
        for i in 0..count {
            let x = (pair("l", "r"), d("b"));
            pause().await;
            if i % 3 == 0 {
                let Pair { left, right: ref kept } = x.0;
                sum += left.eat() + kept.touch();
            } else if i % 3 == 1 {
                sum += x.0.right.eat();
            }
            pause().await;
            sum += x.1.touch();
        }
        sum
    }
}

differential! {
    guards_look_before_an_arm_takes => subject((pair("l", "r"), d("b")), 3);
    #[coroutine]
    async fn subject(mut x: (Pair, D), count: u32) -> u32 {
        let mut sum = 0;
        for i in 0..count {
            pause().await;
            match x.0 {
                Pair { left: mut l, .. } if l.touch() == i => sum += l.poke().touch(),
                Pair { right: r, .. } if { r.touch(); false } => sum += r.eat(),
                Pair { left, right: _ } if i == 2 => sum += left.eat(),
                Pair { right, left: _ } => sum += right.eat(),
            }
            pause().await;
            sum += x.1.touch();
            x.0 = pair("again", "and again");
        }
        sum
    }
}

differential! {
    chains_take => subject(Some(d("a")), Some(d("b")), 2);
    #[coroutine]
    async fn subject(mut a: Option<D>, b: Option<D>, count: u32) -> u32 {
        let mut sum = 0;
        let beside = (b, d("c"));
        for i in 0..count {
            pause().await;
            if i == 1 && let Some(b) = beside.0 {
                sum += b.eat() + 5;
                break;
            }
            sum += (val("n", 1), if sum > 0 && let Some(a) = a { a.eat() } else { 2 }).1;
            a = Some(d("new"));
        }
        pause().await;
        sum + beside.1.touch()
    }
}

differential! {
    a_chain_renames => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> u32 {
        let later = d("later");
        pause().await;
        let sum = if let mut a = a && later.touch() == 0 { a.poke().touch() } else { 1 };
        pause().await;
        sum + later.touch()
    }
}

differential! {
    a_test_renames_a_field => subject((Some(d("a")), d("b")));
    #[coroutine]
    async fn subject(x: (Option<D>, D)) -> u32 {
        pause().await;
        let n = (val("n", 1), if let mut a = x.0 { a.take().map_or(0, D::eat) } else { 2 }).1;
        pause().await;
        n + x.1.touch()
    }
}

differential! {
    loops_take => subject(4);
    #[coroutine]
    async fn subject(count: u32) -> u32 {
        let mut next = (Some(d("first")), d("beside"));
        let mut sum = 0;
        pause().await;
        while let Some(value) = next.0 {
            sum += value.eat() + 1;
            next.0 = (sum < count).then(|| d("next"));
        }
        pause().await;
        let mut shape = Shape::Two(d("x"), d("y"));
        while let Shape::One(x) | Shape::Two(_, x) = shape {
            sum += x.eat() + 1;
            shape = if sum < 2 * count { Shape::One(d("z")) } else { Shape::Empty };
        }
        pause().await;
        sum + next.1.touch()
    }
}

differential! {
    let_else_takes_some => subject((Shape::Named { x: d("x"), n: 3 }, d("b")));
    #[coroutine]
    async fn subject(x: (Shape, D)) -> u32 {
        pause().await;
        let sum = {
            let Shape::Named { x: taken, n } = x.0 else { return x.1.eat() };
            taken.eat() + n
        };
        pause().await;
        sum + x.1.touch()
    }
}

differential! {
    two_lets_take_some => subject((pair("l", "r"), pair("k", "s"), d("b")));
    #[coroutine]
    async fn subject(x: (Pair, Pair, D)) -> u32 {
        pause().await;
        let Pair { left, right: ref kept } = x.0;
        let Pair { right: mut taken, .. } = x.1;
        taken.poke();
        pause().await;
        left.eat() + taken.eat() + x.2.touch() + x.1.left.touch() + kept.touch()
    }
}

differential! {
    let_takes_some_of_a_box => subject(Box::new((pair("l", "r"), d("b"))));
    #[coroutine]
    async fn subject(x: Box<(Pair, D)>) -> u32 {
        pause().await;
        let Pair { left, .. } = x.0;
        pause().await;
        left.eat() + x.1.touch() + x.0.right.touch()
    }
}

differential! {
    a_pattern_binds_by_value_and_by_reference => subject((pair("l", "r"), d("b")));
    #[coroutine]
    async fn subject(mut x: (Pair, D)) -> u32 {
        pause().await;
        let later;
        let sum = match x.0 {
            Pair { left, right: ref mut kept } => {
                kept.poke();
                later = kept;
                left.eat()
            }
        };
        pause().await;
        sum + later.poke().touch() + x.1.touch()
    }
}

differential! {
    a_pattern_copies => subject((Shape::Named { x: d("x"), n: 3 }, d("b")));
    #[coroutine]
    async fn subject(mut x: (Shape, D)) -> u32 {
        pause().await;
        let mut sum = 0;
        if let Shape::Named { n, x: _ } = x.0 {
            sum += n;
        }
        if let Shape::Named { n, ref mut x } = x.0 && n == 3 {
            sum += x.poke().touch();
        }
        pause().await;
        sum + match x.0 {
            Shape::Named { n, .. } if n > 3 => n,
            Shape::One(x) | Shape::Named { x, n: 3 } => x.eat(),
            _ => 1,
        } + x.1.touch()
    }
}

differential! {
    a_call_consumes_what_a_branch_gives_a_value_again => subject(d("a"), true);
    #[coroutine]
    async fn subject(mut a: D, again: bool) -> u32 {
        let later = d("later");
        pause().await;
        let n: u32 = (val("n", 1), a.eat()).1;
        pause().await;
        let m = match again {
            true => {
                a = d("again");
                a.eat()
            }
            false => 3,
        };
        pause().await;
        n + m + later.touch()
    }
}

differential! {
    a_call_in_a_branch_that_returns => subject((d("a"), d("b")), 0);
    #[coroutine]
    async fn subject(x: (D, D), n: u32) -> u32 {
        pause().await;
        let later = d("later");
        if later.touch() == n {
            return x.0.eat();
        }
        pause().await;
        x.1.touch() + later.touch()
    }
}

differential! {
    a_field_is_consumed_beside_a_label => subject(pair("l", "r"));
    #[coroutine]
    async fn subject(x: Pair) -> u32 {
        pause().await;
        let n = (d("d"), x.left.eat());
        pause().await;
        let mut sum = n.1;
        let m = 'label: loop {
            while sum < 3 {
                sum += 1;
            }
            break 'label (x.right, 1);
        };
        pause().await;
        sum + m.0.touch()
    }
}

differential! {
    an_arm_assigns_beside_what_another_takes => subject(pair("l", "r"), true);
    #[coroutine]
    async fn subject(mut x: Pair, first: bool) -> u32 {
        match x {
            ref kept if first && kept.left.touch() == 0 => {
                x.right = give("right", 1, d("new")).await;
                x.right.touch()
            }
            mut all => all.right.poke().touch(),
        }
    }
}
