//! Constructs of the language that no other test has, for `docs/language.md`.
#![allow(
    clippy::useless_vec,
    clippy::let_unit_value,
    clippy::multiple_unsafe_ops_per_block,
    clippy::never_loop,
    clippy::needless_borrowed_reference,
    clippy::manual_range_patterns,
    clippy::needless_range_loop,
    clippy::unnecessary_safety_comment,
    clippy::redundant_pattern_matching,
    reason = "the form of a body matters"
)]

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    literals_of_all_kinds => subject();
    #[coroutine]
    async fn subject() -> String {
        let (byte, bytes, c_text, raw) = (b'x', b"bytes", c"text", r#"a "raw" text"#);
        let (sign, float, hex, wide) = ('c', 1.5e1_f64, 0xff_u8, 1_u128 << 70);
        pause().await;
        format!("{byte}{bytes:?}{c_text:?}{raw}{sign}{float}{hex}{wide}")
    }
}

differential! {
    repeated_elements => subject();
    #[coroutine]
    async fn subject() -> ([u32; 3], [u8; 2]) {
        let x = d("x");
        let list = [give("element", 1, x.touch() + 2).await; 3];
        pause().await;
        (list, [7; 2])
    }
}

differential! {
    underscore_expressions => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        _ = give("dropped", 1, d("dropped")).await;
        let _ = give("at once", 1, d("at once")).await;
        let _kept = give("kept", 1, d("kept")).await;
        (_, _) = (x.touch(), give("second", 1, 2).await);
        x.touch()
    }
}

differential! {
    ranges_of_all_kinds => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let list = vec![1, 2, 3, 4];
        let mut sum = 0;
        for n in give("low", 1, 1).await..give("high", 1, 3).await {
            sum += list[n];
        }
        let end = ..=give("end", 1, 1).await;
        sum += list[end].len() as u32 + list[give("from", 1, 3).await..].len() as u32;
        sum + list[..].len() as u32 + u32::from((1..).contains(&sum))
    }
}

differential! {
    raw_borrows => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 1_u32;
        let x = d("x");
        let pointer = &raw mut n;
        // SAFETY: the variable is there, and no reference to it is.
        unsafe { *pointer += 1 };
        pause().await;
        let pointer = &raw const n;
        // SAFETY: as above.
        x.touch() + unsafe { *pointer }
    }
}

differential! {
    patterns_of_literals => subject(-3, "two", 'q');
    #[coroutine]
    async fn subject(n: i32, text: &str, sign: char) -> u32 {
        const TWO: &str = "two";
        let a = match n {
            i32::MIN..=-5 => 0,
            -4..0 => give("negative", 1, 1).await,
            0 => 2,
            1.. => 3,
        };
        let b = match text {
            "one" => 1,
            TWO => give("two", 1, 2).await,
            _ => 3,
        };
        let c = match sign {
            'a'..='p' => 1,
            'q' | 'r' => give("q", 1, 2).await,
            _ => 3,
        };
        100 * a + 10 * b + c
    }
}

differential! {
    patterns_of_references_and_boxes => subject(&Some(d("x")), &mut (1, d("y")));
    #[coroutine]
    async fn subject(x: &Option<D>, pair: &mut (u32, D)) -> u32 {
        let &mut (ref mut n, ref y) = pair;
        *n += 1;
        pause().await;
        let &Some(ref x) = x else { return 0 };
        pause().await;
        x.touch() + y.touch() + *n
    }
}

differential! {
    patterns_of_slices => subject(vec![d("a"), d("b"), d("c"), d("d")]);
    #[coroutine]
    async fn subject(list: Vec<D>) -> u32 {
        let n = match &list[..] {
            [] => 0,
            [one] => one.touch(),
            [first, middle @ .., last] => {
                pause().await;
                first.touch() + last.touch() + middle.len() as u32
            }
        };
        let [a, .., e] = [d("e1"), d("e2"), d("e3")];
        pause().await;
        n + a.touch() + e.touch()
    }
}

differential! {
    patterns_of_macros => subject(2);
    macro_rules! small {
        () => { 1 | 2 | 3 };
    }
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let x = d("x");
        match n {
            small!() => give("small", 1, 1).await + x.touch(),
            _ => 0,
        }
    }
}

differential! {
    or_patterns_in_let => subject(Ok(d("x")));
    #[coroutine]
    async fn subject(value: Result<D, D>) -> u32 {
        let (Ok(x) | Err(x)) = value;
        pause().await;
        if let Some(1 | 2) = Some(x.touch() + 1) { pause().await }
        x.touch()
    }
}

