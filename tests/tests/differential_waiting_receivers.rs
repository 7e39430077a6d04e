//! Methods whose arguments suspend: a receiver that the method takes waits for them as an operand.

use coframe_tests::differential;
use coframe_tests::differential::*;

/// Methods that take, and methods that borrow.
trait Methods: Sized {
    /// Takes both, and gives one back.
    fn instead<T>(self, other: T) -> T {
        say("instead");
        other
    }

    /// Takes both, and makes something that the caller names.
    fn made<T: From<u32>>(self, other: (D, u32)) -> T {
        T::from(other.1 + other.0.touch())
    }

    /// Takes both, and gives itself back.
    fn with(self, other: D) -> Self {
        other.touch();
        self
    }

    /// Borrows both.
    fn beside<'a>(&'a self, other: &D) -> &'a Self {
        other.touch();
        self
    }

    /// Borrows both until the future it returns is dropped.
    async fn write(&mut self, other: &str) -> Result<usize, ()> {
        say(other);
        pause().await;
        Ok(other.len())
    }

    /// Borrows mutably, and makes something that the caller names.
    fn converted<T: From<u32>>(&mut self, other: u32) -> T {
        T::from(other)
    }
}

impl Methods for D {}
impl Methods for Odd {}
impl<T> Methods for Box<T> {}
impl Methods for u32 {}

differential! {
    the_receiver_is_dropped_as_an_operand => subject(odd("sender"));
    #[coroutine]
    async fn subject(sender: Odd) -> u32 {
        let later = d("later");
        pause().await;
        let last = d("last");
        let got = sender.send(give("w", 2, d("message")).await);
        say("sent");
        pause().await;
        later.touch() + last.touch() + got.touch()
    }
}

differential! {
    the_receiver_is_borrowed => subject(d("x"), d("y"));
    #[coroutine]
    async fn subject(x: D, mut y: D) -> u32 {
        let later = d("later");
        let same = x.beside(&give("w", 1, d("temporary")).await);
        pause().await;
        let n = u64::from(same.touch()) + y.converted::<u64>(give("v", 1, 3).await);
        let m: u64 = y.converted(give("v", 1, 3).await);
        pause().await;
        later.touch() + (n + m) as u32
    }
}

differential! {
    the_future_borrows_from_the_receiver => subject(d("x"), d("y"));
    #[coroutine]
    async fn subject(mut x: D, y: D) -> Result<usize, ()> {
        let n = x.write(format!("{} written", y.touch()).as_bytes().escape_ascii().to_string().as_str()).await?;
        let m = x.write(format!("{} kept", give("v", 1, y).await.touch()).as_str()).await?;
        Ok(n + m)
    }
}

differential! {
    among_other_operands => subject(d("x"), d("y"));
    #[coroutine]
    async fn subject(x: D, y: D) -> (D, (D, u32), D) {
        let first = d("first");
        pause().await;
        (first, x.instead((d("v"), give("w", 1, 7).await)), y.instead(give("v", 1, d("z")).await))
    }
}

differential! {
    in_a_tail_and_a_condition => subject(d("x"), d("y"));
    #[coroutine]
    async fn subject(x: D, y: D) -> u64 {
        if y.instead(give("w", 1, true).await) {
            pause().await;
        }
        x.made((d("v"), give("w", 1, 7).await))
    }
}

differential! {
    reassigned_after_arguments_that_suspend => subject(d("x"));
    #[coroutine]
    async fn subject(mut x: D) -> u32 {
        let later = d("later");
        for _ in 0..2 {
            x = x.with(give("w", 1, d("other")).await);
            pause().await;
        }
        x.touch() + later.touch()
    }
}

differential! {
    arguments_that_leave => subject(odd("x"), odd("y"));
    #[coroutine]
    async fn subject(x: Odd, y: Odd) -> Result<u32, D> {
        let later = d("later");
        let n = 'out: {
            pause().await;
            x.send(match give("w", 1, Some(d("m"))).await {
                Some(m) => m,
                None => break 'out 1,
            })
            .touch()
        };
        let m = y.send(fail::<D, D>("f", d("error")).await?).touch();
        Ok(n + m + later.touch())
    }
}

differential! {
    receivers_of_other_types => subject(Box::new(d("boxed")), 4);
    #[coroutine]
    async fn subject(boxed: Box<D>, number: u32) -> u32 {
        let later = d("later");
        pause().await;
        let n = boxed.instead(give("w", 1, 2).await);
        let m = number.instead(give("v", 1, 3).await);
        pause().await;
        later.touch() + n + m
    }
}

/// A generic receiver, which is taken.
async fn generic<T: Methods>(value: T) -> u32 {
    value.instead(give("g", 1, 1).await)
}

differential! {
    the_type_of_the_receiver_is_a_parameter => subject(d("x"), 1);
    #[coroutine]
    async fn subject<T: Methods, U: Methods>(x: T, y: U) -> u32 {
        let later = d("later");
        let sum = y.instead(generic(3_u32).await) + x.instead(give("g", 1, 1).await);
        later.touch() + sum
    }
}

differential! {
    closures_whose_arguments_suspend => subject(d("taken"), d("lent"));
    #[coroutine]
    async fn subject(taken: D, lent: D) -> u32 {
        let later = d("later");
        let once = move |more: u32, other: D| taken.pass().touch() + more + other.touch();
        let mut count = 0;
        let mut add = |more: u32| {
            count += more + lent.touch();
            count
        };
        let first = add(give("first", 1, 1).await);
        let last = once(add(give("second", 1, 2).await), give("other", 1, d("other")).await);
        pause().await;
        first + last + count + later.touch()
    }
}

differential! {
    functions_whose_arguments_suspend => subject(D::touch, |more| more + 1, &|more| more + 2);
    #[coroutine]
    async fn subject(
        borrows: fn(&D) -> u32,
        once: impl FnOnce(u32) -> u32,
        many: &dyn Fn(u32) -> u32,
    ) -> u32 {
        let first = borrows(&give("first", 1, d("first")).await);
        let second = many(give("second", 1, first).await);
        once(many(give("third", 1, second).await))
    }
}
