//! Parts that are moved out of a variable which lives across a suspension.

#![allow(clippy::await_holding_refcell_ref, reason = "it is what is tested")]

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    one_field_then_the_other => subject();
    #[coroutine]
    async fn subject() -> D {
        let pair = (d("a"), d("b"));
        pause().await;
        let a = pair.0;
        pause().await;
        a.touch();
        let b = pair.1;
        pause().await;
        b
    }
}

differential! {
    one_field_is_left => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let pair = (d("a"), d("b"), d("c"));
        pause().await;
        let n = eat(pair.1);
        say("eaten");
        pause().await;
        n
    }
}

differential! {
    fields_of_a_struct => subject();
    struct Config {
        host: D,
        port: u16,
        path: D,
    }
    #[coroutine]
    async fn subject() -> u32 {
        let config = Config { host: d("host"), port: 80, path: d("path") };
        pause().await;
        let port = config.port;
        let host = config.host;
        pause().await;
        host.touch() + config.path.touch() + u32::from(port) + u32::from(config.port)
    }
}

differential! {
    a_field_of_an_argument => subject((d("a"), d("b")));
    #[coroutine]
    async fn subject(pair: (D, D)) -> D {
        pause().await;
        let a = pair.0;
        pause().await;
        say("between");
        pair.1.touch();
        a
    }
}

differential! {
    a_field_of_self => Both { x: d("x"), y: d("y") }.subject();
    struct Both {
        x: D,
        y: D,
    }
    impl Both {
        #[coroutine]
        async fn subject(self) -> D {
            pause().await;
            let x = self.x;
            pause().await;
            self.y.touch();
            x
        }
    }
}

differential! {
    nested_fields => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let nested = ((d("a"), d("b")), d("c"));
        pause().await;
        let b = nested.0.1;
        pause().await;
        let c = nested.1;
        pause().await;
        nested.0.0.touch() + b.touch() + c.touch()
    }
}

differential! {
    moved_on_some_paths => subject(1);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let pair = (d("a"), d("b"));
        for round in 0..2 {
            pause().await;
            if round == n {
                eat(pair.0);
                say("eaten");
                pause().await;
                break;
            }
        }
        pause().await;
        pair.1.touch()
    }
}

differential! {
    moved_in_a_loop_and_assigned => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut pair = (d("a"), d("b"));
        for _ in 0..2 {
            pause().await;
            eat(pair.0);
            pause().await;
            pair.0 = d("again");
            say("assigned");
        }
        pair.0.touch() + pair.1.touch()
    }
}

differential! {
    a_field_is_assigned => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut pair = (d("a"), d("b"));
        pause().await;
        pair.0 = d("new");
        say("assigned");
        pause().await;
        let a = pair.0;
        pair.0 = give("later", 1, d("later")).await;
        say("again");
        a.touch() + pair.0.touch() + pair.1.touch()
    }
}

differential! {
    all_is_assigned_after_a_part_was_moved => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut pair = (d("a"), d("b"));
        pause().await;
        let a = pair.0;
        pause().await;
        pair = (d("c"), d("d"));
        say("assigned");
        pause().await;
        a.touch() + pair.0.touch() + pair.1.touch()
    }
}

differential! {
    out_of_a_box => subject();
    #[coroutine]
    async fn subject() -> D {
        let boxed = Box::new(d("boxed"));
        let y = d("y");
        pause().await;
        let inner = *boxed;
        say("moved");
        pause().await;
        y.touch();
        inner
    }
}

differential! {
    a_field_out_of_a_box => subject();
    #[coroutine]
    async fn subject() -> D {
        let boxed = Box::new((d("a"), d("b")));
        pause().await;
        let a = boxed.0;
        say("moved");
        pause().await;
        boxed.1.touch();
        a
    }
}

differential! {
    copied_through_a_guard => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let cell = std::cell::RefCell::new((3, d("a")));
        let guard = cell.borrow();
        pause().await;
        let n = guard.0;
        pause().await;
        guard.1.touch() + n
    }
}

differential! {
    a_type_with_drop_and_copied_fields => subject();
    struct Loud {
        n: u32,
        x: D,
    }
    impl Drop for Loud {
        fn drop(&mut self) {
            say(format_args!("loud {}", self.n));
        }
    }
    #[coroutine]
    async fn subject() -> u32 {
        let loud = Loud { n: 1, x: d("x") };
        pause().await;
        let n = loud.n;
        pause().await;
        n + loud.x.touch()
    }
}

differential! {
    a_part_is_destructured => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let nested = ((d("a"), d("b")), d("c"));
        pause().await;
        let (a, b) = nested.0;
        pause().await;
        a.touch() + b.touch() + nested.1.touch()
    }
}

differential! {
    a_consuming_method_of_a_field => Both { x: odd("x"), y: d("y") }.subject();
    struct Both {
        x: Odd,
        y: D,
    }
    impl Both {
        #[coroutine]
        async fn subject(self) -> u32 {
            pause().await;
            self.y.touch();
            let n = self.x.finish();
            say("finished");
            pause().await;
            n
        }
    }
}

differential! {
    a_borrowing_method_of_a_field => Both { x: odd("x"), y: d("y") }.subject();
    struct Both {
        x: Odd,
        y: D,
    }
    impl Both {
        #[coroutine]
        async fn subject(self) -> u32 {
            pause().await;
            self.y.touch();
            let n = self.x.unwrap();
            say("unwrapped");
            pause().await;
            n
        }
    }
}

