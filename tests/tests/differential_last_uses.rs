//! Last uses that may consume a variable: followed by an assignment, on some paths, among operands.

#![allow(clippy::match_single_binding, reason = "it is what is tried")]

use coframe_tests::differential;
use coframe_tests::differential::*;

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

differential! {
    last_uses_against_the_order_of_declaration => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let w = d("w");
        let x = d("x");
        pause().await;
        let y = d("y");
        x.touch();
        let z = d("z");
        w.touch();
        say("end");
        y.touch() + z.touch()
    }
}

differential! {
    used_where_a_jump_leads_to => subject(d("a"), odd("b"));
    #[coroutine]
    async fn subject(a: D, b: Odd) -> u32 {
        let mut sum = 'out: {
            if give("w", 1, true).await {
                break 'out a.touch();
            }
            1
        };
        'done: {
            sum += if give("x", 1, sum > 3).await { b.finish() } else { break 'done };
            return sum;
        }
        sum + eat(a) + b.finish()
    }
}

differential! {
    used_on_either_side_of_a_jump => subject(odd("a"));
    #[coroutine]
    async fn subject(a: Odd) -> u32 {
        pause().await;
        let mut sum = 0;
        'done: {
            sum += if sum == 0 { break 'done } else { a.finish() };
            pause().await;
            return sum;
        }
        pause().await;
        sum + a.finish()
    }
}

differential! {
    after_a_statement_that_names_an_argument => subject("name", d("a"));
    #[coroutine]
    async fn subject(name: &str, a: D) -> Result<u32, String> {
        async fn look(x: &mut Odd) -> Result<u32, ()> {
            Ok(x.expect("word"))
        }
        let mut x = odd("x");
        let n: u32 = look(&mut x).await.map_err(|()| format!("{name} {}", a.touch()))?;
        let m = x.finish();
        pause().await;
        Ok(n + m + a.touch() + give("g", 1, name.trim().len() as u32).await)
    }
}

differential! {
    beside_a_number_from_a_borrow => subject();
    #[coroutine]
    async fn subject() -> Result<u32, String> {
        async fn look(x: &mut Odd) -> Result<u32, String> {
            Ok(x.expect("word"))
        }
        let mut x = odd("x");
        let y = d("y");
        let n = look(&mut x).await?;
        let m = x.finish();
        pause().await;
        Ok(n + m + y.touch())
    }
}

differential! {
    beside_a_returned_value_from_a_borrow => subject();
    #[coroutine]
    async fn subject() -> Result<(D, u32), String> {
        async fn look(x: &mut Odd) -> Result<D, String> {
            x.expect("word");
            Ok(d("looked"))
        }
        let mut x = odd("x");
        let first = look(&mut x).await?;
        let m = x.send(d("other")).touch();
        pause().await;
        Ok((first, m))
    }
}

differential! {
    after_a_loop_that_sums_up => subject();
    #[coroutine]
    async fn subject() -> u32 {
        async fn look(x: &mut Odd, round: u32) -> u32 {
            x.expect("word");
            2 - round
        }
        let mut x = odd("x");
        let (mut sum, mut round) = (0, 0);
        loop {
            let n = look(&mut x, round).await;
            if n == 0 {
                break;
            }
            sum += n;
            round += 1;
        }
        let m = x.finish();
        pause().await;
        sum + m
    }
}

differential! {
    a_borrow_that_is_added_to => subject();
    #[coroutine]
    async fn subject() -> u32 {
        async fn look(x: &Odd) -> &str {
            x.into_name()
        }
        let x = odd("x");
        let name = look(&x).await;
        let m = x.look();
        pause().await;
        name.len() as u32 + m
    }
}

differential! {
    used_before_a_jump_to_where_it_is_in_scope => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> D {
        if 'done: {
            if give("g", 1, a.touch()).await > 0 {
                break 'done (d("b"), a.touch());
            }
            (d("c"), 1)
        }
        .1 == 2
        {
            say("two");
        }
        say("end");
        d("d")
    }
}

differential! {
    looked_at_before_a_jump_to_where_it_is_in_scope => subject(odd("a"));
    #[coroutine]
    async fn subject(a: Odd) -> D {
        if 'done: {
            if give("g", 1, true).await {
                break 'done (odd("b"), a.look());
            }
            (odd("c"), 1)
        }
        .0
        .look()
            == 7
            && let Some(_) = None::<u32>
        {}
        say("end");
        d("d")
    }
}

/// Is set up by reference, and connects once.
#[derive(Debug)]
struct Socket(D);

impl Socket {
    fn bind(&self, name: Option<&[u8]>) -> Result<(), ()> {
        self.0.touch();
        name.map(|_| ()).ok_or(())
    }

    async fn connect(self, round: u32) -> Result<D, u32> {
        pause().await;
        if round == 1 { Ok(self.0) } else { Err(round) }
    }
}

differential! {
    consumed_after_it_was_set_up => subject(Some("name".to_owned()));
    #[coroutine]
    async fn subject(name: Option<String>) -> Result<D, u32> {
        let mut last = Err(9);
        for round in 0..2 {
            let socket = Socket(d("socket"));
            {
                if let Some(name) = &name {
                    socket.bind(Some(name.as_bytes())).map_err(|()| 8_u32)?;
                }
            }
            match socket.connect(round).await {
                Ok(found) => return Ok(found),
                Err(error) => last = Err(error),
            }
        }
        last
    }
}

differential! {
    a_part_is_matched_inside_what_uses_it_again => subject((Lock::new("lock"), 3, d("d")));
    #[coroutine]
    async fn subject(all: (Lock, u32, D)) -> u32 {
        give("looked at", 1, all.2.touch()).await;
        let both = (
            {
                match all.1 {
                    number => val("number", number),
                };
                d("made")
            },
            all.1,
        );
        both.0.touch() + both.1
    }
}

differential! {
    a_loop_inside_what_uses_a_variable_again => subject(vec![d("one"), d("two")]);
    #[coroutine]
    async fn subject(list: Vec<D>) -> u32 {
        let mut all = (list, 3);
        while let Some(next) = give("next", 1, all.0.pop()).await {
            if next.touch() > 0 {
                break;
            }
        }
        let sum = (
            if val("loops", true) {
                while let Some(next) = all.0.pop() {
                    next.touch();
                }
                1
            } else {
                2
            },
            all.1,
        );
        sum.0 + sum.1
    }
}
