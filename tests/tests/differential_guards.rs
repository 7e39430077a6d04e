//! Guards that suspend, and chains of conditions with suspensions in the middle.

#![allow(clippy::needless_borrow, reason = "all forms")]
#![allow(unused_variables, reason = "values that are only dropped")]

use coframe_tests::differential;
use coframe_tests::differential::*;

enum Shape {
    A(D),
    B { x: D, y: D },
    N(u32),
}

async fn check(x: &D, n: u32) -> bool {
    give("check", 1, x.touch() == n).await
}

async fn two(x: &D, y: &&D) -> bool {
    pause().await;
    x.touch() == y.touch()
}

differential! {
    guards_over_values => subject(0);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let q = d("q");
        let m = match give("s", 1, Shape::B { x: d("x"), y: d("y") }).await {
            Shape::A(x) if check(&x, n).await => { pause().await; x.touch() }
            Shape::B { x, .. } if check(&x, 7).await => { pause().await; x.touch() }
            Shape::B { x, .. } if x.touch() == 7 => x.touch(),
            Shape::B { y, .. } if check(&y, n).await => { pause().await; eat(y) }
            Shape::N(n) if give("never", 1, true).await => n,
            _ => { pause().await; 9 }
        };
        pause().await;
        m + q.touch()
    }
}

differential! {
    guards_over_variables => subject(Some(d("x")), 1);
    #[coroutine]
    async fn subject(x: Option<D>, n: u32) -> u32 {
        match x {
            Some(ref y) if check(y, 5).await => { pause().await; y.touch() }
            Some(y) if check(&y, n).await && y.touch() == 2 => { pause().await; y.touch() }
            Some(y) => { pause().await; eat(y) + 100 }
            None => 3,
        }
    }
}

differential! {
    guards_over_references => subject(&Some((d("x"), 3u128)), &mut Some(d("z")));
    #[coroutine]
    async fn subject(x: &Option<(D, u128)>, z: &mut Option<D>) -> u32 {
        let a = match x {
            Some((y, n)) if check(y, 5).await => 1,
            Some((y, n)) if give("n", 1, *n == 3).await && two(y, &y).await => 1,
            &Some((ref y, n)) if give("m", 1, n == 3).await => { pause().await; y.touch() + n as u32 }
            _ => 0,
        };
        let b = match z {
            Some(y) if give("u", 1, y.touch() == 0).await => { y.poke(); pause().await; y.touch() }
            _ => 0,
        };
        match *x {
            Some((ref y, n)) if two(&y, &y).await => 4,
            Some((ref y, 3)) if check(&y, 8).await => 5,
            _ => a + b,
        }
    }
}

differential! {
    guards_of_or_patterns => subject(1, 2);
    #[coroutine]
    async fn subject(a: u32, b: u32) -> u32 {
        let x = d("x");
        let first = match (a, b) {
            (n, _) | (_, n) if give("n", 1, n == 2).await => { pause().await; n + x.touch() }
            _ => 7,
        };
        let second = match give("s", 1, (d("a"), d("b"), d("c"))).await {
            (y, ..) | (_, y, _) | (.., y) if check(&y, y.name().len() as u32).await || y.name() == "b" => { pause().await; eat(y) }
            _ => 7,
        };
        let third = match (Some(a), Some(b)) {
            (None | Some(1), Some(m @ 3) | Some(m)) if give("m", 1, m == b).await => m,
            _ => 4,
        };
        first + second + third
    }
}

differential! {
    guards_in_loops => subject(4);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let mut sum = 0;
        for i in 0..n {
            let s = if i % 2 == 0 { Shape::A(d("a")) } else { Shape::N(i) };
            sum += match s {
                Shape::A(_) if give("skip", 1, i == 2).await => continue,
                Shape::A(x) if check(&x, 0).await => { let y = x; pause().await; y.touch() + 1 }
                Shape::N(k) if { let z = d("z"); pause().await; z.touch() + k == 3 } => break,
                Shape::N(k) => k,
                _ => 50,
            };
        }
        sum
    }
}

differential! {
    guards_with_jumps => subject(Ok(3));
    #[coroutine]
    async fn subject(r: Result<u32, u32>) -> Result<u32, u32> {
        let x = d("x");
        match (r, d("y")) {
            (Ok(n), y) if give("n", 1, if n == 4 { Ok(true) } else { Err(y.touch()) }).await? => Ok(n),
            (_, y) => Ok(y.touch()),
        }
    }
}

differential! {
    guards_in_matches => subject();
    #[coroutine]
    async fn subject() -> bool {
        let x = Some(d("x"));
        let a = matches!(&x, Some(y) if check(y, 0).await);
        let b = matches!(give("y", 1, Some(d("y"))).await, Some(y) if check(&y, 3).await || format!("{y:?}").len() == give("l", 1, 3).await);
        pause().await;
        a && b
    }
}

differential! {
    guards_with_temporaries => subject(&Lock::new("x"));
    #[coroutine]
    async fn subject(lock: &Lock) -> u32 {
        match lock.lock().touch() {
            0 if give("n", 1, 3).await == 4 => 1,
            n if check(&d("temp"), n).await => { pause().await; n + 3 }
            _ => 2,
        }
    }
}

