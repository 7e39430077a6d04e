//! `?` on `Result` and `Option`, with conversions of the error.

#![allow(clippy::useless_vec, reason = "a macro around a suspension")]

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    question_after_an_await => subject();
    #[coroutine]
    async fn subject() -> Result<u32, String> {
        let x = d("x");
        let n = give("ok", 1, Ok::<u32, String>(3)).await?;
        let m: u32 = fail("bad", x.name().to_string()).await?;
        Ok(n + m)
    }
}

differential! {
    question_that_converts => subject();
    #[derive(Debug)]
    struct Wrapped(#[allow(dead_code, reason = "it is logged")] Inner);
    #[derive(Debug)]
    struct Inner(#[allow(dead_code, reason = "it is logged")] D);
    impl From<Inner> for Wrapped {
        fn from(inner: Inner) -> Self {
            say("convert");
            Wrapped(inner)
        }
    }
    #[coroutine]
    async fn subject() -> Result<D, Wrapped> {
        let x = d("x");
        let _y = give("y", 1, Ok::<D, Inner>(d("y"))).await?;
        pause().await;
        let result: Result<(), Inner> = fail("bad", Inner(d("error"))).await;
        result?;
        Ok(x)
    }
}

differential! {
    question_on_an_option => subject(vec![Some(1), None]);
    #[coroutine]
    async fn subject(list: Vec<Option<u32>>) -> Option<u32> {
        let x = d("x");
        let mut sum = 0;
        for n in list {
            let y = d("y");
            pause().await;
            sum += n? + y.touch();
        }
        Some(sum + x.touch())
    }
}

differential! {
    question_in_operands => subject(true);
    #[coroutine]
    async fn subject(ok: bool) -> Result<u32, &'static str> {
        let check = |n: u32| if ok { Ok(n) } else { Err("bad") };
        let a = check(1)? + give("b", 1, Ok::<u32, &'static str>(2)).await? + check(3)?;
        let list = vec![d("x"), make("y").await?];
        Ok(a + list.len() as u32)
    }
    #[coroutine]
    async fn make(name: &'static str) -> Result<D, &'static str> {
        pause().await;
        Ok(d(name))
    }
}

differential! {
    question_in_operands_that_fails => subject();
    #[coroutine]
    async fn subject() -> Result<u32, D> {
        fn sum(a: D, b: u32) -> u32 {
            a.touch() + b
        }
        let x = d("x");
        let n = sum(d("a"), fail::<u32, D>("bad", d("error")).await?);
        Ok(n + x.touch())
    }
}

differential! {
    question_in_a_tail => subject(1);
    #[coroutine]
    async fn subject(n: u32) -> Result<u32, std::num::TryFromIntError> {
        let x = d("x");
        pause().await;
        let small = u8::try_from(n)?;
        let n = u32::from(small) + u32::from(u8::try_from(n + 300)?);
        x.touch();
        Ok(n)
    }
}

differential! {
    question_in_a_loop_with_cleanup => subject();
    #[coroutine]
    async fn subject() -> Result<u32, &'static str> {
        let guard = d("guard");
        let mut total = 0;
        loop {
            let n = read(total).await?;
            if n == 0 {
                guard.touch();
                return Ok(total);
            }
            write(&guard, n).await?;
            total += n;
        }
    }
    #[coroutine]
    async fn read(total: u32) -> Result<u32, &'static str> {
        pause().await;
        Ok(2 - total)
    }
    #[coroutine]
    async fn write(guard: &D, n: u32) -> Result<(), &'static str> {
        for _ in 0..n {
            pause().await;
            guard.touch();
        }
        Ok(())
    }
}

differential! {
    question_to_a_boxed_error => subject("12x");
    #[coroutine]
    async fn subject(text: &str) -> Result<u32, Box<dyn std::error::Error>> {
        let x = d("x");
        pause().await;
        let n: u32 = text[..2].parse()?;
        pause().await;
        let m: u32 = text.parse()?;
        Ok(n + m + x.touch())
    }
}

differential! {
    question_on_a_match => subject();
    #[coroutine]
    async fn subject() -> Option<u32> {
        let x = d("x");
        let n = match give("x", 1, Some(2)).await {
            Some(2) => {
                pause().await;
                Some(3)
            }
            other => other,
        }?;
        let m = if n == 3 { give("none", 1, None).await } else { Some(x.touch()) }?;
        Some(n + m)
    }
}

differential! {
    question_in_arguments_and_receivers => subject();
    #[coroutine]
    async fn subject() -> Option<u32> {
        let n = give("x", 1, Some(d("x"))).await?.touch();
        let mut list = vec![];
        list.push(give("y", 1, Some(d("y"))).await?);
        let first = list.first()?.touch();
        pause().await;
        Some(n + first + give("z", 1, list.get(1)).await?.touch())
    }
}

differential! {
    question_in_a_condition => subject();
    #[coroutine]
    async fn subject() -> Result<u32, D> {
        let x = d("x");
        if give("yes", 1, Ok::<bool, D>(true)).await? && x.touch() == 0 {
            pause().await;
        }
        while give("no", 1, Ok::<bool, D>(false)).await? {
            say("body");
        }
        for _ in give("range", 1, Ok::<_, D>(0..2)).await? {
            pause().await;
        }
        Err(x)
    }
}

differential! {
    errors_are_mapped => subject();
    #[coroutine]
    async fn subject() -> Result<u32, String> {
        let context = d("context");
        let n = give("ok", 1, Ok::<u32, D>(1)).await.map_err(|e| e.name().to_string())?;
        let m = fail::<u32, D>("bad", d("error"))
            .await
            .map_err(|e| format!("{}: {}", context.name(), e.name()))?;
        Ok(n + m)
    }
}
