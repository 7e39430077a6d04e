//! Items, labelled blocks, `async` blocks and closures, `unsafe` and `const` blocks in bodies, and
//! attributes on statements.

#![allow(
    dead_code,
    unused_variables,
    unused_macros,
    clippy::all,
    clippy::undocumented_unsafe_blocks,
    clippy::multiple_unsafe_ops_per_block,
    reason = "all forms"
)]

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    items_of_all_kinds => subject(3);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        use std::collections::BTreeMap as Map;
        type Number = u32;
        enum Kind { One(D), Two { d: D } }
        trait Speak { fn speak(&self) -> Number; async fn later(&self) -> Number; }
        impl Speak for Kind {
            fn speak(&self) -> Number { match self { Kind::One(d) | Kind::Two { d } => d.touch() } }
            async fn later(&self) -> Number { pause().await; self.speak() }
        }
        macro_rules! twice { ($e:expr) => { $e + $e } }
        const LIMIT: Number = { const fn f() -> u32 { 4 } f() };
        static TEXT: &str = "text";
        mod inner { pub(super) fn f() -> u32 { 5 } }
        let kind = if n > 2 { Kind::One(d("one")) } else { Kind::Two { d: d("two") } };
        let a = twice!(kind.speak());
        let b = kind.later().await;
        let mut map = Map::new();
        map.insert(1, kind);
        pause().await;
        for i in 0..2 {
            fn helper(n: u32) -> u32 { n * 2 }
            struct Local(D);
            macro_rules! half { ($e:expr) => { $e / 2 } }
            let local = Local(d("local"));
            pause().await;
            map.insert(i + helper(half!(4)), { let Local(d) = local; Kind::Two { d } });
        }
        a + b + LIMIT + inner::f() + TEXT.len() as u32 + map.len() as u32
    }
}

differential! {
    same_items_in_two_blocks => subject(3);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let a = { fn helper() -> u32 { 1 } struct S(D); let s = S(d("s")); pause().await; helper() + s.0.touch() };
        let b = { fn other() -> u32 { 2 } struct T(u32); let s = T(3); pause().await; other() + s.0 };
        let c = { fn third() -> u32 { 2 } struct U(u32); let s = U(3); third() + s.0 };
        let e = { fn third() -> u32 { 3 } struct U(D); let s = U(d("u")); third() + s.0.touch() };
        let a = a + c + e;
        a + b + n
    }
}

differential! {
    labelled_blocks_with_values => subject(3);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let x = d("x");
        let a = 'a: {
            let y = d("y");
            if give("t", 1, n == 3).await { break 'a y.touch() + 1; }
            let b = 'b: { if n > 1 { break 'a 7 } pause().await; break 'b d("b") };
            eat(b)
        };
        let c = 'c: loop { 'd: { if n > 2 { pause().await; break 'd; } break 'c 5; } let z = d("z"); pause().await; break 'c z.touch() + x.touch(); };
        a + c
    }
}

differential! {
    async_blocks_and_closures => subject(d("x"));
    #[coroutine]
    async fn subject(x: D) -> u32 {
        let y = d("y");
        let a = async { pause().await; y.touch() }.await;
        let later = async move { pause().await; let n = x.touch(); pause().await; n + eat(x) };
        pause().await;
        let b = later.await;
        let add = async |n: u32| { pause().await; n + y.touch() };
        let c = add(1).await + add(2).await;
        let take = async move |n: u32| { pause().await; n + y.touch() };
        let e = take(3).await;
        pause().await;
        let f: std::pin::Pin<Box<dyn Future<Output = u32>>> = Box::pin(async move { take(4).await });
        a + b + c + e + f.await
    }
}

differential! {
    unsafe_and_const_blocks_with_suspensions => subject(3);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        unsafe fn raw(n: *const u32) -> u32 { unsafe { *n } }
        let x = d("x");
        let a = unsafe { let y = d("y"); pause().await; raw(&n) + y.touch() };
        let b = const { 3 + 4 };
        let c = unsafe { give("c", 1, raw(&raw const n)).await };
        let e = { 1 + unsafe { raw(&n) } + give("e", 1, const { 5 }).await };
        a + b + c + e + x.touch()
    }
}

differential! {
    attributes_on_statements => subject(3);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        #[allow(unused_variables, reason = "test")]
        let (a, b) = (give("a", 1, d("a")).await, 2);
        #[allow(unused_must_use, reason = "test")]
        give("u", 1, Some(d("must"))).await;
        #[allow(clippy::match_single_binding, reason = "test")]
        match n { #[allow(unused_variables, reason = "test")] m => { pause().await; } }
        #[rustfmt::skip]
        let c = { let z = 3; pause().await; n };
        #[allow(unused_assignments, reason = "test")]
        { pause().await; }
        #[expect(unused_variables, reason = "test")]
        let e = 3;
        c + a.touch()
    }
}
