//! Closures and `async` blocks in coroutines.

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    closures_within_a_block => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let mut n = 1;
        pause().await;
        let by_ref = || x.touch();
        let a = by_ref() + by_ref();
        let mut by_mut = || n += 1;
        by_mut();
        by_mut();
        pause().await;
        a + n + x.touch()
    }
}

differential! {
    a_move_closure_within_a_block => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let y = d("y");
        pause().await;
        let n = {
            let consume = move || eat(x);
            consume()
        };
        pause().await;
        n + y.touch()
    }
}

differential! {
    closures_as_arguments => subject(vec![1, 2, 3]);
    #[coroutine]
    async fn subject(list: Vec<u32>) -> (u32, Vec<u32>) {
        let x = d("x");
        let factor = 2;
        pause().await;
        let scaled: Vec<u32> = list.iter().map(|n| n * factor + x.touch()).collect();
        pause().await;
        let sum = scaled.iter().filter(|n| **n > factor).sum();
        (sum, scaled)
    }
}

differential! {
    closures_that_shadow => subject(1);
    #[coroutine]
    async fn subject(x: u32) -> u32 {
        let y = d("y");
        pause().await;
        let add = |x: u32| x + 1;
        let nested = |y: &D| {
            let x = y.touch();
            move |z: u32| x + z
        };
        let n = add(10) + nested(&y)(3);
        pause().await;
        n + x + y.touch()
    }
}

differential! {
    a_saved_closure_without_captures => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let double = |n: u32| n * 2;
        pause().await;
        let n = double(2);
        pause().await;
        double(n)
    }
}

differential! {
    a_saved_closure_that_owns => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let touch = move || x.touch();
        pause().await;
        let n = touch();
        pause().await;
        n + touch()
    }
}

differential! {
    a_saved_closure_that_borrows => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let touch = || x.touch();
        pause().await;
        let n = touch();
        pause().await;
        n + touch() + x.touch()
    }
}

differential! {
    an_iterator_with_a_saved_closure => subject(3);
    #[coroutine]
    async fn subject(factor: u32) -> u32 {
        let mut sum = 0;
        for n in Steps::new("it", 3).map(move |n| n * factor) {
            pause().await;
            sum += n;
        }
        sum
    }
}

differential! {
    an_iterator_whose_closure_borrows => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let mut sum = 0;
        for n in (0..3).map(|n| n + x.touch()) {
            pause().await;
            sum += n;
        }
        sum + x.touch()
    }
}

differential! {
    a_boxed_closure => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let boxed: Box<dyn FnOnce(u32) -> u32> = Box::new(move |n| n + eat(x));
        pause().await;
        boxed(4)
    }
}

differential! {
    an_argument_that_is_a_closure => subject(|n| n + 1, d("x"));
    #[coroutine]
    async fn subject(change: impl Fn(u32) -> u32, x: D) -> u32 {
        let n = change(x.touch());
        pause().await;
        change(n)
    }
}

differential! {
    a_closure_that_returns_a_future => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let make = |n: u32| give("made", 1, n);
        let a = make(1).await;
        a + make(2).await
    }
}

differential! {
    an_awaited_async_block => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let n = async {
            pause().await;
            x.touch()
        }
        .await;
        pause().await;
        n + x.touch()
    }
}

differential! {
    a_moving_async_block => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let later = async move {
            pause().await;
            x.touch()
        };
        pause().await;
        later.await
    }
}

differential! {
    async_closures => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let later = async |n: u32| {
            pause().await;
            n + x.touch()
        };
        later(1).await + later(2).await
    }
}

differential! {
    return_in_a_closure => subject(vec![1, 5, 9]);
    #[coroutine]
    async fn subject(list: Vec<u32>) -> Option<u32> {
        pause().await;
        let find = |limit: u32| {
            for n in &list {
                if *n > limit {
                    return Some(*n);
                }
            }
            None
        };
        let a = find(3)?;
        let b = find(6);
        pause().await;
        b.map(|b| a + b)
    }
}

differential! {
    sorting_with_keys => subject(vec![3, 1, 2]);
    #[coroutine]
    async fn subject(mut list: Vec<u32>) -> Vec<u32> {
        let offset = 10;
        pause().await;
        list.sort_by_key(|n| offset - n);
        pause().await;
        list.retain(|n| *n != offset - 8);
        list.iter_mut().for_each(|n| *n += offset);
        list
    }
}

differential! {
    a_counter_that_is_read_and_written => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut count = 0;
        let mut add = |more: u32| {
            count += more;
            count
        };
        pause().await;
        let first = add(1);
        pause().await;
        first + add(2) + count
    }
}
