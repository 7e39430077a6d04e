//! Receivers of methods whose name does not tell whether they are consumed.

use coframe_tests::differential;
use coframe_tests::differential::*;

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
    an_operand_of_a_closure_that_ends_before_the_next_suspension => subject(d("captured"));
    #[coroutine]
    async fn subject(captured: D) -> u32 {
        let add = move |number: u32| number + captured.touch();
        let sum = add(give("given", 0, d("given")).await.eat());
        pause().await;
        sum
    }
}
