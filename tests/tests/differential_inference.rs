//! Types that are known only later, coercions, reborrows: what an operand or a slot must not lose.

#![allow(clippy::unused_unit, reason = "it is what is tried")]

use std::fmt::Debug;

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    types_known_after_a_suspension => subject();
    #[coroutine]
    async fn subject() -> (u8, Vec<D>, Option<u16>, u64) {
        fn narrow(n: u8) -> u8 {
            n
        }
        let mut n = 0;
        let mut list = Vec::new();
        let mut best = None;
        let parsed = "5".parse().unwrap();
        pause().await;
        n += 1;
        list.push(d("x"));
        best = best.or(Some(7));
        pause().await;
        let wide: u64 = parsed;
        (narrow(n), list, best, wide)
    }
}

differential! {
    collected_and_converted_later => subject();
    #[coroutine]
    async fn subject() -> (Vec<u32>, String) {
        let list = (0..3).collect();
        let text = "text".into();
        let fallback = Default::default();
        pause().await;
        let sum: u32 = fallback;
        let mut all: Vec<u32> = list;
        all.push(sum);
        (all, text)
    }
}

differential! {
    coercions_before_a_suspension => subject(vec![1, 2], "text".to_string());
    #[coroutine]
    async fn subject(list: Vec<u8>, text: String) -> usize {
        fn sum(list: &[u8], text: &str, n: usize) -> usize {
            list.len() + text.len() + n
        }
        sum(&list, &text, give("n", 1, 3).await)
    }
}

differential! {
    unsizing_before_a_suspension => subject();
    #[coroutine]
    async fn subject() -> String {
        fn show(a: Box<dyn Debug>, b: &dyn Debug, n: u32) -> String {
            format!("{a:?}{b:?}{n}")
        }
        show(Box::new(d("a")), &2_u8, give("n", 1, 3).await)
    }
}

differential! {
    untyped_operands_before_a_suspension => subject();
    #[coroutine]
    async fn subject() -> usize {
        fn take(n: u8, list: Vec<u16>, none: Option<D>, parsed: u32, m: usize) -> usize {
            usize::from(n) + list.len() + usize::from(none.is_none()) + parsed as usize + m
        }
        take(1, Vec::new(), None, "4".parse().unwrap(), give("m", 1, 3).await)
    }
}

differential! {
    functions_as_operands => subject();
    #[coroutine]
    async fn subject() -> u32 {
        fn apply(f: fn(&D) -> u32, g: impl Fn(u32) -> u32, x: D) -> u32 {
            g(f(&x))
        }
        apply(D::touch, |n| n + 1, give("x", 1, d("x")).await)
    }
}

differential! {
    implicit_reborrows => subject(&mut d("x"));
    #[coroutine]
    async fn subject(x: &mut D) -> u32 {
        fn poke(x: &mut D, n: u32) -> u32 {
            x.poke().touch() + n
        }
        let a = poke(x, 1);
        pause().await;
        let b = poke(x, give("n", 1, 2).await);
        let c = poke(x, give("m", 1, 3).await);
        let again: &mut D = x;
        again.poke();
        pause().await;
        a + b + c + poke(x, 0)
    }
}

differential! {
    two_phase_borrows => subject();
    #[coroutine]
    async fn subject() -> Vec<usize> {
        let mut list = vec![1, 2];
        list.push(list.len());
        pause().await;
        list.push(list.len() + give("n", 1, 1).await);
        let n = list.len();
        list[0] = list[1] + give("m", 1, n).await;
        list[0] += list[1];
        list
    }
}

differential! {
    numbers_without_a_type => subject();
    #[coroutine]
    async fn subject() -> (i32, f64) {
        let n = 3;
        let x = 1.5;
        pause().await;
        let m = n * give("n", 1, 2).await - 10;
        (m, x * give("x", 1, 2.0).await + f64::from(m))
    }
}

differential! {
    a_loop_value_typed_by_its_use => subject();
    #[coroutine]
    async fn subject() -> u8 {
        let mut n = 0;
        let m = loop {
            pause().await;
            n += 1;
            if n > 2 {
                break n;
            }
        };
        while n > 2 {
            pause().await;
            n -= 1;
        }
        m
    }
}

