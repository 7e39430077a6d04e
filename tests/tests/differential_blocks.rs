//! `coroutine_block!`: `async` blocks in expressions.
#![allow(clippy::manual_async_fn, reason = "the blocks are what is tested")]

use std::future::Future;

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    a_block_without_captures => subject();
    fn subject() -> impl Future<Output = u32> {
        coroutine_block!(async move {
            let x = d("x");
            pause().await;
            x.touch()
        })
    }
}

differential! {
    a_block_captures_by_move => subject();
    fn subject() -> impl Future<Output = u32> {
        let x = d("x");
        let y = d("y");
        say("made");
        coroutine_block!(async move {
            say("started");
            let n = y.touch();
            pause().await;
            n + x.touch() + y.touch()
        })
    }
}

differential! {
    a_block_consumes_what_it_captures => subject();
    fn subject() -> impl Future<Output = u32> {
        let (x, y, z) = (d("x"), d("y"), d("z"));
        coroutine_block!(async move {
            let n = eat(x);
            pause().await;
            let kept = z;
            pause().await;
            n + y.touch() + kept.touch()
        })
    }
}

differential! {
    captures_are_dropped_in_the_order_of_use => subject();
    fn subject() -> impl Future<Output = u32> {
        let (a, b, c, e) = (d("a"), d("b"), d("c"), d("e"));
        coroutine_block!(async move {
            let own = d("own");
            c.touch();
            pause().await;
            let both = |n: u32| n + b.touch();
            both(a.touch()) + own.touch() + e.touch()
        })
    }
}

differential! {
    captures_of_assignments_are_found_from_the_left => subject();
    #[allow(unused_assignments, reason = "only the order of the uses matters")]
    fn subject() -> impl Future<Output = String> {
        let (mut a, b) = (d("a"), d("b"));
        coroutine_block!(async move {
            a = b;
            pause().await;
            a.poke();
            a.name().to_owned()
        })
    }
}

differential! {
    captures_of_compound_assignments => subject();
    fn subject() -> impl Future<Output = usize> {
        struct Names(Vec<D>);
        impl std::ops::AddAssign<D> for Names {
            fn add_assign(&mut self, other: D) {
                self.0.push(other);
            }
        }
        let (one, mut names, two) = (d("one"), Names(vec![d("zero")]), d("two"));
        coroutine_block!(async move {
            names += two;
            pause().await;
            names += one;
            names.0.len()
        })
    }
}

differential! {
    captures_that_are_called_and_named_in_macros_first => subject();
    macro_rules! shown {
        ($name:expr) => {
            $name.name().len() as u32
        };
    }
    fn subject() -> impl Future<Output = u32> {
        let (a, b, c) = (d("a"), d("b"), d("c"));
        let call = move || c.touch();
        coroutine_block!(async move {
            let n = call() + shown!(b);
            pause().await;
            drop((a, b, call));
            n
        })
    }
}

differential! {
    a_block_changes_what_it_captures => subject(5);
    fn subject(mut n: u32) -> impl Future<Output = (u32, Vec<u32>)> {
        let mut list = Vec::new();
        let mut x = d("x");
        coroutine_block!(async move {
            while n > 0 {
                list.push(n);
                n -= 1;
                x.poke();
                pause().await;
            }
            n += x.touch();
            (n, list)
        })
    }
}

differential! {
    a_block_assigns_to_what_it_captures => subject();
    fn subject() -> impl Future<Output = u32> {
        let mut x = d("first");
        coroutine_block!(async move {
            x.touch();
            pause().await;
            x = d("second");
            pause().await;
            x.touch()
        })
    }
}

differential! {
    a_moving_block_in_a_coroutine => subject(3);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let x = d("x");
        let y = d("y");
        pause().await;
        let block = coroutine_block!(async move {
            leaf("inner", 2).await;
            x.touch() + n
        });
        y.touch();
        block.await + y.touch() + n
    }
}

differential! {
    a_borrowing_block_in_a_coroutine => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        pause().await;
        let n = coroutine_block!(async {
            x.touch();
            pause().await;
            x.touch()
        })
        .await;
        n + x.touch()
    }
}

differential! {
    blocks_in_blocks => subject();
    fn subject() -> impl Future<Output = u32> {
        let (x, y) = (d("x"), d("y"));
        coroutine_block!(async move {
            pause().await;
            let inner = coroutine_block!(async move {
                let n = x.touch();
                pause().await;
                n + eat(x)
            });
            let n = inner.await;
            pause().await;
            n + y.touch()
        })
    }
}

