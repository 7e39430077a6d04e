//! Macros of std, and of the user, with saved variables and suspensions in their arguments.

use std::fmt::Write;

use std::future::Future;

use coframe_tests::differential;
use coframe_tests::differential::*;

/// Adds its arguments.
macro_rules! sum {
    ($($n:expr),*) => { 0 $(+ $n)* };
}

/// Binds a variable of its own.
macro_rules! with_a_local {
    ($n:expr) => {{
        let x = d("of the macro");
        x.touch() + $n
    }};
}

differential! {
    inline_captures => subject();
    #[coroutine]
    async fn subject() -> String {
        let x = d("x");
        let width = 6;
        let n = 1.5;
        pause().await;
        let a = format!("{x:?} {n:>width$.1} {n:0>0$} {{x}}", width);
        pause().await;
        a + &format!("{width:?}{0}{w}", x.touch(), w = width)
    }
}

differential! {
    awaits_in_format_arguments => subject();
    #[coroutine]
    async fn subject() -> String {
        let x = d("x");
        let text = format!("{} {:?} {}", give("a", 1, 1).await, x, give("b", 1, 2).await);
        pause().await;
        format!("{text} {n}", n = give("c", 1, x.touch()).await)
    }
}

differential! {
    vectors => subject();
    #[coroutine]
    async fn subject() -> Vec<D> {
        let x = d("x");
        let mut list = vec![x, give("y", 1, d("y")).await, d("z")];
        let zeros = vec![0; give("count", 1, 2).await];
        pause().await;
        list.truncate(zeros.len());
        list
    }
}

differential! {
    assertions => subject(2);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let x = d("x");
        assert!(give("true", 1, true).await, "{x:?} is wrong");
        assert_eq!(n, 2);
        pause().await;
        assert_eq!(give("n", 1, n).await, 2, "n is {}", n);
        assert_ne!(x.touch(), 4);
        debug_assert!(n < 5);
        assert_eq!(n, give("other", 1, 3).await, "these differ: {n}");
        n
    }
}

differential! {
    panics => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        pause().await;
        let n = x.touch();
        if n == 0 {
            panic!("n is {n}, x is {x:?}");
        }
        n
    }
}

differential! {
    writing_to_a_variable => subject();
    #[coroutine]
    async fn subject() -> String {
        let mut out = String::new();
        let x = d("x");
        write!(out, "{x:?}").unwrap();
        pause().await;
        writeln!(out, " {}", x.touch()).unwrap();
        write!(out, "{}", give("n", 1, 3).await).unwrap();
        out
    }
}

differential! {
    writing => subject();
    #[coroutine]
    async fn subject() -> String {
        let mut out = String::new();
        let x = d("x");
        write!(out, "{x:?}").unwrap();
        pause().await;
        writeln!(out, " {}", x.touch()).unwrap();
        write!(&mut out, "{}", give("n", 1, 3).await).unwrap();
        out
    }
}

differential! {
    macros_of_the_user => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let n = 3;
        pause().await;
        let a = sum!(n, x.touch(), n * 2);
        pause().await;
        a + with_a_local!(x.touch() + n) + sum!()
    }
}

differential! {
    macros_that_define_items => subject();
    #[coroutine]
    async fn subject() -> u32 {
        macro_rules! local {
            ($n:expr) => {
                $n + 1
            };
        }
        let n = 2;
        pause().await;
        local!(n)
    }
}

differential! {
    constants_of_macros => subject();
    #[coroutine]
    async fn subject() -> (u32, &'static str, bool) {
        let x = d("x");
        let text = concat!("a", 1);
        pause().await;
        (x.touch(), text, cfg!(any()))
    }
}

differential! {
    dbg_and_println => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        pause().await;
        println!("{x:?} {}", x.name());
        let n = x.touch();
        eprintln!("{n}");
        pause().await;
        n
    }
}

differential! {
    unreachable_arms => subject(1);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let x = d("x");
        pause().await;
        let m = match n {
            1 => x.touch(),
            n if n > 9 => unreachable!("n is {n}"),
            _ => unimplemented!(),
        };
        pause().await;
        m
    }
}

