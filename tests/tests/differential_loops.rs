//! `while`, `while let`, `loop` and `for`, with every way out of them.

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    while_with_a_condition => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let mut n = 0;
        while n < val("limit", 3) {
            let y = d("y");
            pause().await;
            n += 1 + y.touch();
        }
        x.touch() + n
    }
}

differential! {
    while_condition_suspends => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 0;
        while give("go on", 1, n < 2).await {
            let y = d("y");
            n += 1;
            if n == 1 {
                continue;
            }
            pause().await;
            y.touch();
        }
        n
    }
}

differential! {
    while_let => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut stack = vec![d("a"), d("b"), d("c")];
        let mut sum = 0;
        while let Some(x) = stack.pop() {
            pause().await;
            sum += x.touch() + 1;
        }
        sum
    }
}

differential! {
    while_let_on_an_await => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut it = Steps::new("it", 2);
        let mut sum = 0;
        while let Some(n) = give("next", 1, it.next()).await {
            sum += n;
            if sum > 10 {
                break;
            }
        }
        pause().await;
        sum
    }
}

differential! {
    while_let_keeps_its_scrutinee => subject(&Lock::new("x"));
    #[coroutine]
    async fn subject(lock: &Lock) -> u32 {
        while let 0..2 = lock.lock().touch() {
            say("body");
            pause().await;
        }
        lock.lock().touch()
    }
}

differential! {
    while_let_chain => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut it = Steps::new("it", 4);
        let mut sum = 0;
        while let Some(n) = it.next()
            && n < 2
        {
            pause().await;
            sum += n;
        }
        sum
    }
}

differential! {
    loop_with_a_value => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 0;
        let x = loop {
            let y = d("y");
            n += 1;
            pause().await;
            if n == 2 {
                break y;
            }
        };
        pause().await;
        x.touch() + n
    }
}

differential! {
    nested_loops_with_labels => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 0;
        'outer: loop {
            let x = d("x");
            loop {
                let y = d("y");
                n += 1;
                if n == 2 {
                    continue 'outer;
                }
                pause().await;
                if n == 4 {
                    break 'outer;
                }
                y.touch();
                if n == 3 {
                    break;
                }
            }
            x.touch();
        }
        n
    }
}

differential! {
    break_with_an_awaited_value => subject();
    #[coroutine]
    async fn subject() -> D {
        let mut n = 0;
        let x = 'outer: loop {
            let kept = d("kept");
            loop {
                n += 1;
                if n > 1 {
                    break 'outer give("value", 1, kept).await;
                }
                pause().await;
                if n > 0 {
                    break;
                }
            }
        };
        pause().await;
        x
    }
}

differential! {
    for_over_a_range => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let mut sum = 0;
        for i in 0..3 {
            pause().await;
            sum += i;
        }
        x.touch() + sum
    }
}

differential! {
    for_over_a_vector_by_value => subject(vec![d("a"), d("b"), d("c")]);
    #[coroutine]
    async fn subject(list: Vec<D>) -> u32 {
        let mut sum = 0;
        for x in list {
            if x.name() == "b" {
                continue;
            }
            pause().await;
            sum += x.touch() + 1;
        }
        sum
    }
}

differential! {
    for_over_a_vector_by_reference => subject(vec![d("a"), d("b")]);
    #[coroutine]
    async fn subject(mut list: Vec<D>) -> u32 {
        for x in &mut list {
            x.poke();
            pause().await;
            x.poke();
        }
        let mut sum = 0;
        for x in &list {
            pause().await;
            sum += x.touch();
        }
        for x in list.iter() {
            sum += x.touch();
        }
        sum
    }
}

differential! {
    for_with_break_drops_the_rest => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 0;
        for x in vec![d("a"), d("b"), d("c")] {
            pause().await;
            n += 1;
            if x.name() == "b" {
                break;
            }
        }
        pause().await;
        n
    }
}

differential! {
    for_with_return => subject();
    #[coroutine]
    async fn subject() -> Option<D> {
        let other = d("other");
        for x in [d("a"), d("b"), d("c")] {
            pause().await;
            if x.name() == "b" {
                return Some(x);
            }
        }
        drop(other);
        None
    }
}

