//! Names: shadowing, fields, items and macros that use the name of a saved variable.

use coframe_tests::differential;
use coframe_tests::differential::*;

struct Point {
    x: u32,
}

// Parked: failure 29.
#[cfg(any())]
differential! {
    fields_in_macros => subject(1);
    macro_rules! field {
        ($value:ident . $field:ident) => {
            $value.$field
        };
    }
    #[coroutine]
    async fn subject(x: u32) -> u32 {
        let point = Point { x: 5 };
        pause().await;
        let a = field!(point.x);
        pause().await;
        a * 10 + x
    }
}

differential! {
    literals_in_macros => subject(1);
    macro_rules! literal {
        ($ty:ident { $field:ident : $value:expr }) => {
            $ty { $field: $value }
        };
    }
    #[coroutine]
    async fn subject(x: u32) -> u32 {
        pause().await;
        let point = literal!(Point { x: 7 });
        pause().await;
        point.x + x
    }
}

differential! {
    names_in_macros => subject(d("x"));
    #[coroutine]
    async fn subject(x: D) -> (&'static str, u32) {
        pause().await;
        let text = stringify!(x);
        pause().await;
        (text, x.touch())
    }
}

// Parked: failure 29.
#[cfg(any())]
differential! {
    macros_that_declare => subject(d("x"));
    macro_rules! declare {
        ($name:ident = $value:expr) => {
            let $name = $value;
        };
    }
    #[coroutine]
    async fn subject(x: D) -> u32 {
        declare!(y = x.touch());
        pause().await;
        x.touch() + y
    }
}

differential! {
    shorthand_fields => subject(3);
    #[coroutine]
    async fn subject(x: u32) -> u32 {
        let point = Point { x };
        pause().await;
        let other = Point { x };
        let Point { x: y } = point;
        pause().await;
        let Point { x } = other;
        pause().await;
        x + y
    }
}

differential! {
    nested_items_have_their_own_names => subject(1, d("y"));
    #[coroutine]
    async fn subject(x: u32, y: D) -> u32 {
        fn inner(x: u32) -> u32 {
            let y = x + 1;
            y * 2
        }
        const Y: u32 = {
            let x = 4;
            x + 1
        };
        pause().await;
        inner(x) + Y + y.touch()
    }
}

differential! {
    the_same_name_in_branches => subject(true, d("x"));
    #[coroutine]
    async fn subject(flag: bool, x: D) -> u32 {
        let n = if flag {
            let x = 3;
            pause().await;
            x
        } else {
            let x = d("other");
            pause().await;
            x.touch()
        };
        pause().await;
        n + x.touch()
    }
}

differential! {
    a_binding_shadows_its_scrutinee => subject(Some(Some(d("x"))));
    #[coroutine]
    async fn subject(x: Option<Option<D>>) -> u32 {
        let Some(x) = x else { return 0 };
        pause().await;
        if let Some(x) = x {
            pause().await;
            x.touch()
        } else {
            1
        }
    }
}

differential! {
    a_shadowed_variable_lives_on => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("first");
        let y = &x;
        let x = d("second");
        pause().await;
        let z = &x;
        let x = y.touch() + z.touch();
        pause().await;
        x + y.touch()
    }
}

differential! {
    labels_of_nested_loops => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut n = 0;
        'a: loop {
            n += 1;
            'b: for i in 0..2 {
                pause().await;
                if n > 2 {
                    break 'a;
                }
                if i == 1 {
                    continue 'b;
                }
            }
        }
        n
    }
}

differential! {
    functions_and_variables_of_one_name => subject();
    #[coroutine]
    async fn subject() -> u32 {
        fn value() -> u32 {
            3
        }
        let value = value();
        pause().await;
        let touch = d("x");
        pause().await;
        touch.touch() + value
    }
}

differential! {
    captures_of_shadowed_names => subject();
    #[coroutine]
    async fn subject() -> String {
        let x = 1;
        pause().await;
        let a = format!("{x}");
        let x = "two";
        pause().await;
        let b = format!("{x}{a}");
        let c = [3].map(|x| format!("{x}{b}"));
        format!("{x}{c:?}")
    }
}

differential! {
    enum_variants_in_scope => subject(State::Open);
    #[derive(Debug)]
    enum State {
        Open,
        Closed,
    }
    #[coroutine]
    async fn subject(state: State) -> State {
        use State::*;
        let next = match state {
            Open => {
                pause().await;
                Closed
            }
            Closed => Open,
        };
        pause().await;
        next
    }
}

