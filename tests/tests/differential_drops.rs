//! The order of drops: scopes, temporaries, unused results.

#![allow(clippy::unnecessary_operation, reason = "unused results are dropped")]

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    scopes_end_in_reverse => subject();
    #[coroutine]
    async fn subject() {
        let _a = d("a");
        let _b = d("b");
        {
            let _c = d("c");
            pause().await;
            let _d = d("d");
            pause().await;
        }
        let _e = d("e");
        pause().await;
    }
}

differential! {
    unused_results => subject();
    #[coroutine]
    async fn subject() {
        let _keep = d("keep");
        give("x", 1, d("x")).await;
        d("y");
        let _ = give("z", 1, d("z")).await;
        (d("a"), give("b", 1, d("b")).await);
        pause().await;
    }
}

differential! {
    temporaries_of_an_awaited_operand => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = touch_later(&d("x")).await;
        pause().await;
        n
    }
    fn touch_later(x: &D) -> Leaf<u32> {
        give("later", 1, x.touch())
    }
}

differential! {
    temporaries_of_an_awaited_statement => subject();
    #[coroutine]
    async fn subject() {
        hold(&d("x"), &mut d("y")).await;
        hold(&give("z", 1, d("z")).await, &mut d("w")).await;
        say("end");
    }
    fn hold<'a>(x: &'a D, y: &'a mut D) -> Leaf<(&'a D, &'a mut D)> {
        give("hold", 1, (x, y))
    }
}

differential! {
    a_guard_in_an_awaited_operand => subject(&Lock::new("x"));
    #[coroutine]
    async fn subject(lock: &Lock) -> u32 {
        give("touch", 1, lock.lock().touch()).await;
        let n = keep(lock.lock().name(), &format!("{}", 1)).await;
        let again = lock.lock();
        pause().await;
        n + again.touch()
    }
    fn keep<'a>(a: &'a str, b: &'a str) -> Leaf<u32> {
        give("keep", 1, (a.len() + b.len()) as u32)
    }
}

differential! {
    a_chain_of_temporaries => subject();
    #[coroutine]
    async fn subject() -> u32 {
        client().get("path").header(d("h")).send().await
    }
    struct Client(D);
    struct Request<'a>(&'a Client, D, Option<D>);
    fn client() -> Client {
        Client(d("client"))
    }
    impl Client {
        fn get(&self, _: &str) -> Request<'_> {
            Request(self, d("request"), None)
        }
    }
    impl<'a> Request<'a> {
        fn header(mut self, header: D) -> Request<'a> {
            self.2 = Some(header);
            self
        }
        fn send(&self) -> Leaf<u32> {
            give("send", 1, self.0.0.touch() + self.1.touch())
        }
    }
}

differential! {
    extended_temporaries => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = &d("x");
        let y = &mut d("y");
        pause().await;
        let pair = (&d("a"), 1);
        y.poke();
        pause().await;
        x.touch() + y.touch() + pair.0.touch()
    }
}

differential! {
    tail_temporaries => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let n = {
            let y = d("y");
            pause().await;
            d("tail").touch() + y.touch()
        };
        pause().await;
        n + d("end").touch() + x.touch()
    }
}

differential! {
    statement_temporaries_beside_a_suspension => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = give("x", 1, d("x").touch()).await;
        let y = d("before").touch() + x;
        pause().await;
        y
    }
}

differential! {
    a_value_in_each_branch => subject(2);
    #[coroutine]
    async fn subject(n: u32) {
        for i in 0..n {
            let _outer = d("outer");
            if i == 0 {
                let _inner = d("zero");
                leaf("zero", 1).await;
                continue;
            }
            let _inner = d("one");
            leaf("one", 1).await;
            break;
        }
    }
}

differential! {
    fields_drop_in_order => subject();
    #[coroutine]
    async fn subject() -> u32 {
        #[allow(dead_code, reason = "only dropped")]
        struct Fields {
            b: D,
            a: D,
        }
        let fields = Fields { a: d("a"), b: d("b") };
        let tuple = (d("x"), d("y"));
        pause().await;
        fields.a.touch() + tuple.1.touch()
    }
}

differential! {
    futures_never_awaited => subject();
    #[coroutine]
    async fn subject() {
        let _never = give("never", 1, d("never"));
        leaf("statement", 1);
        let later = give("later", 1, d("later"));
        pause().await;
        later.await;
    }
}

differential! {
    assignment_in_the_middle => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut slot = None;
        for name in ["a", "b"] {
            slot = Some(d(name));
            pause().await;
        }
        let mut late;
        late = d("late");
        pause().await;
        late.touch();
        late = d("later");
        late.touch() + slot.map_or(0, eat)
    }
}

