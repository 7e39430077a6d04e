//! Functions that call themselves in a box.

use coframe_tests::differential;
use coframe_tests::differential::*;

/// A future that can be sent to another thread.
fn send<F: Future + Send>(future: F) -> F {
    future
}

differential! {
    a_function_in_its_own_box => send(subject(3));
    #[coroutine]
    async fn subject(depth: u32) -> u32 {
        let x = d("x");
        if depth == 0 {
            pause().await;
            return x.touch();
        }
        let n = Box::pin(subject(depth - 1)).await;
        pause().await;
        x.touch() + n + 1
    }
}

differential! {
    a_generic_function_in_its_own_box => send(subject(3, &7_u64));
    #[coroutine]
    async fn subject<T: Clone + Sync>(depth: u32, value: &T) -> Result<Vec<T>, u32> {
        let x = d("x");
        let mut list = match depth {
            0 => Vec::new(),
            _ => Box::pin(subject(give("depth", 1, depth - 1).await, value)).await?,
        };
        list.push(value.clone());
        if list.len() == 3 { Err(x.touch()) } else { Ok(list) }
    }
}

differential! {
    a_function_that_borrows_from_the_one_above => subject(&d("x"), 2);
    #[coroutine]
    async fn subject(above: &D, depth: u32) -> u32 {
        let x = d("own");
        pause().await;
        if depth == 0 {
            return above.touch() + x.touch();
        }
        above.touch() + Box::pin(subject(&x, depth - 1)).await + Box::pin(subject(above, 0)).await
    }
}

differential! {
    a_method_in_its_own_box => {
        let leaf = |name| Node { x: d(name), children: Vec::new() };
        let root = Node { x: d("root"), children: vec![leaf("left"), leaf("right")] };
        async move { root.subject("text").await }
    };
    struct Node {
        x: D,
        children: Vec<Node>,
    }
    impl Node {
        #[coroutine]
        async fn subject(&self, text: &str) -> usize {
            let y = d("y");
            let mut sum = self.x.touch() as usize + text.len();
            for child in &self.children {
                sum += Box::pin(child.subject(text)).await;
                sum += Box::pin(Self::subject(child, "of self")).await;
                pause().await;
            }
            sum + y.touch() as usize
        }
    }
}

differential! {
    another_future_in_a_box => Outer(Inner(d("x"))).subject();
    struct Inner(D);
    impl Inner {
        #[coroutine]
        async fn subject(&self) -> u32 {
            pause().await;
            self.0.touch()
        }
    }
    struct Outer(Inner);
    impl Outer {
        #[coroutine]
        async fn subject(&self) -> u32 {
            let inner = Box::pin(self.0.subject());
            inner.await
        }
    }
}
