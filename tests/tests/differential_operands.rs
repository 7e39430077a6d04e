//! `.await` in the middle of expressions: what is evaluated before it and after it.

#![allow(clippy::too_many_arguments, reason = "one argument of each kind")]
#![allow(clippy::needless_borrow, clippy::explicit_auto_deref, reason = "receivers of all forms")]

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    in_a_let_and_a_statement => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let y = give("y", 2, 7).await;
        leaf("z", 1).await;
        give("unused", 1, d("unused")).await;
        let _ = give("ignored", 1, d("ignored")).await;
        let _kept = give("kept", 1, d("kept")).await;
        pause().await;
        x.touch() + y
    }
}

differential! {
    in_an_argument => subject();
    #[coroutine]
    async fn subject() -> u32 {
        fn sum(a: D, b: u32, c: D) -> u32 {
            a.touch() + b + c.touch()
        }
        sum(d("a"), give("b", 1, 3).await, d("c"))
    }
}

differential! {
    in_all_arguments => subject();
    #[coroutine]
    async fn subject() -> u32 {
        fn sum(a: D, b: D, c: &D) -> u32 {
            a.touch() + b.touch() + c.touch()
        }
        let c = d("c");
        sum(give("a", 1, d("a")).await, give("b", 1, d("b")).await, give("c", 1, &c).await)
    }
}

differential! {
    in_a_method_receiver => subject();
    #[coroutine]
    async fn subject() -> u32 {
        give("x", 1, d("x")).await.touch() + give("y", 1, d("y")).await.eat()
    }
}

differential! {
    in_a_method_argument => subject();
    #[coroutine]
    async fn subject() -> Vec<D> {
        let mut list = vec![d("a")];
        list.push(give("b", 1, d("b")).await);
        list.insert(0, give("c", 1, d("c")).await);
        pause().await;
        list
    }
}

differential! {
    chained_methods_on_awaits => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = give("x", 1, d("x")).await.pass();
        let n = give("y", 1, Some(d("y"))).await.as_ref().map_or(0, D::touch);
        x.pass().pass().touch() + n
    }
}

differential! {
    in_a_condition => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        if give("test", 1, true).await && x.touch() == 0 {
            1
        } else {
            2
        }
    }
}

differential! {
    in_a_struct_literal => subject();
    #[coroutine]
    async fn subject() -> u32 {
        struct Three {
            a: D,
            b: u32,
            c: D,
        }
        let three = Three { c: d("c"), b: give("b", 1, 1).await, a: d("a") };
        pause().await;
        three.a.touch() + three.b + three.c.touch()
    }
}

// Parked: failure 6.
#[cfg(any())]
differential! {
    in_a_struct_literal_with_a_base => subject();
    #[coroutine]
    async fn subject() -> u32 {
        struct Three {
            a: D,
            b: u32,
            c: D,
        }
        let base = Three { a: d("base a"), b: 4, c: d("base c") };
        let three = Three { a: give("a", 1, d("a")).await, ..base };
        pause().await;
        base.a.touch() + three.a.touch() + three.b + three.c.touch()
    }
}

differential! {
    in_a_tuple_and_an_array => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let pair = (d("a"), give("b", 1, d("b")).await, d("c"));
        let array = [d("x"), give("y", 1, d("y")).await, d("z")];
        pause().await;
        pair.1.touch() + array[1].touch()
    }
}

differential! {
    both_sides_of_an_operator => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let a = 2;
        let b = a * give("x", 1, 3).await + give("y", 1, 4).await * a;
        let c = give("left", 1, 5).await < b;
        b + u32::from(c)
    }
}

differential! {
    a_changed_operand => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut a = 1;
        let b = a + {
            a = 10;
            give("x", 1, 100).await
        };
        a + b * 1000
    }
}

differential! {
    short_circuit => subject();
    #[coroutine]
    async fn subject() -> (bool, bool, bool) {
        let x = d("x");
        let a = give("a", 1, false).await && give("b", 1, true).await;
        let b = give("c", 1, true).await || give("d", 1, true).await;
        let c = x.touch() == 0 && give("e", 1, true).await || give("f", 1, true).await;
        (a, b, c)
    }
}