differential! {
    branches_that_coerce => subject(true);
    #[coroutine]
    async fn subject(flag: bool) -> String {
        let x = d("x");
        let boxed: Box<dyn Debug> = if flag {
            pause().await;
            Box::new(x)
        } else {
            Box::new(give("n", 1, 3).await)
        };
        pause().await;
        let text: &str = match flag {
            true => &format!("{boxed:?}"),
            false => "",
        };
        text.to_owned()
    }
}

differential! {
    a_diverging_branch => subject(Some(2));
    #[coroutine]
    async fn subject(n: Option<u32>) -> u32 {
        let n = match n {
            Some(n) => n,
            None => {
                pause().await;
                panic!("none")
            }
        };
        let m = if n == 2 { give("m", 1, 3).await } else { return 0 };
        pause().await;
        n + m
    }
}

differential! {
    returned_as_something_else => subject(true);
    #[coroutine]
    async fn subject(flag: bool) -> Box<dyn Debug> {
        let x = d("x");
        if flag {
            pause().await;
            return Box::new(x);
        }
        Box::new(give("n", 1, 3).await)
    }
}

differential! {
    results_with_an_open_error => subject();
    #[coroutine]
    async fn subject() -> Result<(), Box<dyn std::error::Error>> {
        let parsed = "12".parse::<u32>()?;
        pause().await;
        if parsed != 12 {
            return Err("wrong".into());
        }
        "x".parse::<u8>().map(drop)?;
        Ok(())
    }
}

differential! {
    closures_with_untyped_arguments => subject(vec![d("b"), d("a")]);
    #[coroutine]
    async fn subject(mut list: Vec<D>) -> Vec<String> {
        pause().await;
        list.sort_by(|a, b| a.name().cmp(b.name()));
        let names = list.iter().map(|x| x.name().to_owned());
        let names: Vec<_> = names.collect();
        pause().await;
        names.into_iter().rev().collect()
    }
}

differential! {
    coercions_in_assignments => subject(vec![1, 2]);
    #[coroutine]
    async fn subject(list: Vec<u8>) -> (usize, String, u32, u64) {
        let first = [7u8];
        let mut bytes: &[u8] = &first;
        let mut shown: Box<dyn Debug> = Box::new(1);
        let mut function: fn(u32) -> u32 = |n| n;
        let mut best = None;
        let mut parsed = 0;
        for _ in 0..2 {
            pause().await;
            bytes = &list;
            shown = Box::new("text");
            function = |n| n + 1;
            best = Some(best.unwrap_or_default() + 1);
            parsed = "5".parse().unwrap();
            pause().await;
        }
        let best: u64 = best.unwrap_or(1);
        (bytes.len(), format!("{shown:?}"), function(parsed), best)
    }
}

differential! {
    assignments_that_may_not_happen => subject(Some(2));
    #[coroutine]
    async fn subject(mut given: Option<u32>) -> u32 {
        let (mut a, b);
        a = 1u32;
        pause().await;
        given = match given {
            Some(0) => return 0,
            Some(n) => n.checked_sub(1),
            None => None,
        };
        loop {
            pause().await;
            a = match given {
                Some(0) => break b = a,
                Some(n) => {
                    given = n.checked_sub(1);
                    n
                }
                None => return 1,
            };
        }
        pause().await;
        a + b
    }
}

differential! {
    branches_of_written_types => subject(2);
    #[coroutine]
    async fn subject(n: u32) -> Option<Box<dyn Debug>> {
        let wide: u64 = match n {
            0 => 1,
            _ => give("n", 1, 2).await,
        };
        let bytes: &[u64] = if n == 2 { &[1, 2] } else { give("bytes", 1, &[3]).await };
        let _unit: () = if n == 2 { pause().await };
        pause().await;
        if wide == bytes[1] {
            return match n {
                0 => None,
                2 => Some(give("boxed", 1, Box::new(wide)).await),
                _ => Some(Box::new("text")),
            };
        }
        give("none", 1, None).await
    }
}

differential! {
    a_part_of_what_has_no_name => subject(d("x"));
    #[coroutine]
    async fn subject(x: D) -> u32 {
        let both = (d("a"), {
            let _future = async { x.touch() };
            1
        });
        let most = 2.max(both.1);
        pause().await;
        most
    }
}

differential! {
    a_unit_of_a_branch_that_suspends => subject(true);
    #[coroutine]
    async fn subject(suspends: bool) -> bool {
        let unit: () = if suspends {
            pause().await;
            ()
        } else {
            ()
        };
        let some = Some(unit);
        some.is_some()
    }
}
