//! Arrays that patterns take elements out of: rustc drops them from the last element to the first where
//! one may be missing.

#![allow(unused_variables, reason = "what is bound is dropped")]

use coframe_tests::differential;
use coframe_tests::differential::*;

fn three() -> [D; 3] {
    [d("first"), d("second"), d("third")]
}

differential! {
    all_elements_of_an_argument => subject(three());
    #[coroutine]
    async fn subject(list: [D; 3]) -> u32 {
        pause().await;
        let [a, b, c] = list;
        a.touch() + b.touch() + c.touch()
    }
}

differential! {
    all_elements_before_a_suspension => subject(three());
    #[coroutine]
    async fn subject(list: [D; 3]) -> u32 {
        pause().await;
        let [a, b, c] = list;
        pause().await;
        a.touch() + b.touch() + c.touch()
    }
}

differential! {
    one_element_in_a_branch => subject(three());
    #[coroutine]
    async fn subject(list: [D; 3]) -> u32 {
        if give("choose", 1, true).await {
            let [_, b, _] = list;
            pause().await;
            return b.touch();
        } else if give("or", 1, false).await {
            return 2;
        }
        pause().await;
        3
    }
}

differential! {
    one_element_in_the_other_branch => subject(three());
    #[coroutine]
    async fn subject(list: [D; 3]) -> u32 {
        if give("choose", 1, false).await {
            let [_, b, _] = list;
            pause().await;
            return b.touch();
        }
        pause().await;
        3
    }
}

differential! {
    a_return_before_and_one_behind => subject(three(), false);
    #[coroutine]
    async fn subject(list: [D; 3], leaves: bool) -> u32 {
        if give("g", 1, leaves).await {
            return 1;
        }
        let [first, rest @ ..] = list;
        pause().await;
        if rest[0].touch() > 100 {
            return 2;
        }
        first.touch()
    }
}

differential! {
    a_question_mark_before_and_one_behind => subject(three());
    #[coroutine]
    async fn subject(list: [D; 3]) -> Option<u32> {
        give("g", 1, Some(1)).await?;
        let [first, ..] = list;
        pause().await;
        give("h", 1, None::<u32>).await?;
        Some(first.touch())
    }
}

differential! {
    only_a_return_before => subject(three());
    #[coroutine]
    async fn subject(list: [D; 3]) -> u32 {
        pause().await;
        if list[0].touch() > 0 {
            return 1;
        }
        let [first, ..] = list;
        first.touch()
    }
}

differential! {
    elements_and_a_new_array_in_a_loop => subject(three());
    #[coroutine]
    async fn subject(mut list: [D; 3]) -> u32 {
        let mut n = 0;
        while n < 2 {
            {
                let [_, b, _] = list;
                pause().await;
            }
            list = three();
            pause().await;
            n += 1;
        }
        list[0].touch()
    }
}

differential! {
    nothing_is_awaited => subject(three());
    #[coroutine]
    async fn subject(mut list: [D; 3]) -> [D; 3] {
        let late;
        if true {
            for _ in 0..2 {
                {
                    let [x, _, _] = list;
                }
                list = three();
            }
            late = d("late").touch();
        } else {
            late = d("other").touch();
        }
        say(late);
        list
    }
}

differential! {
    a_new_array_that_may_be_whole => subject(three());
    #[coroutine]
    async fn subject(mut list: [D; 3]) -> u32 {
        pause().await;
        say(list[0].name());
        list = [d("a"), d("b"), d("c")];
        pause().await;
        let [_, b, _] = list;
        pause().await;
        b.touch()
    }
}

differential! {
    an_array_in_a_field => subject((three(), d("other")));
    #[coroutine]
    async fn subject(pair: ([D; 3], D)) -> u32 {
        pause().await;
        if pair.1.touch() > 100 {
            return 0;
        }
        let [a, _, c] = pair.0;
        pause().await;
        a.touch() + c.touch()
    }
}

