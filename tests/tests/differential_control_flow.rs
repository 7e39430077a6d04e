//! `if`, `if let`, `let else`, let chains, labelled blocks, `return` anywhere.

#![allow(clippy::needless_return, clippy::while_let_loop, reason = "the form of a body matters")]

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    never_suspends => subject(true);
    #[coroutine]
    async fn subject(deep: bool) -> u32 {
        let x = d("x");
        if deep {
            return x.touch() + 1;
        }
        0
    }
}

differential! {
    empty_body => subject();
    #[coroutine]
    async fn subject() {}
}

differential! {
    only_awaits => subject();
    #[coroutine]
    async fn subject() -> u32 {
        give("x", 2, 5).await
    }
}

differential! {
    if_else_arms_suspend => subject(true);
    #[coroutine]
    async fn subject(first: bool) -> u32 {
        let outer = d("outer");
        if first {
            let inner = d("inner");
            leaf("then", 1).await;
            inner.touch() + outer.touch()
        } else {
            leaf("else", 1).await;
            eat(outer)
        }
    }
}

differential! {
    else_arm_suspends => subject(false);
    #[coroutine]
    async fn subject(first: bool) -> u32 {
        let outer = d("outer");
        if first {
            leaf("then", 1).await;
            outer.touch()
        } else {
            leaf("else", 1).await;
            eat(outer)
        }
    }
}

differential! {
    else_if_chain => subject(2);
    #[coroutine]
    async fn subject(n: u32) -> &'static str {
        let x = d("x");
        if n == val("zero", 0) {
            pause().await;
            "zero"
        } else if give("one", 1, n == 1).await {
            "one"
        } else if n == 2 {
            let y = d("y");
            pause().await;
            y.touch();
            "two"
        } else {
            x.touch();
            "many"
        }
    }
}

differential! {
    if_without_else => subject(true);
    #[coroutine]
    async fn subject(flag: bool) {
        let x = d("x");
        if flag {
            let y = d("y");
            pause().await;
            y.touch();
        }
        pause().await;
        x.touch();
    }
}

differential! {
    if_let_with_else => subject(Some(d("x")));
    #[coroutine]
    async fn subject(x: Option<D>) -> u32 {
        if let Some(x) = x {
            pause().await;
            x.touch() + 1
        } else {
            pause().await;
            0
        }
    }
}

differential! {
    if_let_of_a_temporary => subject();
    #[coroutine]
    async fn subject() -> u32 {
        if let Some(x) = Some(d("x")).as_ref() {
            x.touch();
        }
        if let Some(x) = give("x", 1, Some(d("y"))).await {
            pause().await;
            eat(x)
        } else {
            0
        }
    }
}

differential! {
    if_let_ref => subject(Some(d("x")));
    #[coroutine]
    async fn subject(x: Option<D>) -> u32 {
        if let Some(y) = &x {
            y.touch();
            pause().await;
            y.touch();
        }
        if let Some(ref y) = x {
            pause().await;
            y.touch();
        }
        pause().await;
        x.map_or(0, D::eat)
    }
}

differential! {
    if_let_else_drops_the_scrutinee_first => subject(&Lock::new("x"));
    #[coroutine]
    async fn subject(lock: &Lock) -> u32 {
        if let "y" = lock.lock().name() {
            pause().await;
            0
        } else {
            let again = lock.lock();
            pause().await;
            again.touch()
        }
    }
}

differential! {
    let_else_that_returns => subject(None);
    #[coroutine]
    async fn subject(x: Option<D>) -> u32 {
        let y = d("y");
        let Some(x) = x else {
            pause().await;
            return y.touch();
        };
        pause().await;
        x.touch()
    }
}

differential! {
    let_else_that_binds => subject(Some((d("x"), 5)));
    #[coroutine]
    async fn subject(x: Option<(D, u32)>) -> u32 {
        let Some((x, n)) = x else {
            return 0;
        };
        pause().await;
        x.touch() + n
    }
}

differential! {
    let_else_on_an_await => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let Ok(y) = give("y", 1, Ok::<D, ()>(d("y"))).await else {
            pause().await;
            return 0;
        };
        pause().await;
        x.touch() + eat(y)
    }
}

differential! {
    let_else_in_a_loop => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut it = Steps::new("it", 3);
        let mut sum = 0;
        loop {
            let Some(n) = it.next() else { break };
            pause().await;
            sum += n;
        }
        sum
    }
}

differential! {
    let_chain => subject(Some(d("x")), 3);
    #[coroutine]
    async fn subject(x: Option<D>, n: u32) -> u32 {
        if let Some(x) = &x
            && n > 2
            && let 0 = x.touch()
        {
            pause().await;
            x.touch()
        } else {
            9
        }
    }
}