differential! {
    compound_assignment => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut x = 1;
        x += give("a", 1, 2).await;
        x *= 3;
        x -= give("b", 1, x).await - 1;
        x <<= give("c", 1, 2).await;
        x
    }
}

differential! {
    compound_assignment_to_a_field => subject();
    #[coroutine]
    async fn subject() -> u32 {
        struct Counter {
            n: u32,
            name: D,
        }
        let mut counter = Counter { n: 1, name: d("name") };
        counter.n += give("a", 1, 2).await;
        counter.n += counter.name.touch();
        pause().await;
        counter.n
    }
}

differential! {
    assignment_of_an_await => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut pair = (d("a"), d("b"));
        pair.0 = give("c", 1, d("c")).await;
        pause().await;
        pair.1 = d("d");
        pause().await;
        pair.0.touch() + pair.1.touch()
    }
}

differential! {
    assignment_to_an_element => subject();
    #[coroutine]
    async fn subject() -> Vec<u32> {
        let mut list = vec![0; 3];
        let mut array = [0; 3];
        let i = 1;
        list[i] = give("a", 1, 5).await;
        array[i + 1] = give("b", 1, 6).await;
        list[0] = array[2];
        pause().await;
        list
    }
}

differential! {
    index_of_an_await => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let list = vec![d("a"), d("b")];
        let n = list[give("i", 1, 1).await].touch();
        let array = [3, 4];
        n + array[give("j", 1, 1).await]
    }
}

differential! {
    field_of_an_await => subject();
    #[coroutine]
    async fn subject() -> D {
        let x = give("pair", 1, (d("a"), d("b"))).await.0;
        pause().await;
        x
    }
}

differential! {
    reference_to_an_await => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = &give("x", 1, d("x")).await;
        pause().await;
        x.touch()
    }
}

differential! {
    unary_and_cast => subject();
    #[coroutine]
    async fn subject() -> i64 {
        let a = -give("a", 1, 3).await;
        let b = !give("b", 1, false).await;
        let c = give("c", 1, 300_u32).await as u8;
        i64::from(a) + i64::from(b) + i64::from(c) + i64::from(*give("d", 1, &4).await)
    }
}

differential! {
    in_a_match_scrutinee => subject();
    #[coroutine]
    async fn subject() -> u32 {
        match give("x", 1, Some(d("x"))).await {
            Some(x) if x.touch() == 1 => 1,
            Some(x) => {
                pause().await;
                eat(x)
            }
            None => 3,
        }
    }
}

differential! {
    a_block_tail => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = {
            let x = d("x");
            give("y", 1, x.touch()).await
        };
        {
            let z = d("z");
            give("w", 1, n + z.touch()).await
        }
    }
}

differential! {
    await_of_await => subject();
    #[coroutine]
    async fn subject() -> D {
        give("outer", 1, give("inner", 1, d("x"))).await.await
    }
}

differential! {
    awaits_in_awaited_arguments => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        give("sum", 1, give("a", 1, 1).await + x.touch() + give("b", 1, 2).await).await
    }
}

differential! {
    into_future => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = Later("x", d("x")).await;
        pause().await;
        x.touch() + Later("y", 3).await
    }
}

differential! {
    a_future_in_a_variable => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let first = give("first", 1, 1);
        let second = give("second", 1, d("x"));
        pause().await;
        let x = second.await;
        x.touch() + first.await
    }
}

differential! {
    a_pinned_future => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut future = std::pin::pin!(give("x", 2, 4));
        let n = future.as_mut().await;
        let boxed = Box::pin(give("y", 1, 5));
        pause().await;
        n + boxed.await
    }
}

differential! {
    range_of_awaits => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let range = give("a", 1, 1).await..give("b", 1, 4).await;
        pause().await;
        range.sum()
    }
}

