//! Closures and `async` blocks that capture parts of variables.

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

differential! {
    closures_that_capture_parts => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let a = (d("a"), d("b"), 1);
        let b = pair("l", "r");
        let c = ((2_u32, d("c")), d("e"));
        pause().await;
        let f = move |n: u32| n + a.1.touch();
        let g = move |n: u32| b.left.eat() + n;
        let h = async move { c.0.1.touch() + c.0.0 };
        pause().await;
        let n = f(1);
        let n = n + g(2);
        pause().await;
        n + h.await
    }
}

differential! {
    a_closure_that_captures_a_part_of_an_argument => subject((d("a"), d("b")), d("c"));
    #[coroutine]
    async fn subject(x: (D, D), y: D) -> u32 {
        let late = d("late");
        let f = move |n: u32| x.0.eat() + n;
        f(1) + y.touch()
    }
}

differential! {
    closures_that_take_apart => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let a = (d("a"), d("b"));
        let b = (d("c"), d("e"));
        let c = d("f");
        pause().await;
        let f = move || {
            let (x, _) = a;
            x.touch()
        };
        let h = move || {
            let _ = c;
            1
        };
        let g = move || match b {
            (_, ref y) => y.touch(),
        };
        pause().await;
        f() + g() + h()
    }
}

differential! {
    closures_in_branches_that_capture_parts => subject(pair("l", "r"), (d("a"), d("b")));
    #[coroutine]
    async fn subject(mut x: Pair, y: (D, D)) -> u32 {
        if val("yes", true) {
            x = pair("m", "s");
            let f = move |n: u32| n + x.left.touch();
            f(1);
        }
        let z = give("g", 1, if val("no", false) { d("c") } else {
            let future = async move { pause().await; y.1.touch() };
            say("future");
            d("e")
        }).await;
        pause().await;
        z.touch()
    }
}

differential! {
    a_future_that_borrows_until_it_is_dropped => subject(pair("l", "r"));
    #[coroutine]
    async fn subject(x: Pair) -> u32 {
        let future = async { pause().await; x.right.touch() };
        if 10 >= x.left.touch() + both(&x) && let (Some(_), ..) = (None::<D>, 1) {}
        3
    }
}

fn both(pair: &Pair) -> u32 {
    pair.left.touch() + pair.right.touch()
}