differential! {
    for_over_an_iterator_with_closures => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let mut sum = 0;
        for n in Steps::new("it", 4).map(|n| n * 2).filter(|n| n % 4 == 0) {
            pause().await;
            sum += n;
        }
        x.touch() + sum
    }
}

differential! {
    for_over_chars_and_enumerate => subject("añb".to_string());
    #[coroutine]
    async fn subject(text: String) -> String {
        let mut out = String::new();
        for (i, c) in text.chars().enumerate() {
            pause().await;
            out.push(c);
            if i == 1 {
                out.push('!');
            }
        }
        out
    }
}

differential! {
    for_with_a_pattern => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut sum = 0;
        for (x, Pair { a, .. }) in
            [(d("x"), Pair { a: d("a"), b: d("b") }), (d("y"), Pair { a: d("c"), b: d("e") })]
        {
            pause().await;
            sum += x.touch() + a.touch();
        }
        sum
    }
    struct Pair {
        a: D,
        #[expect(dead_code, reason = "only dropped")]
        b: D,
    }
}

differential! {
    for_over_a_temporary => subject(&Lock::new("lock"));
    #[coroutine]
    async fn subject(lock: &Lock) -> u32 {
        let mut n = 0;
        for c in lock.lock().name().chars() {
            pause().await;
            n += u32::from(c == 'l');
        }
        n + lock.lock().touch()
    }
}

differential! {
    for_iterator_suspends => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut sum = 0;
        for n in give("iterator", 1, Steps::new("it", 2)).await {
            sum += n;
        }
        for n in 0..give("end", 1, 2).await {
            pause().await;
            sum += n;
        }
        sum
    }
}

differential! {
    for_without_suspension_inside_one_with => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut sum = 0;
        'outer: for i in 0..3 {
            for j in 0..3 {
                if j == 2 {
                    continue 'outer;
                }
                if i == 2 {
                    break 'outer;
                }
                let x = d("x");
                sum += x.touch() + j;
            }
            pause().await;
        }
        pause().await;
        sum
    }
}

differential! {
    loop_with_several_exits => subject(2);
    #[coroutine]
    async fn subject(limit: u32) -> Result<u32, D> {
        let mut it = Steps::new("it", 5);
        let error = d("error");
        loop {
            let Some(n) = it.next() else {
                return Ok(0);
            };
            match give("read", 1, n).await {
                n if n == limit => break,
                7 => return Err(error),
                n => {
                    let x = d("x");
                    leaf("write", 1).await;
                    if n > 9 {
                        return Err(x);
                    }
                    x.touch();
                }
            }
        }
        pause().await;
        Ok(limit)
    }
}

differential! {
    nested_for_loops => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut sum = 0;
        for x in [d("x"), d("y")] {
            for y in [d("a"), d("b")] {
                leaf("inner", 1).await;
                sum += x.touch() + y.touch();
                if x.name() == "x" {
                    break;
                }
            }
        }
        sum
    }
}

differential! {
    while_in_a_condition_block => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 0;
        while {
            let x = d("x");
            pause().await;
            n += 1;
            x.touch() + n < 3
        } {
            say("body");
        }
        n
    }
}

differential! {
    last_item_is_kept => subject(vec![d("a"), d("b")]);
    #[coroutine]
    async fn subject(list: Vec<D>) -> Option<D> {
        let mut last = None;
        for x in list {
            pause().await;
            last = Some(x);
            pause().await;
        }
        last
    }
}

differential! {
    rev_zip_and_windows => subject(vec![1, 2, 3]);
    #[coroutine]
    async fn subject(list: Vec<u32>) -> u32 {
        let mut sum = 0;
        for (a, b) in list.iter().rev().zip(&list) {
            pause().await;
            sum += a * b;
        }
        for pair in list.windows(2) {
            pause().await;
            sum += pair[0] * 10 + pair[1];
        }
        for i in (0..list.len()).rev().step_by(2) {
            pause().await;
            sum += list[i];
        }
        sum
    }
}

differential! {
    a_loop_is_left_between_a_move_and_a_new_value => subject();
    #[coroutine]
    async fn subject() -> u32 {
        {
            let mut value = d("first");
            for _ in 0..give("end", 1, 2).await {
                {
                    drop(value);
                    if val("leaves", true) {
                        break;
                    }
                }
                value = d("second");
            }
        }
        pause().await;
        1
    }
}