differential! {
    an_array_in_a_pattern => subject(three());
    #[coroutine]
    async fn subject(list: [D; 3]) -> u32 {
        let tuple = (d("before"), list, Some(d("behind")));
        pause().await;
        if let (_, [_, b, _], None) = tuple {
            pause().await;
            return b.touch();
        }
        pause().await;
        1
    }
}

differential! {
    an_array_in_a_box => subject(Box::new(three()));
    #[coroutine]
    async fn subject(list: Box<[D; 3]>) -> u32 {
        pause().await;
        if list[0].touch() > 100 {
            return 0;
        }
        let [a, ..] = *list;
        pause().await;
        a.touch()
    }
}

differential! {
    a_variable_that_lives_between_suspensions => subject();
    #[coroutine]
    async fn subject() -> u32 {
        pause().await;
        let list = three();
        let mut n = 0;
        while n < 2 {
            n += 1;
            if n > 5 {
                let [a, ..] = list;
                return a.touch();
            }
        }
        n
    }
}

differential! {
    an_array_of_an_awaited_value => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let list = give("g", 1, three()).await;
        pause().await;
        let n = match list {
            [a, _, _] if a.touch() > 100 => 1,
            [_, b, _] => b.touch(),
        };
        pause().await;
        n
    }
}

differential! {
    elements_that_are_enums => subject([Some(d("a")), Some(d("b"))]);
    #[coroutine]
    async fn subject(list: [Option<D>; 2]) -> u32 {
        pause().await;
        if let [None, Some(b)] = list {
            pause().await;
            return b.touch();
        }
        pause().await;
        1
    }
}

differential! {
    an_if_let_that_fails => subject();
    #[coroutine]
    async fn subject() -> u32 {
        if let Ok([None, Some(b)]) =
            give("g", 1, Ok::<[Option<D>; 2], D>([Some(d("a")), Some(d("b"))])).await
        {
            b.touch()
        } else {
            say("else");
            2
        }
    }
}

differential! {
    an_if_let_that_fails_beside_the_elements => subject();
    #[coroutine]
    async fn subject() -> u32 {
        if let (3, [_, b]) = give("g", 1, (2_u32, [d("a"), d("b")])).await {
            b.touch()
        } else {
            say("else");
            2
        }
    }
}

differential! {
    a_let_else_that_fails => subject([Some(d("a")), Some(d("b"))]);
    #[coroutine]
    async fn subject(list: [Option<D>; 2]) -> u32 {
        let [None, Some(b)] = give("g", 1, list).await else {
            say("else");
            pause().await;
            return 1;
        };
        pause().await;
        b.touch()
    }
}

differential! {
    a_let_else_that_fails_beside_the_elements => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let (3, [_, b]) = give("g", 1, (2_u32, [d("a"), d("b")])).await else {
            say("else");
            pause().await;
            return 1;
        };
        pause().await;
        b.touch()
    }
}

differential! {
    a_match_whose_last_arm_takes_nothing => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = match give("g", 1, [d("a"), d("b"), d("c")]).await {
            [_, b, _] if b.touch() > 100 => {
                pause().await;
                b.touch()
            }
            _ => {
                pause().await;
                3
            }
        };
        pause().await;
        n
    }
}

differential! {
    a_match_of_a_variable_whose_last_arm_takes_nothing => subject(three());
    #[coroutine]
    async fn subject(list: [D; 3]) -> u32 {
        pause().await;
        let n = match list {
            [_, b, _] if b.touch() > 100 => {
                pause().await;
                b.touch()
            }
            _ => {
                pause().await;
                3
            }
        };
        pause().await;
        n
    }
}

differential! {
    elements_that_are_references => subject([d("a"), d("b")]);
    #[coroutine]
    async fn subject(list: [D; 2]) -> u32 {
        let both = [&list[0], &list[1]];
        pause().await;
        let [a, b] = both;
        pause().await;
        let [c, d] = &list;
        pause().await;
        a.touch() + b.touch() + c.touch() + d.touch()
    }
}