differential! {
    an_explicit_unit => subject(true);
    #[coroutine]
    async fn subject(flag: bool) -> () {
        let x = d("x");
        pause().await;
        if flag {
            return;
        }
        x.touch();
    }
}

differential! {
    higher_ranked_bounds => subject(|x: &D| x.touch() + 1, &|text: &str| text.len() as u32);
    #[coroutine]
    async fn subject<F>(each: F, length: &dyn for<'a> Fn(&'a str) -> u32) -> u32
    where
        F: for<'a> Fn(&'a D) -> u32,
    {
        let x = d("x");
        pause().await;
        let n = each(&x);
        pause().await;
        n + each(&x) + length("text")
    }
}

differential! {
    const_generic_arguments => subject::<3, true>([d("a"), d("b"), d("c")]);
    #[coroutine]
    async fn subject<const N: usize, const DEEP: bool>(list: [D; N]) -> u32 {
        let mut sum = N as u32;
        for x in list {
            if DEEP {
                pause().await;
            }
            sum += x.touch();
        }
        sum
    }
}

differential! {
    fields_of_unions_and_tuples => subject();
    union Bits {
        whole: u32,
        parts: (u16, u16),
    }
    #[coroutine]
    async fn subject() -> u32 {
        let bits = Bits { whole: give("bits", 1, 0x0001_0001).await };
        pause().await;
        // SAFETY: every field is good for all bits.
        let parts = unsafe { bits.parts };
        // SAFETY: as above.
        u32::from(parts.0) + u32::from(parts.1) + unsafe { bits.whole }
    }
}

differential! {
    functions_and_pointers_to_them => subject(u32::saturating_sub);
    #[coroutine]
    async fn subject(operation: fn(u32, u32) -> u32) -> u32 {
        extern "C" fn double(n: u32) -> u32 {
            2 * n
        }
        let chosen: extern "C" fn(u32) -> u32 = double;
        let make: fn(D) -> Option<D> = Some;
        pause().await;
        let x = make(d("x"));
        pause().await;
        operation(chosen(4), give("one", 1, 1).await) + x.map_or(0, eat)
    }
}

differential! {
    labels_of_all_loops => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 0;
        'a: while n < 20 {
            let x = d("x");
            'b: for i in 0..4 {
                n += 1;
                'c: loop {
                    pause().await;
                    match i {
                        0 => continue 'b,
                        1 => break 'c,
                        2 if n < 6 => continue 'a,
                        _ => break 'a,
                    }
                }
                x.touch();
            }
        }
        n
    }
}

differential! {
    async_functions_in_a_body => subject();
    #[coroutine]
    async fn subject() -> u32 {
        async fn inner(x: &D) -> u32 {
            pause().await;
            x.touch()
        }
        trait Twice {
            fn twice(&self) -> u32;
        }
        impl Twice for D {
            fn twice(&self) -> u32 {
                self.touch() + self.touch()
            }
        }
        type Text = String;
        let x = d("x");
        let n = inner(&x).await + Text::from("text").len() as u32;
        pause().await;
        n + x.twice()
    }
}

differential! {
    a_default_method_of_a_trait => Named(d("x")).count();
    trait Count: Sized {
        fn name(&self) -> &D;
        fn count(self) -> impl Future<Output = u32> {
            coroutine_block!(async move {
                pause().await;
                self.name().touch() + 1
            })
        }
    }
    struct Named(D);
    impl Count for Named {
        fn name(&self) -> &D {
            &self.0
        }
    }
}

differential! {
    shared_self => async { std::rc::Rc::new(Named(d("x"))).count(2).await };
    struct Named(D);
    impl Named {
        #[coroutine]
        async fn count(self: std::rc::Rc<Self>, n: u32) -> u32 {
            pause().await;
            self.0.touch() + n
        }
    }
}

differential! {
    a_struct_with_defaults => subject();
    #[derive(Debug, Default)]
    #[allow(dead_code, reason = "the fields are shown")]
    struct Config {
        depth: u32,
        name: Option<D>,
        rest: Vec<u32>,
    }
    #[coroutine]
    async fn subject() -> Config {
        let depth = give("depth", 1, 1).await;
        Config { depth, name: Some(give("name", 1, d("name")).await), ..Config::default() }
    }
}

differential! {
    select_by_hand => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let (mut a, mut b) = (std::pin::pin!(give("a", 3, 1)), std::pin::pin!(give("b", 1, 2)));
        let first = std::future::poll_fn(|context| {
            if let std::task::Poll::Ready(n) = a.as_mut().poll(context) {
                return std::task::Poll::Ready(n);
            }
            b.as_mut().poll(context)
        })
        .await;
        first + a.await
    }
}
