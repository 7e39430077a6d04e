//! Receivers of methods whose name does not tell whether they are consumed.

use coframe_tests::differential;
use coframe_tests::differential::*;

/// A value whose methods break every convention of names.
#[derive(Debug)]
struct Odd(D);

fn odd(name: &'static str) -> Odd {
    Odd(d(name))
}

#[allow(clippy::wrong_self_convention, reason = "the names are meant to mislead")]
impl Odd {
    fn unwrap(&self) -> u32 {
        self.0.touch()
    }
    fn expect(&mut self, _: &str) -> u32 {
        self.0.poke().touch()
    }
    fn into_name(&self) -> &str {
        self.0.name()
    }
    fn collect(&self, other: &D) -> u32 {
        self.0.touch() + other.touch()
    }
    fn finish(self) -> u32 {
        self.0.eat()
    }
    fn send(self, other: D) -> D {
        self.0.eat();
        other
    }
    fn look(&self) -> u32 {
        self.0.touch()
    }
    fn result(&self) -> Result<u32, String> {
        Ok(self.0.touch())
    }
    fn parts(self) -> (D, D) {
        (self.0, d("second"))
    }
    fn option(self) -> Option<D> {
        Some(self.0)
    }
    fn grown(self) -> Self {
        self.0.touch();
        self
    }
    fn is_fine(self) -> bool {
        self.0.eat() == 0
    }
    fn fails(self) -> Result<u32, String> {
        Err(format!("failed {}", self.0.eat()))
    }
}

differential! {
    unwrap_that_borrows => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        pause().await;
        let n = x.unwrap();
        say("after");
        pause().await;
        say("end");
        n
    }
}

differential! {
    unwrap_that_borrows_before_later_locals => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        let y = d("y");
        pause().await;
        x.unwrap();
        say("after");
        pause().await;
        let z = d("z");
        pause().await;
        y.touch() + z.touch()
    }
}

differential! {
    expect_that_borrows_mutably => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut x = odd("x");
        pause().await;
        let n = x.expect("words");
        pause().await;
        n
    }
}

differential! {
    a_reference_from_into => subject();
    #[coroutine]
    async fn subject() -> usize {
        let x = odd("x");
        pause().await;
        let name = x.into_name();
        pause().await;
        say(name);
        name.len()
    }
}

differential! {
    a_temporary_beside_the_receiver => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        pause().await;
        let n = x.collect(&d("temporary"));
        say("after");
        pause().await;
        n
    }
}

differential! {
    a_temporary_beside_a_consumed_receiver => subject();
    #[coroutine]
    async fn subject() -> D {
        let x = odd("x");
        let y = d("y");
        pause().await;
        let z = x.send(d("temporary"));
        say("after");
        pause().await;
        y.touch();
        z
    }
}

differential! {
    a_consumed_receiver_before_later_locals => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        let y = d("y");
        let z = d("z");
        pause().await;
        let n = x.finish();
        say("after");
        pause().await;
        n + y.touch() + z.touch()
    }
}

differential! {
    a_receiver_in_a_condition => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        pause().await;
        if x.is_fine() {
            say("fine");
            pause().await;
        }
        say("after");
        pause().await;
        1
    }
}

differential! {
    a_borrowed_receiver_in_a_condition => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        pause().await;
        if x.look() == 0 {
            say("fine");
            pause().await;
        }
        say("after");
        pause().await;
        1
    }
}

differential! {
    a_receiver_in_a_scrutinee => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        let y = d("y");
        pause().await;
        let n = match x.option() {
            Some(taken) => {
                pause().await;
                taken.touch()
            }
            None => 7,
        };
        say("after");
        pause().await;
        n + y.touch()
    }
}

differential! {
    a_receiver_in_a_plain_scrutinee => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        let y = d("y");
        pause().await;
        let n = match x.option() {
            Some(taken) => taken.touch(),
            None => 7,
        };
        say("after");
        pause().await;
        n + y.touch()
    }
}

differential! {
    a_receiver_in_if_let => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        pause().await;
        if let Some(taken) = x.option() {
            taken.touch();
        } else {
            say("none");
        }
        say("after");
        pause().await;
        1
    }
}

differential! {
    a_receiver_in_let_else => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        let y = d("y");
        pause().await;
        let Some(taken) = x.option() else {
            return 3;
        };
        pause().await;
        taken.touch() + y.touch()
    }
}

differential! {
    a_receiver_in_a_pattern => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        let y = d("y");
        pause().await;
        let (a, b) = x.parts();
        say("after");
        pause().await;
        a.touch() + b.touch() + y.touch()
    }
}

differential! {
    a_receiver_before_a_question_mark => subject();
    #[coroutine]
    async fn subject() -> Result<u32, String> {
        let x = odd("x");
        let y = d("y");
        pause().await;
        let n = x.fails()?;
        pause().await;
        Ok(n + y.touch())
    }
}

differential! {
    a_borrowed_receiver_before_a_question_mark => subject();
    #[coroutine]
    async fn subject() -> Result<u32, String> {
        let x = odd("x");
        let y = d("y");
        pause().await;
        let n = x.result()?;
        say("after");
        pause().await;
        Ok(n + y.touch())
    }
}

