//! `#[cfg]` inside of coroutines: nothing is left of what is not compiled.

#![allow(clippy::non_minimal_cfg, reason = "nothing is configured in tests")]

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    conditional_statements => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        #[cfg(any())]
        let y = does_not.exist().await;
        #[cfg(all())]
        let y = give("y", 1, d("y")).await;
        #[cfg(any())]
        return nothing();
        pause().await;
        x.touch() + y.touch()
    }
}

differential! {
    conditional_arms_and_fields => subject(2, (d("p"), d("q")));
    #[coroutine]
    async fn subject(n: u32, (p, _): (D, D)) -> u32 {
        struct Parts {
            a: D,
            #[cfg(any())]
            b: Missing,
            #[cfg(all())]
            c: u32,
        }
        let parts = Parts { a: d("a"), #[cfg(any())] b: missing.await, #[cfg(all())] c: give("c", 1, 3).await };
        let m = match n {
            #[cfg(any())]
            2 => missing.await,
            #[cfg(all())]
            2 => give("two", 1, 2).await,
            _ => 4,
        };
        let Parts { a, #[cfg(any())] b, #[cfg(all())] c } = parts;
        pause().await;
        #[cfg_attr(all(), expect(unused_variables, reason = "configured"))]
        let unused = [#[cfg(any())] missing, 1];
        if cfg!(all()) { a.touch() + c + m + p.touch() } else { 0 }
    }
}

differential! {
    conditional_methods => async move { Own(d("own")).subject(3).await };
    struct Own(D);
    impl Own {
        #[coroutine]
        async fn subject(&self, #[cfg(all())] n: u32, #[cfg(any())] m: u32) -> u32 {
            #[cfg(all())]
            {
                pause().await;
            };
            self.0.touch() + n
        }
    }
}

differential! {
    conditional_generics => subject(vec![d("a")]);
    #[coroutine]
    async fn subject<T: IntoIterator<Item = D>>(list: T) -> u32 {
        let mut n = 0;
        for x in list {
            #[cfg(all())]
            pause().await;
            n += x.touch();
        }
        n
    }
}

#[test]
fn by_hand() {
    #[coframe::coroutine(yield = u32)]
    fn count(n: u32) -> u32 {
        #[cfg(any())]
        missing();
        #[cfg(all())]
        for i in 0..n {
            suspend!(i);
        }
        n
    }
    let coroutine = count(2);
    let resumed = resume_to_end(coroutine, [(), (), ()]);
    assert_eq!(resumed.yielded, vec![0, 1]);
}
