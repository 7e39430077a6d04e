//! Methods: `self` in all forms, traits, associated functions.

use std::pin::{Pin, pin};

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    self_by_value => Counter { x: d("x"), n: 1 }.subject(2);
    struct Counter {
        x: D,
        n: u32,
    }
    impl Counter {
        #[coroutine]
        async fn subject(self, more: u32) -> u32 {
            pause().await;
            self.x.touch() + self.n + more
        }
    }
}

differential! {
    self_by_reference => Counter { x: d("x"), n: 1 }.subject();
    struct Counter {
        x: D,
        n: u32,
    }
    impl Counter {
        #[coroutine]
        async fn subject(&self) -> u32 {
            let n = self.get();
            pause().await;
            let x = &self.x;
            pause().await;
            n + x.touch() + Self::fixed()
        }
        fn get(&self) -> u32 {
            self.n + self.x.touch()
        }
        fn fixed() -> u32 {
            7
        }
    }
}

differential! {
    self_by_mutable_reference => Counter { x: d("x"), n: 1 }.subject();
    struct Counter {
        x: D,
        n: u32,
    }
    impl Counter {
        #[coroutine]
        async fn subject(&mut self) -> &D {
            self.n += 1;
            self.step().await;
            self.step().await;
            self.x = d("new");
            pause().await;
            &self.x
        }
        #[coroutine]
        async fn step(&mut self) {
            for _ in 0..self.n {
                pause().await;
                self.x.poke();
            }
        }
    }
}

differential! {
    mut_self => Counter { x: d("x"), n: 1 }.subject();
    struct Counter {
        x: D,
        n: u32,
    }
    impl Counter {
        #[coroutine]
        async fn subject(mut self) -> Self {
            self.n += 1;
            pause().await;
            self.x.poke();
            pause().await;
            self
        }
    }
    impl std::fmt::Debug for Counter {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{:?} {}", self.x, self.n)
        }
    }
}

differential! {
    boxed_self => Box::new(Counter { x: d("x") }).subject();
    struct Counter {
        x: D,
    }
    impl Counter {
        #[coroutine]
        async fn subject(self: Box<Self>) -> u32 {
            pause().await;
            self.x.touch()
        }
    }
}

differential! {
    pinned_self => pin!(Counter { x: d("x") }).subject();
    struct Counter {
        x: D,
    }
    impl Counter {
        #[coroutine]
        async fn subject(mut self: Pin<&mut Self>) -> u32 {
            pause().await;
            self.x.poke();
            self.as_mut().x.poke();
            pause().await;
            self.x.touch()
        }
    }
}

differential! {
    self_is_destructured => Pair { a: d("a"), b: d("b") }.subject();
    struct Pair {
        a: D,
        b: D,
    }
    impl Pair {
        #[coroutine]
        async fn subject(self) -> D {
            let Self { a, b } = self;
            pause().await;
            b.touch();
            a
        }
    }
}

differential! {
    self_is_unused => Unit.subject(d("x"));
    struct Unit;
    impl Unit {
        #[coroutine]
        async fn subject(&self, x: D) -> u32 {
            pause().await;
            x.touch()
        }
    }
}

differential! {
    associated_functions => Counter::subject(3);
    struct Counter {
        x: D,
        n: u32,
    }
    impl Counter {
        const STEP: u32 = 2;
        #[coroutine]
        async fn new(n: u32) -> Self {
            pause().await;
            Counter { x: d("x"), n: n + Self::STEP }
        }
        #[coroutine]
        async fn subject(n: u32) -> u32 {
            let counter = Self::new(n).await;
            pause().await;
            let Self { x, n } = &counter;
            x.touch() + n
        }
    }
}

differential! {
    a_generic_implementation => Holder { value: d("x") }.subject(|x| x.touch());
    struct Holder<T> {
        value: T,
    }
    impl<T> Holder<T> {
        #[coroutine]
        async fn subject(self, look: impl Fn(&T) -> u32) -> u32 {
            let n = look(&self.value);
            pause().await;
            n + look(&self.value)
        }
    }
}

differential! {
    an_implementation_with_lifetimes => Reader { text: "a b", seen: vec![] }.subject();
    struct Reader<'a> {
        text: &'a str,
        seen: Vec<&'a str>,
    }
    impl<'a> Reader<'a> {
        #[coroutine]
        async fn subject(mut self) -> usize {
            while let Some(word) = self.next().await {
                self.seen.push(word);
            }
            self.seen.len()
        }
        #[coroutine]
        async fn next(&mut self) -> Option<&'a str> {
            pause().await;
            let (word, rest) = self.text.split_once(' ')?;
            self.text = rest;
            Some(word)
        }
    }
}

differential! {
    a_trait_with_async_methods => run(&mut File { x: d("file") });
    trait Read {
        async fn read(&mut self, n: u32) -> u32;
    }
    struct File {
        x: D,
    }
    impl Read for File {
        #[coroutine]
        async fn read(&mut self, n: u32) -> u32 {
            let guard = d("guard");
            pause().await;
            self.x.poke();
            guard.touch() + n
        }
    }
    #[coroutine]
    async fn run<R: Read>(reader: &mut R) -> u32 {
        let a = reader.read(1).await;
        let b = reader.read(a).await;
        a + b
    }
}

differential! {
    a_receiver_that_is_awaited => subject();
    struct Conn {
        x: D,
    }
    #[coroutine]
    async fn connect(name: &'static str) -> Conn {
        pause().await;
        Conn { x: d(name) }
    }
    impl Conn {
        #[coroutine]
        async fn send(&self, n: u32) -> u32 {
            pause().await;
            self.x.touch() + n
        }
        #[coroutine]
        async fn close(self) -> u32 {
            pause().await;
            self.x.eat()
        }
    }
    #[coroutine]
    async fn subject() -> u32 {
        let n = connect("one").await.send(1).await;
        n + connect("two").await.close().await
    }
}

differential! {
    methods_on_fields => Server { conns: vec![Conn { x: d("a") }, Conn { x: d("b") }], total: 0 }.subject();
    struct Conn {
        x: D,
    }
    struct Server {
        conns: Vec<Conn>,
        total: u32,
    }
    impl Conn {
        #[coroutine]
        async fn poll_once(&mut self) -> u32 {
            pause().await;
            self.x.poke().touch()
        }
    }
    impl Server {
        #[coroutine]
        async fn subject(&mut self) -> u32 {
            for conn in &mut self.conns {
                self.total += conn.poll_once().await;
            }
            self.conns[0].poll_once().await;
            self.total + self.conns[1].poll_once().await
        }
    }
}