differential! {
    writing_with_suspensions => subject();
    #[coroutine]
    async fn subject() -> String {
        use std::fmt::Write;
        struct Out {
            text: String,
            #[expect(dead_code, reason = "only dropped")]
            x: D,
        }
        let mut out = Out { text: String::new(), x: d("x") };
        let mut plain = String::new();
        write!(&mut out.text, "{} {n}", give("a", 1, 1).await, n = give("b", 1, d("n")).await.touch()).unwrap();
        writeln!(out.text, "{:?} {:>w$}", give("d", 1, d("d")).await, 3, w = give("w", 1, 4).await).unwrap();
        let x = &mut plain;
        write!(x, "{}", give("y", 1, 2).await).unwrap();
        write!(*x, "{}", give("y", 1, 2).await).unwrap();
        assert_eq!(give("p", 1, 1).await, 1, "{}", val("unused", 2));
        assert!(give("q", 1, true).await, "{}", give("z", 1, 1).await);
        let v = vec![give("e", 1, d("e")).await, d("f")];
        let s = format!("{} {}", give("g", 1, 1).await, v[0].touch());
        pause().await;
        out.text.clone() + &plain + &s
    }
}

differential! {
    matches_in_conditions => subject(2);
    #[coroutine]
    async fn subject(n: u32) -> bool {
        let x = Some(d("x"));
        for i in 0..n {
            if matches!(&x, Some(x) if x.touch() == i) && matches!(give("y", 1, Some(d("y"))).await, Some(y) if y.touch() == i) || matches!(give("n", 1, n).await, 3..=5) {
                pause().await;
            }
        }
        matches!(give("z", 1, &x).await, Some(x) if x.touch() == 9) || n > 1 && !matches!(give("w", 1, d("w")).await.touch(), 1)
    }
}

differential! {
    assertions_that_fail => subject(2);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let x = d("x");
        debug_assert!(give("q", 1, n == 2).await, "{}", val("unused", 3));
        debug_assert_eq!(give("q", 1, n).await, 2);
        assert!(give("q", 1, n == 3).await, "{n} {} {}", give("z", 1, x.touch()).await, val("used", 3));
        0
    }
}

differential! {
    assertions_that_fail_plainly => subject(2);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let x = d("x");
        assert!(give("q", 1, n == 3).await);
        x.touch()
    }
}

differential! {
    format_ends_its_temporaries => subject();
    #[coroutine]
    async fn subject() -> u32 {
        say(format!("{:?}", give("g", 1, d("d")).await));
        pause().await;
        1
    }
}

differential! {
    format_between_awaits => subject();
    #[coroutine]
    async fn subject() -> usize {
        let n = format!("{} {:?}", give("g", 1, d("d")).await.touch(), d("e")).len()
            + format!("{}!", give("h", 1, d("f")).await.name()).len();
        n + give("i", 1, format!("{:?}", (d("t"), d("s").name()))).await.len()
    }
}

differential! {
    write_keeps_its_temporaries => subject();
    #[coroutine]
    async fn subject() -> usize {
        use std::fmt::Write;
        let mut s = String::new();
        let both = (
            write!(s, "{:?} {:?}", give("g", 1, d("d")).await, d("e")).is_ok(),
            give("h", 1, d("x")).await,
        );
        say("after");
        both.1.touch() as usize + s.len()
    }
}

differential! {
    assert_ne_keeps_its_temporaries => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let both = (
            assert_ne!(give("g", 1, d("d")).await.touch(), d("e").touch() + 4),
            give("h", 1, d("x")).await,
        );
        both.1.touch()
    }
}

differential! {
    vec_keeps_its_temporaries => subject();
    #[coroutine]
    async fn subject() -> usize {
        let n = vec![give("g", 1, d("x")).await.touch(), d("y").touch()].len()
            + vec![give("h", 1, d("z")).await].len();
        print!("{:?}", (d("q").touch(), give("i", 1, d("w")).await));
        say("end");
        n
    }
}