differential! {
    a_block_borrows_from_the_function_around => async {
        let (x, list) = (d("x"), vec![1, 2, 3]);
        let total = subject(&x, &list).await;
        total + x.touch()
    };
    fn subject<'a>(x: &'a D, list: &'a [u32]) -> impl Future<Output = u32> + 'a {
        coroutine_block!(async move {
            let mut total = x.touch();
            for n in list {
                pause().await;
                total += n;
            }
            total
        })
    }
}

differential! {
    a_block_that_moves_nothing_shares => subject();
    async fn subject() -> u32 {
        let x = d("x");
        let n = 7;
        let block = coroutine_block!(async {
            let first = &x;
            pause().await;
            first.touch() + x.touch() + n
        });
        x.touch();
        let sum = block.await;
        sum + x.touch()
    }
}

differential! {
    a_block_takes_what_is_listed => subject();
    async fn subject() -> u32 {
        let (x, y) = (d("x"), d("y"));
        let block = coroutine_block!([y] async {
            let n = x.touch() + y.touch();
            pause().await;
            n + eat(y)
        });
        x.touch();
        block.await + x.touch()
    }
}

differential! {
    a_block_changes_through_a_reference => subject();
    async fn subject() -> u32 {
        let mut count = 1;
        let mut x = d("x");
        let (counter, poked) = (&mut count, &mut x);
        coroutine_block!(async move {
            *counter += 1;
            pause().await;
            poked.poke();
            *counter += 1;
        })
        .await;
        count + x.touch()
    }
}

differential! {
    a_question_ends_the_block => subject();
    async fn subject() -> String {
        let x = d("x");
        let block = coroutine_block!(async move {
            x.touch();
            let n: u32 = give::<Result<u32, String>>("fine", 1, Ok(2)).await?;
            fail::<(), String>("broken", "no".to_owned()).await?;
            x.touch();
            Ok::<u32, String>(n)
        });
        let outcome = block.await;
        say("after");
        format!("{outcome:?}")
    }
}

differential! {
    a_question_converts_to_the_type_of_the_function => subject(true);
    fn subject(fails: bool) -> impl Future<Output = Result<u32, Box<dyn std::error::Error>>> {
        coroutine_block!(async move {
            pause().await;
            let n: u32 = "12".parse()?;
            let text = if fails { "x" } else { "3" };
            let m: u32 = text.parse()?;
            Ok(n + m)
        })
    }
}

differential! {
    a_return_ends_the_block => subject(2);
    async fn subject(n: u32) -> &'static str {
        let x = d("x");
        let answer = coroutine_block!(async move {
            for i in 0..4 {
                pause().await;
                if i == n {
                    return "found";
                }
                x.touch();
            }
            "missing"
        })
        .await;
        say("after");
        answer
    }
}

differential! {
    a_block_in_a_generic_function => subject(d("x"), || 3);
    fn subject<T: std::fmt::Debug, F: Fn() -> u32 + Copy>(x: T, make: F) -> impl Future<Output = (T, u32)> {
        coroutine_block!(async move {
            pause().await;
            say(format_args!("{x:?}"));
            let n = make();
            pause().await;
            (x, n + make())
        })
    }
}

differential! {
    a_block_captures_self => async {
        let counter = Counter { count: 3, name: d("counter") };
        counter.count().await + counter.into_count().await
    };
    struct Counter { count: u32, name: D }
    impl Counter {
        fn count(&self) -> impl Future<Output = u32> + '_ {
            coroutine_block!(async move {
                pause().await;
                self.name.touch() + self.count
            })
        }
        fn into_count(self) -> impl Future<Output = u32> {
            coroutine_block!(async move {
                pause().await;
                self.check();
                self.name.touch() + self.count
            })
        }
        fn check(&self) {
            say(self.count);
        }
    }
}

differential! {
    a_block_captures_names_in_formats => subject();
    fn subject() -> impl Future<Output = String> {
        let (x, text) = (d("x"), String::from("text"));
        coroutine_block!(async move {
            pause().await;
            say(format_args!("{x:?}"));
            format!("{text} and {0}", x.touch())
        })
    }
}

