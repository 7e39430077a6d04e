//! Values that are moved before, after and between suspensions.

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    moved_into_a_call => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let y = d("y");
        pause().await;
        let n = eat(x);
        pause().await;
        n + y.touch()
    }
}

differential! {
    moved_on_one_path => subject(true);
    #[coroutine]
    async fn subject(flag: bool) -> u32 {
        let x = d("x");
        let y = d("y");
        if flag {
            drop(x);
        }
        pause().await;
        y.touch()
    }
}

differential! {
    not_moved_on_the_other_path => subject(false);
    #[coroutine]
    async fn subject(flag: bool) -> u32 {
        let x = d("x");
        let y = d("y");
        if flag {
            drop(x);
        } else {
            pause().await;
        }
        pause().await;
        y.touch()
    }
}

differential! {
    moved_in_a_loop_and_filled_again => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut x = d("first");
        let mut n = 0;
        for i in 0..3 {
            if i != 1 {
                n += eat(x);
                pause().await;
                x = d("again");
            }
            pause().await;
        }
        n + x.touch()
    }
}

differential! {
    moved_in_a_loop_that_breaks => subject();
    #[coroutine]
    async fn subject() -> Option<D> {
        let x = d("x");
        let mut found = None;
        for i in 0..4 {
            pause().await;
            if i == 2 {
                found = Some(x);
                break;
            }
        }
        pause().await;
        found
    }
}

differential! {
    moved_into_an_awaited_future => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let y = d("y");
        let back = give("x", 1, x).await;
        pause().await;
        back.touch() + y.touch()
    }
}

differential! {
    moved_into_a_struct => subject();
    #[coroutine]
    async fn subject() -> u32 {
        struct Two {
            a: D,
            b: Option<D>,
        }
        let a = d("a");
        let b = d("b");
        pause().await;
        let two = Two { a, b: Some(b) };
        pause().await;
        let Two { a, b } = two;
        pause().await;
        a.touch() + b.map_or(0, eat)
    }
}

differential! {
    partly_moved => subject((d("a"), d("b")));
    #[coroutine]
    async fn subject(pair: (D, D)) -> u32 {
        let a = pair.0;
        pause().await;
        let n = a.touch() + pair.1.touch();
        pause().await;
        n
    }
}

differential! {
    partly_moved_and_filled_again => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut pair = (d("a"), d("b"));
        drop(pair.0);
        pause().await;
        pair.0 = d("c");
        pause().await;
        pair.0.touch() + pair.1.touch()
    }
}

differential! {
    consuming_methods => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let y = d("y");
        pause().await;
        let n = x.eat();
        n + y.eat()
    }
}

differential! {
    a_consuming_method_before_a_suspension => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        pause().await;
        let n = x.eat();
        pause().await;
        n
    }
}

differential! {
    a_passing_method => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        pause().await;
        let y = x.pass();
        pause().await;
        y.touch()
    }
}

differential! {
    a_consuming_method_in_one_arm => subject(true);
    #[coroutine]
    async fn subject(first: bool) -> u32 {
        let x = d("x");
        pause().await;
        if first { x.eat() } else { x.touch() }
    }
}

differential! {
    consuming_methods_of_std => subject();
    #[coroutine]
    async fn subject() -> (usize, u32, Option<D>, String) {
        let text = String::from("text");
        let list = vec![1, 2, 3];
        let x = val("some", Some(d("x")));
        let result = Ok::<D, u32>(d("y"));
        pause().await;
        let bytes = text.into_bytes();
        let sum = list.into_iter().sum();
        let x = x.unwrap();
        pause().await;
        let y = result.ok();
        let joined = [x.name(), "end"].join("-");
        (bytes.len(), sum, y, joined)
    }
}

differential! {
    options_are_taken => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut slot = Some(d("x"));
        pause().await;
        let x = slot.take();
        pause().await;
        slot.replace(d("y"));
        let y = slot.insert(d("z"));
        y.poke();
        x.map_or(0, eat)
    }
}

differential! {
    dropped_by_hand => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let y = d("y");
        pause().await;
        drop(x);
        pause().await;
        std::mem::drop(y);
        pause().await;
        std::mem::forget(d("forgotten"));
        1
    }
}

differential! {
    swapped_and_replaced => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut a = d("a");
        let mut b = d("b");
        pause().await;
        std::mem::swap(&mut a, &mut b);
        pause().await;
        let old = std::mem::replace(&mut a, d("c"));
        pause().await;
        old.touch() + a.touch() + b.touch()
    }
}

differential! {
    copies_stay_usable => subject(3);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        #[derive(Clone, Copy)]
        struct Point(u32, u32);
        fn sum(point: Point) -> u32 {
            point.0 + point.1
        }
        let point = Point(n, 2);
        let other = point;
        pause().await;
        let a = sum(point);
        pause().await;
        a + sum(other) + sum(point)
    }
}