differential! {
    callee_in_a_variable => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let call = D::touch;
        let x = d("x");
        let n = call(give("x", 1, &x).await);
        let call: fn(D) -> u32 = D::eat;
        n + call(give("y", 1, d("y")).await)
    }
}

differential! {
    return_of_an_operand => subject();
    #[coroutine]
    async fn subject() -> (D, D) {
        let a = d("a");
        (a, give("b", 1, d("b")).await)
    }
}

differential! {
    temporary_before_the_suspension => subject();
    #[coroutine]
    async fn subject() -> u32 {
        d("x").touch() + give("y", 1, 2).await
    }
}

differential! {
    borrowed_temporary_before_the_suspension => subject();
    #[coroutine]
    async fn subject() -> u32 {
        fn sum(a: &D, b: u32) -> u32 {
            a.touch() + b
        }
        sum(&d("x"), give("y", 1, 2).await)
    }
}

differential! {
    assign_through_a_reference => subject(&mut 1, &mut d("old"));
    #[coroutine]
    async fn subject(n: &mut u32, x: &mut D) {
        *n += give("a", 1, 2).await;
        *x = give("new", 1, d("new")).await;
        pause().await;
        *n += x.touch();
        x.poke();
    }
}

differential! {
    overloaded_compound_assignment => subject();
    struct Sum(D, u32);
    impl std::ops::AddAssign<u32> for Sum {
        fn add_assign(&mut self, n: u32) {
            self.0.touch();
            self.1 += n;
        }
    }
    #[coroutine]
    async fn subject() -> u32 {
        let mut sum = Sum(d("sum"), 1);
        sum += give("n", 1, 2).await;
        sum += sum.1;
        pause().await;
        sum.1
    }
}

differential! {
    compound_assignment_to_an_element => subject();
    #[coroutine]
    async fn subject() -> Vec<u32> {
        let mut list = vec![1, 2, 3];
        let mut array = [1, 2, 3];
        array[val("index", 1)] += give("a", 1, 10).await;
        pause().await;
        list[val("index", 2)] += array[1];
        list
    }
}

differential! {
    assignment_through_a_call => subject();
    #[coroutine]
    async fn subject() -> u32 {
        fn place(pair: &mut (D, u32)) -> &mut u32 {
            pair.0.touch();
            &mut pair.1
        }
        let mut pair = (d("x"), 1);
        *place(&mut pair) = give("n", 1, 5).await;
        pause().await;
        pair.1
    }
}

differential! {
    destructuring_an_await => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut a = d("old a");
        let mut pair = (d("old b"), a.touch());
        (a, pair.1) = give("new", 1, (d("a"), 2)).await;
        [pair.0, _] = give("more", 1, [d("b"), d("c")]).await;
        pause().await;
        a.touch() + pair.0.touch() + pair.1
    }
}

differential! {
    a_base_that_is_made => subject();
    #[coroutine]
    async fn subject() -> u32 {
        struct Two {
            a: D,
            b: D,
        }
        fn make() -> Two {
            Two { a: d("made a"), b: d("made b") }
        }
        let two = Two { a: give("a", 1, d("a")).await, ..make() };
        pause().await;
        two.a.touch() + two.b.touch()
    }
}

differential! {
    leaving_in_an_argument => subject();
    #[coroutine]
    async fn subject() -> u32 {
        fn sum(a: D, b: u32, c: D) -> u32 {
            a.touch() + b + c.touch()
        }
        let mut n = 0;
        loop {
            n += 1;
            let m = if n == 1 { Some(1) } else { None };
            let m = sum(
                d("a"),
                match give("m", 1, m).await {
                    Some(m) => m,
                    None => break,
                },
                d("c"),
            );
            n += m;
        }
        n
    }
}

differential! {
    temporaries_of_lazy_operands => subject(&Lock::new("x"));
    #[coroutine]
    async fn subject(lock: &Lock) -> bool {
        let a = lock.lock().touch() == 0 && give("a", 1, lock.lock().touch() == 1).await;
        if lock.lock().touch() == 2 || give("b", 1, true).await {
            pause().await;
            lock.lock().touch();
        }
        a
    }
}