differential! {
    a_block_calls_functions_and_closures => subject();
    fn subject() -> impl Future<Output = u32> {
        let x = d("x");
        let double = |n: u32| 2 * n;
        fn identity<T>(value: T) -> T {
            value
        }
        coroutine_block!(async move {
            let n = identity(double(4));
            pause().await;
            n + identity(x).touch() + double(n)
        })
    }
}

differential! {
    a_block_takes_a_closure_that_is_listed => subject();
    fn subject() -> impl Future<Output = u32> {
        let x = d("x");
        let touch = move || x.touch();
        coroutine_block!([touch] async move {
            let n = touch();
            pause().await;
            n + touch()
        })
    }
}

differential! {
    a_block_captures_a_function_by_name => subject();
    fn subject() -> impl Future<Output = Vec<u32>> {
        fn increment(n: u32) -> u32 {
            n + 1
        }
        let list = vec![1, 2];
        coroutine_block!(async move {
            pause().await;
            list.into_iter().map(increment).collect()
        })
    }
}

differential! {
    parts_of_a_capture_with_the_whole => subject();
    fn subject() -> impl Future<Output = u32> {
        let pair = (d("left"), d("right"));
        coroutine_block!([pair] async move {
            let n = pair.0.touch();
            pause().await;
            let (left, right) = pair;
            pause().await;
            n + left.touch() + right.touch()
        })
    }
}

differential! {
    parts_of_a_capture_that_needs_no_drop => subject();
    fn subject() -> impl Future<Output = u32> {
        struct Config<'a> { depth: u32, name: &'a str }
        let config = Config { depth: 2, name: "name" };
        coroutine_block!(async move {
            pause().await;
            config.depth + config.name.len() as u32
        })
    }
}

differential! {
    items_in_a_block => subject();
    fn subject() -> impl Future<Output = u32> {
        let x = d("x");
        coroutine_block!(async move {
            const LIMIT: u32 = 3;
            fn twice(n: u32) -> u32 {
                2 * n
            }
            pause().await;
            x.touch().checked_add(LIMIT).map(twice).unwrap_or(LIMIT)
        })
    }
}

differential! {
    several_blocks_in_a_list => subject();
    async fn subject() -> u32 {
        let mut blocks: Vec<std::pin::Pin<Box<dyn Future<Output = u32> + Send>>> = Vec::new();
        for name in ["a", "b", "c"] {
            let x = d(name);
            blocks.push(Box::pin(coroutine_block!(async move {
                pause().await;
                x.touch()
            })));
        }
        let mut sum = 0;
        for block in blocks {
            sum += block.await;
        }
        sum
    }
}

differential! {
    a_recursive_block => subject(3);
    fn subject(n: u32) -> std::pin::Pin<Box<dyn Future<Output = u32>>> {
        let x = d("x");
        Box::pin(coroutine_block!(async move {
            pause().await;
            if n == 0 {
                return x.touch();
            }
            n + subject(n - 1).await + x.touch()
        }))
    }
}

/// What is done with blocks that need not be run.
mod properties {
    fn send<T: Send>(value: T) -> T {
        value
    }

    #[test]
    fn a_block_is_send_when_what_it_holds_is() {
        let text = String::from("text");
        let block = send(coframe::coroutine_block!(async move {
            let own = vec![text.len()];
            std::future::ready(()).await;
            own.len() + text.len()
        }));
        assert_eq!(coframe::block_on(block), 5);
    }

    #[test]
    fn suspending_is_pending() {
        let mut block = std::pin::pin!(coframe::coroutine_block!(async move {
            suspend!();
            1
        }));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let mut poll = || std::future::Future::poll(block.as_mut(), &mut context);
        assert!(poll().is_pending());
        assert_eq!(poll(), std::task::Poll::Ready(1));
    }

    #[test]
    fn blocks_are_spawned_without_a_function() {
        let sum = coframe::Runtime::new().expect("a runtime").run(|io: coframe::Io| {
            coframe::coroutine_block!(async move {
                let mut tasks = Vec::new();
                for n in 0..4 {
                    let text = "x".repeat(n);
                    tasks.push(io.spawn(coframe::coroutine_block!(async move {
                        io.sleep(std::time::Duration::from_millis(1)).await;
                        text.len()
                    })));
                }
                let mut sum = 0;
                for task in tasks {
                    sum += task.await.expect("it does not panic");
                }
                sum
            })
        });
        assert_eq!(sum, 6);
    }
}