differential! {
    returned_from_a_branch_and_kept => subject(true);
    #[coroutine]
    async fn subject(flag: bool) -> D {
        let a = d("a");
        let b = d("b");
        let c = if flag { a } else { b };
        pause().await;
        c
    }
}

differential! {
    conditional_value_kept_over_suspensions => subject(false);
    #[coroutine]
    async fn subject(flag: bool) -> u32 {
        let x = if flag { Some(d("x")) } else { None };
        pause().await;
        let y = if flag { d("y1") } else { give("y2", 1, d("y2")).await };
        pause().await;
        y.touch() + u32::from(x.is_some())
    }
}

differential! {
    moved_while_looping_over_another => subject(vec![d("a"), d("b")]);
    #[coroutine]
    async fn subject(list: Vec<D>) -> Vec<D> {
        let mut out = Vec::new();
        for x in list {
            if x.name() == "b" {
                out.push(x);
                pause().await;
            } else {
                pause().await;
                out.push(x);
            }
        }
        out
    }
}

differential! {
    boxes_are_opened => subject(Box::new(d("x")));
    #[coroutine]
    async fn subject(boxed: Box<D>) -> u32 {
        pause().await;
        let x = *boxed;
        pause().await;
        x.touch()
    }
}

differential! {
    alive_over_several_suspensions => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let a = d("a");
        leaf("1", 1).await;
        let b = d("b");
        leaf("2", 2).await;
        drop(a);
        let c = d("c");
        leaf("3", 1).await;
        let n = eat(b);
        leaf("4", 1).await;
        n + c.touch()
    }
}

differential! {
    initialised_in_a_loop => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 0;
        let x;
        loop {
            n += 1;
            pause().await;
            if n == 2 {
                x = d("x");
                break;
            }
        }
        pause().await;
        x.touch() + n
    }
}

differential! {
    maybe_filled_and_overwritten => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut sum = 0;
        for i in 0..4 {
            let mut x;
            if i % 2 == 0 {
                x = d("even");
                pause().await;
                sum += x.touch();
            }
            if i > 1 {
                x = d("large");
                pause().await;
                sum += x.touch();
            }
        }
        sum
    }
}

differential! {
    moved_before_continue => subject(vec![d("a"), d("b"), d("c")]);
    #[coroutine]
    async fn subject(list: Vec<D>) -> u32 {
        let mut kept = Vec::new();
        for x in list {
            let y = d("y");
            if x.name() == "a" {
                kept.push(x);
                continue;
            }
            pause().await;
            if x.name() == "b" {
                kept.push(y);
                continue;
            }
            pause().await;
            kept.insert(0, x);
        }
        kept.len() as u32
    }
}

differential! {
    moved_by_return_in_a_loop => subject();
    #[coroutine]
    async fn subject() -> Result<D, D> {
        let x = d("x");
        let y = d("y");
        for i in 0..3 {
            pause().await;
            if i == 1 {
                if x.touch() == 0 {
                    return Err(y);
                }
                return Ok(x);
            }
        }
        Ok(y)
    }
}

differential! {
    moved_into_a_closure_on_one_path => subject(true);
    #[coroutine]
    async fn subject(flag: bool) -> u32 {
        let x = d("x");
        pause().await;
        let n = if flag { Some(1).map(move |n| n + eat(x)) } else { None };
        pause().await;
        n.unwrap_or(5)
    }
}

differential! {
    moved_in_a_guarded_arm => subject(Some(3));
    #[coroutine]
    async fn subject(n: Option<u32>) -> u32 {
        let x = d("x");
        pause().await;
        let m = match n {
            Some(n) if n > 5 => eat(x),
            Some(3) => {
                drop(x);
                pause().await;
                3
            }
            _ => 0,
        };
        pause().await;
        m
    }
}

differential! {
    a_struct_taken_apart => subject();
    #[coroutine]
    async fn subject() -> u32 {
        struct Parts {
            a: D,
            b: D,
            c: D,
        }
        let parts = Parts { a: d("a"), b: d("b"), c: d("c") };
        pause().await;
        let Parts { b, .. } = parts;
        pause().await;
        let n = b.touch() + parts.a.touch();
        drop(parts.c);
        pause().await;
        n
    }
}

differential! {
    shared_bytes => subject(2);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let mut sum = 0;
        for i in 0..n {
            {
                let a = d("a");
                let b = [i; 3];
                pause().await;
                sum += a.touch() + b[2];
            }
            {
                let b = [u64::from(i); 2];
                let c = d("c");
                pause().await;
                sum += c.touch() + b[1] as u32;
            }
            match i {
                0 => {
                    let e = (1_u8, d("e"));
                    pause().await;
                    sum += u32::from(e.0) + e.1.touch();
                }
                _ => {
                    let e = (d("f"), 2_u16, d("g"));
                    pause().await;
                    sum += u32::from(e.1) + e.0.touch() + e.2.touch();
                }
            }
        }
        sum
    }
}