differential! {
    guards_as_operands => subject(&Lock::new("x"));
    #[coroutine]
    async fn subject(lock: &Lock) -> u32 {
        let n = lock.lock().touch() + give("n", 1, 2).await;
        lock.lock().poke();
        let mut guard = lock.lock();
        guard.poke();
        pause().await;
        guard.touch() + n
    }
}

differential! {
    arguments_of_all_passing_kinds => subject();
    #[coroutine]
    async fn subject() -> u32 {
        fn all(a: &D, b: &mut D, c: D, n: u32, e: &[D], f: (D, u32)) -> u32 {
            a.touch() + b.poke().touch() + c.touch() + n + e.len() as u32 + f.0.touch() + f.1
        }
        let a = d("a");
        let mut b = d("b");
        let c = d("c");
        let n = 1;
        let e = vec![d("e")];
        let f = d("f");
        let first = all(&a, &mut b, c, n, &e, (f, give("x", 1, 3).await));
        pause().await;
        first + all(&a, &mut b, d("c2"), n + 1, &e[..], (a.clone(), give("y", 1, n).await))
    }
}

differential! {
    a_chain_of_awaits => subject();
    struct Step(D);
    impl Step {
        fn next(self, name: &'static str) -> Leaf<Step> {
            self.0.touch();
            give(name, 1, Step(d(name)))
        }
    }
    #[coroutine]
    async fn subject() -> D {
        Step(d("start")).next("a").await.next("b").await.next("c").await.0
    }
}

differential! {
    deep_expressions => subject(2);
    #[coroutine]
    async fn subject(n: u32) -> (u32, [Option<u32>; 2], String) {
        let x = d("x");
        (
            n + (x.touch() + give("a", 1, 1).await) * (give("b", 1, 2).await - (n - x.touch())),
            [Some(give("c", 1, n).await), give("d", 1, None).await],
            format!("{}{:?}", if give("e", 1, true).await { "yes" } else { "no" }, x),
        )
    }
}

differential! {
    temporaries_of_an_awaited_operand_live_on => subject(&Lock::new("x"));
    #[coroutine]
    async fn subject(lock: &Lock) -> u32 {
        let n = give("v", 1, lock.lock().touch()).await + val("x", 1);
        let m = val("a", 2) + match lock.lock().touch() { 1 => give("b", 1, 5).await, _ => 4 } + val("b", 3);
        let k = (give("v", 1, lock.lock().touch()).await, give("v", 1, d("z").touch()).await, val("x", 1));
        pause().await;
        n + m + k.0
    }
}

differential! {
    literals_with_a_base => subject();
    #[coroutine]
    async fn subject() -> u32 {
        struct Three { a: D, b: u32, c: D }
        fn base() -> Three { Three { a: d("base a"), b: 4, c: d("base c") } }
        let one = Three { a: give("a", 1, d("a")).await, ..base() };
        let two = Three { a: d("x"), ..give("base", 1, base()).await };
        let three = Three { c: give("c", 1, d("c")).await, b: give("b", 1, 7).await, ..give("base", 1, base()).await };
        pause().await;
        one.a.touch() + two.c.touch() + three.b
    }
}

differential! {
    fields_of_values_before_suspensions => subject();
    #[coroutine]
    async fn subject() -> u32 {
        struct Pair {
            a: D,
            list: Vec<u32>,
            #[expect(dead_code, reason = "only dropped")]
            b: D,
        }
        fn pair() -> Pair { Pair { a: d("a"), list: vec![1], b: d("b") } }
        impl Pair { fn with(&self, n: u32) -> u32 { self.a.touch() + n } fn get(&mut self) -> &mut Pair { self } }
        let mut own = pair();
        pair().list.push(give("v", 1, 3).await);
        let n = pair().a.touch() + pair().with(give("w", 1, 2).await);
        (&mut own).list.push(give("v", 1, 3).await);
        own.get().list.push(give("v", 1, 3).await);
        (*own.get()).list.push(give("v", 1, 3).await);
        pause().await;
        n + own.list.len() as u32
    }
}
