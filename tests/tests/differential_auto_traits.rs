//! `Send`, `'static` and lifetimes of the future, as its users see them.

use std::rc::Rc;
use std::sync::Arc;

use coframe_tests::differential;
use coframe_tests::differential::*;

/// A future that can be sent to another thread.
fn send<F: Future + Send>(future: F) -> F {
    future
}

/// A future that borrows nothing.
fn owned<F: Future + 'static>(future: F) -> F {
    future
}

differential! {
    a_future_that_is_send => send(subject("text".to_owned(), vec![1]));
    #[coroutine]
    async fn subject(text: String, list: Vec<u32>) -> usize {
        let r = &text;
        pause().await;
        for n in &list {
            pause().await;
            val("n", n);
        }
        let shared = Arc::new(list);
        pause().await;
        r.len() + shared.len()
    }
}

differential! {
    a_future_that_is_static => owned(subject(d("x")));
    #[coroutine]
    async fn subject(x: D) -> u32 {
        let r = &x;
        pause().await;
        r.touch()
    }
}

differential! {
    a_value_that_is_not_send_before_a_suspension => send(subject());
    #[coroutine]
    async fn subject() -> usize {
        let n = {
            let rc = Rc::new(3);
            *rc
        };
        pause().await;
        n + *Rc::new(4)
    }
}

differential! {
    a_generic_future_that_is_send => send(subject(vec![1], |list| list.len()));
    #[coroutine]
    async fn subject<T: Send, F: Fn(&T) -> usize + Send>(value: T, measure: F) -> usize {
        let n = measure(&value);
        pause().await;
        n + measure(&value)
    }
}

differential! {
    a_boxed_future => Box::pin(subject(2)) as std::pin::Pin<Box<dyn Future<Output = u32> + Send>>;
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let inner: std::pin::Pin<Box<dyn Future<Output = u32> + Send>> = Box::pin(give("x", 1, n));
        inner.await + 1
    }
}

differential! {
    a_future_of_a_closure_that_is_send => send(subject());
    #[coroutine]
    async fn subject() -> u32 {
        let text = String::from("text");
        let measure = |n: u32| n + text.len() as u32;
        let a = measure(1);
        pause().await;
        a + text.len() as u32
    }
}

differential! {
    nested_futures_that_are_send => send(outer("text"));
    #[coroutine]
    async fn outer(text: &str) -> usize {
        let mut n = 0;
        for part in text.split('x') {
            n += inner(part, &n).await;
        }
        n
    }
    #[coroutine]
    async fn inner(text: &str, before: &usize) -> usize {
        pause().await;
        text.len() + before
    }
}

differential! {
    parts_and_guards_are_send => send(subject((d("a"), d("b")), &[1, 2], String::from("text")));
    async fn is(list: &[u32], n: &u32) -> bool {
        pause().await;
        list.contains(n)
    }
    #[coroutine]
    async fn subject((x, ..): (D, D), list: &[u32], mut text: String) -> u32 {
        let mut counts = vec![1, 2, 3];
        let mut texts = vec![String::new()];
        counts[val("i", 1)] += give("v", 1, 10).await;
        texts[val("i", 0)] += give("w", 1, "more").await;
        *std::convert::identity(&mut text) += give("w", 1, "more").await;
        let n = match give("pair", 1, (Some(3), String::from("c"), d("e"))).await {
            (Some(n), ref c, ..) if is(list, &n).await => n + c.len() as u32,
            (Some(n), .., e) if n > 2 => {
                pause().await;
                e.touch() + n
            }
            _ => 0,
        };
        n + x.touch() + counts[1] + (texts[0].len() + text.len()) as u32
    }
}

differential! {
    parts_that_are_static => owned(subject(d("x")));
    #[coroutine]
    async fn subject(x: D) -> u32 {
        let (ref y, z, ..) = (x, d("z"), d("rest"));
        pause().await;
        match Some(y) {
            Some(y) if give("g", 1, y.touch() == 0).await => z.touch(),
            _ => 1,
        }
    }
}

/// What makes futures that borrow nothing of it.
struct Handle(String);

impl Handle {
    fn sleep(&self, ticks: usize) -> impl Future<Output = usize> + use<> {
        let count = self.0.len() + ticks;
        async move {
            pause().await;
            count
        }
    }
}

differential! {
    an_argument_that_makes_the_last_future => send(subject(Handle("x".to_owned()), 3));
    #[coroutine]
    async fn subject(handle: Handle, ticks: usize) -> usize {
        handle.sleep(ticks).await
    }
}

differential! {
    an_argument_that_makes_a_future_after_a_suspension => send(subject(Handle("x".to_owned())));
    #[coroutine]
    async fn subject(handle: Handle) -> usize {
        pause().await;
        let n = handle.sleep(0).await;
        val("n", n);
        n
    }
}