differential! {
    let_chain_that_suspends => subject(Some(d("x")));
    #[coroutine]
    async fn subject(x: Option<D>) -> u32 {
        if let Some(x) = x
            && let y = d("y")
            && give("test", 1, true).await
            && let Some(z) = give("z", 1, Some(d("z"))).await
        {
            pause().await;
            x.touch() + y.touch() + z.touch()
        } else {
            9
        }
    }
}

differential! {
    let_chain_that_fails_late => subject(Some(d("x")));
    #[coroutine]
    async fn subject(x: Option<D>) -> u32 {
        if let Some(x) = x
            && give("test", 1, x.touch() == 0).await
            && let Some(z) = give("z", 1, None::<D>).await
        {
            z.touch()
        } else {
            let other = d("other");
            pause().await;
            other.touch()
        }
    }
}

differential! {
    labelled_block => subject(3);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let x = d("x");
        let result = 'found: {
            let y = d("y");
            if n == 1 {
                break 'found 10;
            }
            pause().await;
            if n == 3 {
                let z = d("z");
                pause().await;
                break 'found z.touch() + y.touch();
            }
            pause().await;
            20
        };
        x.touch() + result
    }
}

differential! {
    nested_labelled_blocks => subject();
    #[coroutine]
    async fn subject() -> D {
        let x = 'outer: {
            let kept = d("kept");
            let other = 'inner: {
                pause().await;
                if kept.touch() == 0 {
                    break 'inner d("early");
                }
                break 'outer kept;
            };
            pause().await;
            other.touch();
            if other.touch() == 1 {
                break 'outer other;
            }
            kept
        };
        pause().await;
        x
    }
}

differential! {
    return_in_the_middle_of_an_expression => subject(true);
    #[coroutine]
    async fn subject(flag: bool) -> u32 {
        let x = d("x");
        let n = 1 + if flag {
            pause().await;
            return eat(x);
        } else {
            2
        };
        pause().await;
        n
    }
}

differential! {
    return_a_droppable_from_inside => subject();
    #[coroutine]
    async fn subject() -> D {
        let x = d("x");
        let y = d("y");
        {
            let z = d("z");
            pause().await;
            if z.touch() == 0 {
                return y;
            }
        }
        pause().await;
        x
    }
}

differential! {
    return_an_await => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        return give("y", 1, x.touch() + 1).await;
    }
}

differential! {
    block_as_a_value => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = {
            let x = d("x");
            pause().await;
            let y = d("y");
            pause().await;
            x.touch() + y.touch() + 4
        };
        let z = d("z");
        pause().await;
        z.touch() + n
    }
}

differential! {
    shadowing => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("first");
        let x = (d("second"), x.touch());
        pause().await;
        let x = {
            let x = (x, d("third"));
            pause().await;
            x.0.0.touch() + x.1.touch()
        };
        pause().await;
        x
    }
}

differential! {
    late_initialisation => subject(true);
    #[coroutine]
    async fn subject(flag: bool) -> u32 {
        let x;
        let y: D;
        if flag {
            pause().await;
            x = d("x1");
            y = d("y1");
        } else {
            y = d("y2");
            x = d("x2");
            pause().await;
        }
        pause().await;
        x.touch() + y.touch()
    }
}

differential! {
    initialised_on_some_paths => subject(1);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let x;
        if n == 1 {
            x = d("x");
            x.touch();
        } else if n == 2 {
            x = d("other");
            x.touch();
        }
        pause().await;
        n
    }
}

differential! {
    assignment_drops_the_old_value => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut x = d("old");
        pause().await;
        x.touch();
        x = d("new");
        pause().await;
        x.touch();
        x = give("newest", 1, d("newest")).await;
        pause().await;
        x.touch()
    }
}

differential! {
    dead_code_after_return => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        pause().await;
        if true {
            return x.touch();
        }
        pause().await;
        unreachable!()
    }
}

differential! {
    a_panic_of_the_body => subject(1);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let x = d("x");
        pause().await;
        assert!(n == 1, "n is {n}");
        x.touch()
    }
}

differential! {
    a_statement_that_is_configured_out => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        pause().await;
        #[cfg(any())]
        let x = does_not_exist();
        pause().await;
        x.touch()
    }
}

differential! {
    statements_of_all_kinds => subject();
    #[coroutine]
    async fn subject() -> u32 {
        const STEP: u32 = 2;
        static BASE: u32 = 3;
        fn double(n: u32) -> u32 {
            n * STEP
        }
        struct Wrapper(D);
        let x = Wrapper(d("x"));
        pause().await;
        #[allow(unused_variables, reason = "an attribute on a statement")]
        let unused = 1;
        {
            use std::cmp::max;
            pause().await;
            max(double(x.0.touch()), BASE)
        }
    }
}

differential! {
    unsafe_and_const_blocks => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let n = const { 1_u32 + 2 };
        pause().await;
        // SAFETY: the sum is small.
        let n = unsafe { n.unchecked_add(1) };
        pause().await;
        x.touch() + n
    }
}