differential! {
    generic_parts => subject((d("a"), d("b")));
    #[coroutine]
    async fn subject<A, B>(pair: (A, B)) -> B {
        pause().await;
        let b = pair.1;
        pause().await;
        drop(pair.0);
        say("dropped");
        pause().await;
        b
    }
}

differential! {
    parts_in_operands => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let pair = (d("a"), d("b"));
        pause().await;
        let n = add(pair.0, give("c", 1, d("c")).await);
        say("added");
        pause().await;
        n + pair.1.touch()
    }
    fn add(a: D, b: D) -> u32 {
        eat(a) + eat(b)
    }
}

differential! {
    a_part_or_a_part_of_it => subject(false);
    #[coroutine]
    async fn subject(flag: bool) -> u32 {
        let nested = ((d("a"), d("b")), d("c"));
        pause().await;
        let n = if flag {
            let whole = nested.0;
            pause().await;
            whole.1.touch()
        } else {
            let part = nested.0.1;
            pause().await;
            part.touch()
        };
        pause().await;
        n + nested.1.touch()
    }
}

differential! {
    many_parts => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let all = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, d("eleven"), d("twelve"));
        pause().await;
        let twelve = all.11;
        let n = all.0 + all.1 + all.2 + all.3 + all.4 + all.5 + all.6 + all.7 + all.8 + all.9;
        pause().await;
        let eleven = all.10;
        let m = all.9 * all.8;
        pause().await;
        n + m + eleven.touch() + twelve.touch()
    }
}

differential! {
    a_pattern_that_leaves_a_field => subject();
    struct Config {
        host: D,
        port: u16,
        path: D,
    }
    #[coroutine]
    async fn subject() -> u32 {
        let config = Config { host: d("host"), port: 80, path: d("path") };
        let later = d("later");
        pause().await;
        let Config { host, port, .. } = config;
        say("taken");
        pause().await;
        host.touch() + u32::from(port) + later.touch()
    }
    #[allow(dead_code, reason = "it makes the field a used one")]
    fn read(config: &Config) -> &D {
        &config.path
    }
}

differential! {
    a_pattern_at_the_end => subject();
    #[coroutine]
    async fn subject() -> D {
        let all = (d("a"), d("b"), d("c"));
        let later = d("later");
        pause().await;
        let (_, b, _) = all;
        later.touch();
        b
    }
}

differential! {
    a_pattern_of_a_reference => subject(&(d("a"), d("b")));
    #[coroutine]
    async fn subject(pair: &(D, D)) -> u32 {
        let again = pair;
        pause().await;
        let (a, _) = again;
        pause().await;
        a.touch()
    }
}

differential! {
    a_match_that_leaves_parts => subject(1);
    #[allow(dead_code, reason = "it is only dropped")]
    enum Message {
        One(D, D),
        Two { x: D, y: D },
        None,
    }
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let mut sum = 0;
        for round in 0..3 {
            let message = match round {
                0 => Message::One(d("a"), d("b")),
                1 => Message::Two { x: d("x"), y: d("y") },
                _ => Message::None,
            };
            let later = d("later");
            pause().await;
            sum += match message {
                Message::One(a, _) => a.touch(),
                Message::Two { y, .. } if round == n => y.touch(),
                Message::Two { x, .. } => x.touch(),
                Message::None => 7,
            };
            say("matched");
            pause().await;
            sum += later.touch();
        }
        sum
    }
}

differential! {
    a_match_that_suspends_and_leaves_parts => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let pair = Some((d("a"), d("b")));
        let later = d("later");
        pause().await;
        let n = match pair {
            Some((a, _)) => {
                pause().await;
                a.touch()
            }
            None => 3,
        };
        say("matched");
        pause().await;
        n + later.touch()
    }
}

differential! {
    if_let_and_let_else_that_leave_parts => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let first = Some((d("a"), d("b")));
        let second = Some((d("c"), d("d")));
        let later = d("later");
        pause().await;
        let mut n = 0;
        if let Some((a, _)) = first {
            n += a.touch();
        }
        say("tested");
        pause().await;
        let Some((_, b)) = second else {
            return n;
        };
        pause().await;
        n + b.touch() + later.touch()
    }
}

differential! {
    parts_of_a_value_of_a_match => subject(true);
    #[coroutine]
    async fn subject(flag: bool) -> u32 {
        let pair = match flag {
            true => give("pair", 1, (d("a"), d("b"))).await,
            false => return 0,
        };
        pause().await;
        let a = pair.0;
        pause().await;
        let b = pair.1;
        pause().await;
        a.touch() + b.touch()
    }
}

differential! {
    a_part_of_a_temporary_that_is_questioned => subject(d("a"));
    #[coroutine]
    async fn subject(a: D) -> Option<u32> {
        let n = give("w", 1, (*Box::new(Some(d("b"))))?).await.touch();
        let m = give("x", 1, eat((*Box::new(None::<D>))?)).await;
        Some(n + m + a.touch())
    }
}

differential! {
    a_box_is_matched_with_a_guard_that_suspends => subject();
    #[coroutine]
    async fn subject() -> u32 {
        match *Box::new(Some((d("a"), d("b")))) {
            Some((x, _)) if give("w", 1, x.touch() > 0).await => x.touch(),
            Some((_, y)) if give("x", 1, y.touch() == 0).await => y.touch(),
            rest => u32::from(rest.is_some()),
        }
    }
}