differential! {
    a_panic_while_something_is_built => subject();
    #[coroutine]
    async fn subject() -> usize {
        let list = vec![d("a"), give("b", 1, d("b")).await, d("c")];
        let array = [give("x", 1, d("x")).await, give("y", 1, d("y")).await];
        let pair = (d("p"), d("q"));
        pause().await;
        drop(pair);
        list.len() + array.len()
    }
}

differential! {
    nested_coroutines => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("outer x");
        let n = middle(d("moved"), &x).await;
        let m = middle(d("again"), &x).await;
        n + m
    }
    #[coroutine]
    async fn middle(moved: D, borrowed: &D) -> u32 {
        let x = d("middle x");
        let n = inner(2).await;
        n + x.touch() + moved.touch() + borrowed.touch()
    }
    #[coroutine]
    async fn inner(count: u32) -> u32 {
        let mut sum = 0;
        for i in 0..count {
            let x = d("inner x");
            pause().await;
            sum += i + x.touch();
        }
        sum
    }
}

differential! {
    recursion_through_a_box => subject(3);
    #[coroutine]
    async fn subject(depth: u32) -> u32 {
        let x = d("x");
        if depth == 0 {
            pause().await;
            return x.touch();
        }
        let inner: std::pin::Pin<Box<dyn Future<Output = u32>>> = Box::pin(subject(depth - 1));
        let n = inner.await;
        x.touch() + n + 1
    }
}

differential! {
    mutual_recursion => even(3);
    #[coroutine]
    async fn even(n: u32) -> bool {
        let x = d("even");
        if n == 0 {
            return true;
        }
        pause().await;
        let answer = odd(n - 1).await;
        x.touch();
        answer
    }
    fn odd(n: u32) -> std::pin::Pin<Box<dyn Future<Output = bool>>> {
        if n == 0 { Box::pin(std::future::ready(false)) } else { Box::pin(even(n - 1)) }
    }
}

differential! {
    temporaries_of_an_assignment => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 0;
        let mut last = d("first");
        let mut text = "";
        while n < 2 {
            pause().await;
            n = n + 1 + d("temporary").touch();
            last = another(&d("label"), &last);
            text = longer(&d("unused"), text);
        }
        pause().await;
        n + last.touch() + text.len() as u32
    }
    fn another(_: &D, last: &D) -> D {
        last.touch();
        d("another")
    }
    fn longer(_: &D, text: &'static str) -> &'static str {
        if text.is_empty() { "long" } else { text }
    }
}

differential! {
    temporaries_of_a_binding => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = d("temporary").touch();
        let text = longer(&d("unused"), "text");
        pause().await;
        let made = another(&d("label"), text);
        pause().await;
        made.touch() + n
    }
    fn another(_: &D, text: &'static str) -> D {
        d(text)
    }
    fn longer<'a>(_: &D, text: &'a str) -> &'a str {
        text
    }
}

// More locals than a word of flags has bits, some of which are moved on one way only.
differential! {
    more_locals_than_a_word_has_bits => subject(true);
    #[coroutine]
    async fn subject(moves: bool) -> u32 {
        let v1 = d("v1"); let v2 = d("v2"); let _v3 = d("v3");
        let _v4 = d("v4"); let _v5 = d("v5"); let _v6 = d("v6");
        let _v7 = d("v7"); let _v8 = d("v8"); let _v9 = d("v9");
        let _v10 = d("v10"); let _v11 = d("v11"); let _v12 = d("v12");
        let _v13 = d("v13"); let _v14 = d("v14"); let _v15 = d("v15");
        let _v16 = d("v16"); let _v17 = d("v17"); let _v18 = d("v18");
        let _v19 = d("v19"); let _v20 = d("v20"); let _v21 = d("v21");
        let _v22 = d("v22"); let _v23 = d("v23"); let _v24 = d("v24");
        let _v25 = d("v25"); let _v26 = d("v26"); let _v27 = d("v27");
        let _v28 = d("v28"); let _v29 = d("v29"); let _v30 = d("v30");
        let _v31 = d("v31"); let _v32 = d("v32"); let v33 = d("v33");
        let v34 = d("v34"); let v35 = d("v35"); let v36 = d("v36");
        pause().await;
        if moves {
            drop((v2, v33));
            pause().await;
        }
        let mut late = d("late");
        late.touch();
        pause().await;
        late = give("next", 1, d("next")).await;
        let text = format!("{} {}", v1.name(), v36.name());
        drop(v35);
        pause().await;
        late.touch() + v34.touch() + text.len() as u32
    }
}