differential! {
    the_elements_of_a_slice => subject(vec![d("a"), d("b")]);
    #[coroutine]
    async fn subject(list: Vec<D>) -> u32 {
        let slice = &list[..];
        pause().await;
        let [a, b] = slice else { return 1 };
        pause().await;
        a.touch() + b.touch()
    }
}

differential! {
    a_generic_array => subject([d("a"), d("b")]);
    #[coroutine]
    async fn subject<T: std::fmt::Debug>(list: [T; 2]) -> u32 {
        pause().await;
        if format!("{list:?}").is_empty() {
            return 1;
        }
        let [a, _] = list;
        pause().await;
        format!("{a:?}").len() as u32
    }
}

differential! {
    elements_of_what_a_loop_gives => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 0;
        let [ref a, b] = loop {
            if n == 1 {
                break *Box::new([d("a"), d("b")]);
            }
            n += 1;
            pause().await;
        };
        a.touch() + b.touch()
    }
}

differential! {
    elements_that_an_arm_takes_which_is_not_reached => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let both = (
            match (give("flag", 1, 1).await, [d("first"), d("second")]) {
                _ => 3,
                #[allow(unreachable_patterns, reason = "that is what is tried")]
                (n, [first, _]) => n,
            },
            d("behind"),
        );
        both.0 + both.1.touch()
    }
}

differential! {
    an_array_in_a_variant_that_is_not_there => subject(None);
    #[coroutine]
    async fn subject(other: Option<D>) -> u32 {
        let found = if let (Some(other), Some([a, b])) =
            (other, give("array", 1, Some([d("first"), d("second")])).await)
        {
            other.touch() + a.touch() + b.touch()
        } else {
            val("otherwise", 2)
        };
        pause().await;
        found
    }
}

differential! {
    an_arm_before_with_a_guard_that_suspends => subject(true);
    #[coroutine]
    async fn subject(is_taken: bool) -> u32 {
        let number = match (None::<D>, [d("first"), d("second")]) {
            _ if give("guard", 1, is_taken).await => 1,
            (other, [first, _]) => first.touch(),
        };
        pause().await;
        number
    }
}

differential! {
    an_arm_beside_that_takes_no_element => subject();
    #[coroutine]
    async fn subject() -> bool {
        let found = match (Some(1), (d("beside"), [d("first"), d("second")])) {
            (Some(_), (beside, _)) if give("guard", 1, true).await => true,
            (ref number, (beside, [_, second])) => number.is_none(),
        };
        pause().await;
        found
    }
}

differential! {
    elements_taken_in_the_value_of_a_return => subject([d("first"), d("second")], d("last"), true);
    #[coroutine]
    async fn subject(list: [D; 2], _: D, leaves: bool) -> u32 {
        pause().await;
        if leaves {
            return if val("keeps", true) {
                1
            } else {
                let [first, second] = list;
                first.touch() + second.touch()
            };
        }
        2
    }
}

differential! {
    elements_taken_before_an_argument_whose_drop_may_panic => subject(three(), d("last"));
    #[coroutine]
    async fn subject(mut list: [D; 3], _: D) -> D {
        let [first, _, second] = list;
        pause().await;
        list = [d("fourth"), d("fifth"), d("sixth")];
        list[0].touch();
        first
    }
}

differential! {
    all_elements_before_a_guard_that_suspends => subject([Some(d("first")), None]);
    #[coroutine]
    async fn subject(list: [Option<D>; 2]) -> u32 {
        let number = match (Some(1), list) {
            (Some(number), [Some(first), None]) => number + first.touch(),
            _ if give("guard", 1, true).await => 2,
            _ => 3,
        };
        pause().await;
        number
    }
}