differential! {
    a_receiver_as_an_argument => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        let y = d("y");
        pause().await;
        let n = eat(val("first", d("first"))) + x.finish() + eat(d("last"));
        say("after");
        pause().await;
        n + y.touch()
    }
}

differential! {
    two_receivers_in_a_statement => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        let y = odd("y");
        pause().await;
        let n = x.finish() + y.unwrap();
        say("after");
        pause().await;
        n
    }
}

differential! {
    two_consumed_receivers_in_a_statement => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        let y = odd("y");
        let z = d("z");
        pause().await;
        let n = y.finish() + x.finish();
        say("after");
        pause().await;
        n + z.touch()
    }
}

differential! {
    a_builder => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut x = odd("x");
        let y = d("y");
        pause().await;
        x = x.grown();
        pause().await;
        x = x.grown().grown();
        say("grown");
        pause().await;
        x.finish() + y.touch()
    }
}

differential! {
    a_builder_in_a_loop => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut x = odd("x");
        let y = d("y");
        for round in 0..2 {
            pause().await;
            x = x.grown();
            say(round);
        }
        say("grown");
        pause().await;
        let n = x.finish();
        say("finished");
        pause().await;
        n + y.touch()
    }
}

differential! {
    assigned_after_a_method_that_borrows => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut x = odd("x");
        let y = d("y");
        pause().await;
        let n = x.unwrap();
        say("before");
        x = odd("new");
        say("after");
        pause().await;
        n + x.look() + y.touch()
    }
}

differential! {
    assigned_after_a_method_that_consumes => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut x = odd("x");
        let y = d("y");
        let mut n = 0;
        for _ in 0..2 {
            pause().await;
            n += x.finish();
            say("before");
            pause().await;
            x = odd("new");
            say("after");
        }
        n + x.look() + y.touch()
    }
}

differential! {
    consumed_on_one_path => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        let y = d("y");
        let mut n = 0;
        for round in 0..2 {
            pause().await;
            if round == 1 {
                n += x.finish();
                say("finished");
                pause().await;
                break;
            }
            say("again");
        }
        say("after");
        pause().await;
        n + y.touch()
    }
}

differential! {
    consumed_on_either_path => subject(true);
    #[coroutine]
    async fn subject(flag: bool) -> u32 {
        let x = odd("x");
        let y = d("y");
        pause().await;
        let n = if flag {
            pause().await;
            x.finish()
        } else {
            x.unwrap()
        };
        say("after");
        pause().await;
        n + y.touch()
    }
}

differential! {
    borrowed_on_either_path => subject(false);
    #[coroutine]
    async fn subject(flag: bool) -> u32 {
        let x = odd("x");
        let y = d("y");
        pause().await;
        let n = if flag {
            pause().await;
            x.finish()
        } else {
            x.unwrap()
        };
        say("after");
        pause().await;
        n + y.touch()
    }
}

differential! {
    an_option_is_unwrapped => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = give("option", 1, Some(d("x"))).await;
        let y = d("y");
        pause().await;
        let z = x.unwrap();
        say("after");
        pause().await;
        z.touch() + y.touch()
    }
}

differential! {
    a_result_is_mapped => subject();
    #[coroutine]
    async fn subject() -> Result<u32, String> {
        let x: Result<D, D> = Ok(d("x"));
        let y = d("y");
        pause().await;
        let z = x.map_err(|error| error.name().to_owned())?;
        say("after");
        pause().await;
        Ok(z.touch() + y.touch())
    }
}

differential! {
    a_vector_is_iterated => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = vec![d("a"), d("b")];
        let y = d("y");
        pause().await;
        let mut n = 0;
        for each in x.into_iter() {
            n += each.touch();
            pause().await;
        }
        n + y.touch()
    }
}

differential! {
    operands_that_are_unwrapped => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = add(give("x", 1, odd("x")).await.unwrap(), give("y", 1, odd("y")).await.unwrap());
        say("after");
        pause().await;
        n
    }
    fn add(a: u32, b: u32) -> u32 {
        say("add");
        a + b
    }
}

differential! {
    operands_that_are_consumed => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = add(give("x", 1, odd("x")).await.finish(), give("y", 1, odd("y")).await.finish());
        say("after");
        pause().await;
        n
    }
    fn add(a: u32, b: u32) -> u32 {
        say("add");
        a + b
    }
}

differential! {
    a_tail_that_is_unwrapped => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let y = d("y");
        pause().await;
        y.touch();
        give("x", 1, odd("x")).await.unwrap()
    }
}

differential! {
    a_tail_that_is_consumed => subject();
    #[coroutine]
    async fn subject() -> Result<u32, String> {
        let y = d("y");
        pause().await;
        y.touch();
        give("x", 1, odd("x")).await.fails().map_err(|error| error + "!")
    }
}

differential! {
    a_future_that_is_sent => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        let y = d("y");
        pause().await;
        let z = x.send(d("z"));
        pause().await;
        y.touch() + z.touch()
    }
}

differential! {
    a_receiver_in_a_closure => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = odd("x");
        let y = d("y");
        pause().await;
        let f = || x.unwrap();
        let n = f();
        say("after");
        pause().await;
        n + y.touch()
    }
}