differential! {
    a_typed_branch_in_an_argument => subject();
    #[coroutine]
    async fn subject() -> String {
        format!("{}", {
            let x: D = if give("condition", 1, true).await { d("then") } else { d("else") };
            x.touch()
        })
    }
}

/// What tracing does with fields, in short: names are no code, a name alone is a field and a value.
macro_rules! info {
    (@ $out:ident;) => {};
    (@ $out:ident; $($name:ident).+ = ?$value:expr $(, $($rest:tt)*)?) => {
        $out.push(format!("{}={:?}", stringify!($($name).+), $value));
        info!(@ $out; $($($rest)*)?)
    };
    (@ $out:ident; $($name:ident).+ = $value:expr $(, $($rest:tt)*)?) => {
        $out.push(format!("{}={}", stringify!($($name).+), $value));
        info!(@ $out; $($($rest)*)?)
    };
    (@ $out:ident; ?$($name:ident).+ $(, $($rest:tt)*)?) => {
        info!(@ $out; $($name).+ = ?$($name).+ $(, $($rest)*)?)
    };
    (@ $out:ident; $name:ident $(. $part:ident)* $(, $($rest:tt)*)?) => {
        info!(@ $out; $name $(. $part)* = $name $(. $part)* $(, $($rest)*)?)
    };
    (@ $out:ident; $format:literal $($arguments:tt)*) => {
        $out.push(format!($format $($arguments)*));
    };
    ($($arguments:tt)*) => {{
        let mut out = Vec::<String>::new();
        info!(@ out; $($arguments)*);
        out.join(" ")
    }};
}

differential! {
    fields_of_macros_that_log => subject(d("x"), (1, "one"));
    #[coroutine]
    async fn subject(x: D, pair: (u32, &str)) -> String {
        struct User { id: u32 }
        let user = User { id: 7 };
        let count = pair.0;
        pause().await;
        let mut text = info!(x = ?x.name(), ?pair, count, user.id, other.id = user.id);
        pause().await;
        text += &info!(count, "{count} of {} by {0} {id}", user.id, id = count + 1);
        text += &info!("{text:?} {count}");
        x.touch();
        text
    }
}

/// A macro whose argument is an expression.
macro_rules! touched {
    ($x:expr) => {
        $x.touch()
    };
}

differential! {
    a_macro_in_a_branch_that_begins_a_closure => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = 2;
        pause().await;
        let other = d("other");
        pause().await;
        let sum = || if touched!(other) == 0 { 1 } else { 5 } + n;
        sum() + sum()
    }
}

differential! {
    moved_by_a_closure_with_a_macro => { async move { (subject().await)() } };
    #[coroutine]
    async fn subject() -> Box<dyn Fn() -> u32> {
        let x = d("x");
        let n = 2;
        pause().await;
        let other = d("other");
        pause().await;
        let plain = || touched!(other) + n;
        plain();
        Box::new(move || x.touch() + touched!(x) + n)
    }
}

differential! {
    moved_by_a_block_with_a_macro => { async move { subject(d("x")).await.await } };
    #[coroutine]
    async fn subject(x: D) -> std::pin::Pin<Box<dyn Future<Output = u32>>> {
        pause().await;
        Box::pin(async move {
            pause().await;
            touched!(x)
        })
    }
}

differential! {
    matches_begins_an_expression => subject(Some(d("x")));
    #[coroutine]
    async fn subject(x: Option<D>) -> bool {
        pause().await;
        let _ = matches!(x, Some(ref x) if x.touch() < 9) as u32 + 1;
        matches!(x, Some(ref x) if x.touch() < 8) && give("y", 1, true).await
    }
}

differential! {
    matches_begins_a_tail => subject(Some(d("x")));
    #[coroutine]
    async fn subject(x: Option<D>) -> bool {
        pause().await;
        matches!(x, Some(ref x) if x.touch() < 9) && val("n", 2) == 2
    }
}