differential! {
    chains_with_suspensions => subject(Some(d("x")), 2);
    #[coroutine]
    async fn subject(x: Option<D>, n: u32) -> u32 {
        let mut list = vec![d("a"), d("b"), d("c")];
        let mut sum = 0;
        if let Some(a) = &x && check(a, 0).await && let Some(b) = list.pop() && check(&b, 0).await {
            pause().await;
            sum += a.touch() + b.touch();
        }
        while let Some(a) = list.pop() && check(&a, 0).await && let (Some(y), ..) = give("y", 1, (Some(d("y")), d("rest"), sum)).await && sum < n {
            pause().await;
            sum += y.touch() + a.touch() + 1;
        }
        if let Some(a) = x && give("no", 1, false).await {
            eat(a)
        } else if n > 1 && let Some(z) = give("z", 1, Some(d("z"))).await && let 0 = z.touch() {
            pause().await;
            sum + z.touch()
        } else {
            pause().await;
            sum
        }
    }
}

differential! {
    methods_with_guards => async { let mut m = Machine { kind: Kind::On(d("on")), sum: vec![1, 2] }; m.step(1).await + m.step(0).await + m.take().await };
    enum Kind {
        On(D),
        Off(u32, D),
    }
    struct Machine { kind: Kind, sum: Vec<u32> }
    impl Machine {
        #[coroutine]
        async fn step(&mut self, n: u32) -> u32 {
            self.sum[give("i", 1, n as usize).await] += give("v", 1, 5).await;
            match self.kind {
                Kind::On(ref mut x) if give("on", 1, x.touch() == n).await => { x.poke(); pause().await; x.touch() }
                Kind::Off(m, ref x) if give("off", 1, m == n && x.touch() == 0).await => m,
                Kind::On(_) => { self.kind = Kind::Off(3, d("off")); pause().await; 7 }
                _ => 1,
            }
        }
        #[coroutine]
        async fn take(self) -> u32 {
            let Machine { kind, sum } = self;
            match kind {
                Kind::On(x) if give("t", 1, x.touch() == 9).await => eat(x),
                Kind::Off(n, x) => { pause().await; eat(x) + n }
                Kind::On(_) => { pause().await; sum[0] }
            }
        }
    }
}

#[test]
fn by_hand_guards() {
    #[coframe::coroutine(yield = u32, resume = bool)]
    fn ask(n: Option<D>) -> u32 {
        match n {
            Some(x) if suspend!(x.touch()) => x.touch(),
            Some(x) if !suspend!(x.touch()) => eat(x) + 10,
            _ => 3,
        }
    }
    let resumed = resume_to_end(ask(Some(d("x"))), [true, false, false, true]);
    assert_eq!((resumed.yielded, resumed.returned), (vec![0, 1], Some(12)));
}

differential! {
    a_guard_that_panics_over_a_variable => subject(Some(d("a")));
    #[coroutine]
    async fn subject(a: Option<D>) -> D {
        let b = Some(d("b"));
        pause().await;
        let x = match a {
            Some(x) if val("first", false) => x,
            Some(x) if d("second").touch() > 100 => x,
            None => d("none"),
            Some(x) => x,
        };
        match b {
            Some(_) if val("leaves", true) => {}
            Some(x) if val("never", false) => return x,
            _ => return d("other"),
        }
        pause().await;
        x
    }
}

differential! {
    a_guard_that_leaves_over_a_variable => subject(Some(d("a")), true);
    #[coroutine]
    #[allow(clippy::collapsible_match, reason = "the guard leaves")]
    async fn subject(a: Option<D>, is_leaving: bool) -> D {
        pause().await;
        match a {
            Some(x)
                if {
                    if is_leaving {
                        return d("left");
                    }
                    false
                } =>
            {
                x
            }
            None => d("none"),
            Some(x) => x,
        }
    }
}

differential! {
    a_guard_that_leaves_the_loop => subject(vec![1, 2]);
    #[coroutine]
    async fn subject(list: Vec<u32>) -> u32 {
        let mut sum = 0;
        for n in list {
            let one = if give(
                "is",
                1,
                match n {
                    2 if {
                        if val("leave", true) {
                            break;
                        }
                        true
                    } =>
                    {
                        true
                    }
                    _ => val("stay", true),
                },
            )
            .await
            {
                d("one")
            } else {
                d("other")
            };
            sum += one.touch();
        }
        sum
    }
}

differential! {
    a_guard_that_suspends_over_a_field_of_a_value => subject(true);
    #[coroutine]
    async fn subject(holds: bool) -> u32 {
        let list = [
            match ((d("beside"), 1), (d("left"), d("right"))).1 {
                (left, _) if give("guard", 1, holds).await => left.touch(),
                (left, right) => left.touch() + right.touch(),
            },
            2,
        ];
        pause().await;
        list[0] + list[1]
    }
}

differential! {
    a_guard_that_suspends_and_does_not_hold_over_a_field_of_a_value => subject(false);
    #[coroutine]
    async fn subject(holds: bool) -> u32 {
        let number = match ((d("beside"), 1), (d("left"), Some(d("right")))).1 {
            (left, _) if give("guard", 1, holds).await => left.touch(),
            (_, Some(right)) if give("other", 1, !holds).await => {
                pause().await;
                right.touch()
            }
            _ => 3,
        };
        pause().await;
        number
    }
}