differential! {
    prelude_names_are_shadowed => subject(3);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        #[allow(dead_code, reason = "only its name matters")]
        struct Poll;
        #[allow(dead_code, reason = "only its name matters")]
        enum Option {
            Some,
            None,
        }
        let drop = 4;
        #[allow(non_snake_case, reason = "only its name matters")]
        fn Frame() -> u32 {
            1
        }
        pause().await;
        let core = n;
        pause().await;
        drop + core + Frame()
    }
}

differential! {
    loop_variables_of_one_name => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let i = 100;
        let mut sum = 0;
        for i in 0..2 {
            for i in i..2 {
                pause().await;
                sum += i;
            }
            sum += i;
        }
        sum + i
    }
}

macro_rules! kv {
    ($($key:ident : $value:expr),*) => {
        [$((stringify!($key), $value)),*]
    };
}

macro_rules! literal {
    ($ty:ident { $field:ident : $value:expr }) => {
        $ty { $field: $value }
    };
}

macro_rules! run {
    ($($body:tt)*) => {
        { $($body)* }
    };
}

differential! {
    names_before_colons => subject(1, 2);
    #[coroutine]
    async fn subject(x: u32, y: u32) -> u32 {
        pause().await;
        let point = literal!(Point { x: y + x });
        let list = kv!(x: x, y: y * 2);
        pause().await;
        let q = run!(if x > 0 { Point { x: y }.x } else { match &point { Point { x: 3 } => 1, q => q.x } });
        pause().await;
        q + point.x + x + list[1].1 + y
    }
}

differential! {
    raw_names => subject(1, d("match"));
    #[coroutine]
    async fn subject(r#type: u32, r#match: D) -> u32 {
        let r#fn = d("fn");
        let r#async = async { r#match.touch() };
        pause().await;
        let n = r#async.await + r#fn.touch();
        let r#loop = [r#type, n];
        for r#in in r#loop { pause().await; if r#in == 9 { return 1 } }
        format!("{type} {0} {n}", r#loop[0]).len() as u32
    }
}

#[allow(dead_code, unused_variables, reason = "only their names matter")]
mod ours {
    use super::*;
    #[derive(Clone, Copy)]
    struct Slot;
    struct Option2;
    struct Frame;
    struct Poll;
    struct Captured;
    struct Seen;
    struct Operands;
    struct Step(D);
    enum State {
        Start,
        Returned,
    }
    struct Future;
    struct Context;
    struct Ready;
    differential! {
        types_like_ours => subject(3);
        #[coroutine]
        async fn subject(n: u32) -> u32 {
            struct Some2; enum Option { Nothing }
            let frame = Step(d("frame")); let state = State::Start; let live = n; let matched = 1; let pointers = 2; let selected = 3; let arm = 4;
            let (a, ..) = (frame, d("rest"), 2);
            match (a, matched, d("r")) {
                (step, pointers, ..) if give("g", 1, pointers == matched).await => { pause().await; step.0.touch() + selected + arm + live }
                _ => pointers
            }
        }
    }
}

differential! {
    names_that_differ_in_underscores => subject(d("x"), d("y"));
    #[coroutine]
    async fn subject<XY>(x_y: XY, x_y_: D) -> u32 {
        pause().await;
        drop(x_y);
        pause().await;
        x_y_.touch()
    }
}

differential! {
    names_of_the_same_type_parameter => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let (x, _x) = (d("x"), d("y"));
        let (v, v1, v12) = (d("a"), d("b"), d("c"));
        pause().await;
        let v1 = (v1, v);
        pause().await;
        let v1 = (v1, d("d"));
        pause().await;
        x.touch() + v12.touch() + v1.1.touch()
    }
}

differential! {
    raw_name_between_states => subject(true);
    #[coroutine]
    async fn subject(flag: bool) -> u32 {
        let r#fn;
        if flag {
            pause().await;
            r#fn = d("one");
            val("set", 1);
        } else {
            r#fn = d("other");
            val("set", 2);
        }
        r#fn.touch()
    }
}

differential! {
    a_name_that_is_used_again_before_the_value => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let v = {
            let _ = (give("v", 1, d("first")).await, d("second"));
            let v = d("third");
            (v, 1)
        };
        v.0.touch() + v.1
    }
}
