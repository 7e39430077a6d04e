//! Variables that are moved or assigned beside jumps that stay in the same statement.

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    moved_before_a_break_that_stays => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        pause().await;
        for round in 0..3 {
            if round == 1 {
                eat(x);
                break;
            }
        }
        pause().await;
        say("end");
        1
    }
}

differential! {
    moved_before_or_after_the_end_of_a_labelled_block => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let (x, y) = (d("x"), d("y"));
        pause().await;
        let n = 'block: {
            if val("leaves", true) {
                eat(x);
                break 'block 3;
            }
            eat(y)
        };
        pause().await;
        say("end");
        n
    }
}

differential! {
    not_assigned_again_in_a_labelled_block => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut x = d("x");
        pause().await;
        eat(x);
        pause().await;
        'block: {
            if val("leaves", true) {
                break 'block;
            }
            x = d("y");
            x.touch();
        }
        pause().await;
        say("end");
        1
    }
}

differential! {
    moved_in_an_arm_before_a_break_that_stays => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        pause().await;
        while val("round", true) {
            match val("two", 2) {
                2 => {
                    eat(x);
                    break;
                }
                n => say(n),
            }
        }
        pause().await;
        say("end");
        1
    }
}

differential! {
    a_body_that_never_ends => async move {
        match val("never", 1) {
            1 => subject(1).await,
            n => n,
        }
    };
    #[coroutine]
    async fn subject(n: u32) -> ! {
        let x = d("x");
        loop {
            pause().await;
            assert!(n == x.touch(), "it ends here");
            pause().await;
            if n == 1 {
                panic!("or here");
            }
        }
    }
}
