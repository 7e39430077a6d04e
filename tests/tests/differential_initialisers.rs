//! Initialisers that are control flow, and variables without one.

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    a_break_with_an_awaited_value_in_an_operand => subject();
    #[coroutine]
    async fn subject() -> usize {
        let all = [
            d("first"),
            {
                let mut rounds = 0;
                loop {
                    if rounds == 1 {
                        break give("g", 1, d("second")).await;
                    }
                    rounds += 1;
                }
            },
        ];
        all.len()
    }
}

differential! {
    a_break_with_an_absolute_path => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let both = (
            loop {
                if val("again", false) {
                    continue;
                }
                break ::core::option::Option::Some(give("g", 1, d("x")).await);
            },
            d("y"),
        );
        both.1.touch() + u32::from(both.0.is_some())
    }
}

differential! {
    an_initialiser_in_parentheses_before_else => subject(Some(d("a")));
    #[coroutine]
    async fn subject(mut a: Option<D>) -> u32 {
        let None = (if let Some(x) = &mut a {
            if give("g", 1, x.touch()).await > 5 { None::<D> } else { Some(d("b")) }
        } else {
            None
        }) else {
            return 1;
        };
        2
    }
}

differential! {
    a_match_in_parentheses_before_else => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let Some((x, _y)) = (match give("g", 1, Some(d("x"))).await {
            Some(x) => match val("y", true) {
                true => Some((x, d("y"))),
                false => None,
            },
            None => None::<(D, D)>,
        }) else {
            return 0;
        };
        pause().await;
        x.touch()
    }
}

differential! {
    variables_that_only_get_a_value => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let _late: u32;
        let _later: D;
        if give("g", 1, true).await {
            _late = 1;
            _later = d("x");
            say("assigned");
        } else {
            _late = 2;
        }
        3
    }
}

differential! {
    a_variable_that_only_gets_a_value_in_a_loop => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let _late;
        loop {
            if give("g", 1, val("again", false)).await {
                continue;
            }
            _late = d("y");
            break;
        }
        3
    }
}

differential! {
    extended_in_a_constructor => subject();
    #[coroutine]
    async fn subject() -> u32 {
        struct Reference<'a>(&'a D);
        let x = Some(&d("x"));
        let y = Reference(&give("y", 1, d("y")).await);
        pause().await;
        x.map_or(0, D::touch) + y.0.touch()
    }
}

differential! {
    extended_in_branches => subject(2);
    #[coroutine]
    async fn subject(number: u32) -> u32 {
        let x = if number == 2 { &d("then") } else { &d("else") };
        let y = match number {
            1 => &d("one"),
            2 => {
                say("two");
                &give("two", 1, d("two")).await
            }
            _ => &d("many"),
        };
        let z = if number > 2 { Some(&d("more")) } else { None };
        pause().await;
        x.touch() + y.touch() + z.map_or(0, D::touch)
    }
}

differential! {
    extended_in_a_block => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = {
            let inner = d("inner");
            (inner.touch(), &d("x"), Some(&beside(&inner, d("y")).await))
        };
        pause().await;
        x.0 + x.1.touch() + x.2.map_or(0, D::touch)
    }
    async fn beside<T>(value: &D, other: T) -> T {
        pause().await;
        value.touch();
        other
    }
}

differential! {
    extended_in_some_rounds => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut count = 0;
        for round in 0..3 {
            let x = if round == 1 { Some(&mut d("x")) } else { None };
            pause().await;
            if let Some(x) = x {
                count += x.touch();
            }
        }
        count
    }
}

differential! {
    extended_as_a_place => subject();
    #[coroutine]
    #[allow(clippy::toplevel_ref_arg, reason = "that is its point")]
    async fn subject() -> u32 {
        let (ref a, ref b) = *give("pair", 1, Box::new((d("a"), d("b")))).await;
        let ref c = give("c", 1, (d("c"), 1)).await.0;
        pause().await;
        a.touch() + b.touch() + c.touch()
    }
}
