//! Calls and closures that may take a part of a variable whose other parts are used later.

use std::rc::Rc;

use coframe_tests::differential;
use coframe_tests::differential::*;

struct Parts {
    a: D,
    b: D,
    c: D,
}

fn parts() -> Parts {
    Parts { a: d("a"), b: d("b"), c: d("c") }
}

/// Methods of which only rustc knows what they do to their receiver.
trait Methods: Sized {
    fn with<T: Into<u64>>(self, number: T) -> u64 {
        say("with");
        number.into()
    }

    fn join<'a>(&'a mut self, other: &'a D) -> (&'a mut Self, u32) {
        let number = other.touch();
        (self, number)
    }
}

impl Methods for D {}
impl<T> Methods for Box<T> {}
impl<T> Methods for Option<T> {}

differential! {
    a_field_is_consumed => subject(parts());
    #[coroutine]
    async fn subject(parts: Parts) -> u32 {
        pause().await;
        let later = d("later");
        let n = parts.b.eat();
        pause().await;
        n + parts.c.touch() + later.touch()
    }
}

differential! {
    fields_are_consumed_on_some_paths => subject(3);
    #[coroutine]
    async fn subject(count: u32) -> u32 {
        let mut sum = 0;
        for i in 0..count {
            let parts = (parts(), d("beside"));
            pause().await;
            if i == 0 {
                sum += parts.0.b.eat();
            } else if i == 1 {
                sum += parts.0.finish_all();
            }
            pause().await;
            sum += parts.1.touch();
        }
        sum
    }
}

impl Parts {
    fn finish_all(self) -> u32 {
        self.a.eat() + self.b.eat() + self.c.eat()
    }
}

differential! {
    a_field_is_borrowed_for_long => subject(parts());
    #[coroutine]
    async fn subject(mut parts: Parts) -> u32 {
        pause().await;
        let (a, n) = parts.a.join(&parts.c);
        pause().await;
        a.poke();
        n + parts.b.touch() + parts.c.touch()
    }
}

differential! {
    the_types_of_arguments_are_found => subject(parts());
    #[coroutine]
    async fn subject(parts: Parts) -> u64 {
        pause().await;
        let n = parts.a.with(7_u32) + parts.b.with::<u8>(1);
        pause().await;
        n + u64::from(parts.c.touch())
    }
}

differential! {
    an_argument_panics_beside_a_part => subject(parts());
    #[coroutine]
    async fn subject(parts: Parts) -> u64 {
        let later = d("later");
        pause().await;
        let n = parts.a.with(later.touch());
        let m = parts.b.close(val("argument", &later));
        pause().await;
        n + u64::from(parts.c.touch() + m)
    }
}

impl D2 for D {}

trait D2: Sized {
    fn close(&self, other: &D) -> u32 {
        other.touch()
    }
}

differential! {
    a_box_and_an_option_in_fields => subject((Box::new(d("boxed")), Some(d("x")), d("y")));
    #[coroutine]
    async fn subject(value: (Box<D>, Option<D>, D)) -> u64 {
        pause().await;
        let n = value.0.eat() + value.1.map_or(0, |x| x.touch());
        pause().await;
        u64::from(n + value.2.touch())
    }
}

differential! {
    fields_behind_references => subject(parts());
    #[coroutine]
    async fn subject(mut parts: Parts) -> u32 {
        let shared = Rc::new((d("in"), 3_u32));
        let unique = val("unique", &mut parts);
        pause().await;
        let n = unique.a.join(&d("other")).1 + shared.0.close(&d("other"));
        pause().await;
        n + unique.b.touch() + shared.1
    }
}

differential! {
    a_field_gets_a_value_again => subject(parts());
    #[coroutine]
    async fn subject(mut parts: Parts) -> u32 {
        let mut sum = 0;
        for i in 0..3 {
            sum += parts.b.eat();
            pause().await;
            parts.b = d("new");
            sum += i;
        }
        pause().await;
        sum + parts.a.touch() + parts.b.touch()
    }
}

differential! {
    a_closure_takes_a_field => subject(parts());
    #[coroutine]
    async fn subject(parts: Parts) -> u32 {
        let eat = move |n: u32| parts.b.eat() + n;
        pause().await;
        let n = parts.a.touch();
        pause().await;
        n + eat(1)
    }
}

differential! {
    a_future_takes_a_field => subject(parts(), d("whole"));
    #[coroutine]
    async fn subject(parts: Parts, whole: D) -> u32 {
        let later = d("later");
        let future = async move {
            pause().await;
            parts.b.touch() + whole.touch()
        };
        pause().await;
        let n = parts.a.touch();
        drop(parts.c);
        n + later.touch() + future.await
    }
}

differential! {
    closures_take_fields_on_some_paths => subject(2);
    #[coroutine]
    async fn subject(count: u32) -> u32 {
        let mut sum = 0;
        for i in 0..count {
            let mut parts = ((parts(), 1_u32), d("beside"));
            if i == 1 {
                let both = move || parts.0.0.a.touch() + parts.0.0.c.touch() + parts.0.1;
                pause().await;
                sum += both();
            }
            pause().await;
            sum += parts.1.touch();
            parts = ((parts_again(), 2), d("again"));
            pause().await;
            sum += parts.0.1;
        }
        sum
    }
}

fn parts_again() -> Parts {
    parts()
}

differential! {
    closures_that_share => subject(&parts());
    #[coroutine]
    async fn subject(parts: &Parts) -> u32 {
        let look = move || parts.b.touch();
        pause().await;
        look() + parts.a.touch() + look()
    }
}

differential! {
    a_closure_takes_what_is_behind_a_reference => subject(parts(), d("x"));
    #[coroutine]
    async fn subject(parts: Parts, x: D) -> u32 {
        let pair = val("pair", (Rc::new(parts), &x, d("y")));
        pause().await;
        let look = move || pair.0.b.touch() + pair.1.touch();
        pause().await;
        look() + pair.2.touch()
    }
}

differential! {
    a_match_takes_a_field => subject((d("x"), Some(d("y"))), (d("z"), None));
    #[coroutine]
    async fn subject(one: (D, Option<D>), other: (D, Option<D>)) -> u32 {
        let mut sum = 0;
        for pair in [one, other] {
            pause().await;
            let later = d("later");
            let taken = match pair.1 {
                None => d("none"),
                Some(taken) => taken,
            };
            pause().await;
            sum += pair.0.touch() + taken.touch() + later.touch();
        }
        sum
    }
}

differential! {
    a_match_that_suspends_takes_a_field => subject((d("x"), Ok(d("y"))), (d("z"), Err(d("e"))));
    #[coroutine]
    async fn subject(one: (D, Result<D, D>), other: (D, Result<D, D>)) -> u32 {
        let mut sum = 0;
        for pair in [one, other] {
            let later = d("later");
            match pair.1 {
                Ok(value) => {
                    pause().await;
                    sum += value.touch();
                }
                Err(error) => {
                    pause().await;
                    sum += error.touch();
                }
            }
            pause().await;
            sum += pair.0.touch() + later.touch();
        }
        sum
    }
}

differential! {
    if_let_takes_a_field => subject(Named { text: Text::Long(d("text")), beside: d("beside") });
    #[coroutine]
    async fn subject(named: Named) -> u32 {
        pause().await;
        let mut n = 0;
        if let Text::Long(text) = named.text {
            pause().await;
            n += text.touch();
        }
        pause().await;
        n + named.beside.touch()
    }
}

differential! {
    if_let_leaves_a_field => subject([
        Named { text: Text::Two(d("a"), d("b")), beside: d("x") },
        Named { text: Text::Empty, beside: d("y") },
    ]);
    #[coroutine]
    async fn subject(all: [Named; 2]) -> u32 {
        let mut sum = 0;
        for named in all {
            pause().await;
            if let Text::Empty = named.text {
                say("empty");
            } else if let Text::Long(text) = named.text {
                sum += eat(text);
            }
            pause().await;
            sum += named.beside.touch();
        }
        sum
    }
}

differential! {
    let_else_takes_a_field => subject(Named { text: Text::Two(d("a"), d("b")), beside: d("x") });
    #[coroutine]
    async fn subject(named: Named) -> u32 {
        pause().await;
        let Text::Two(a, b) = named.text else {
            pause().await;
            return 0;
        };
        pause().await;
        a.touch() + named.beside.touch() + b.touch()
    }
}

differential! {
    a_match_looks_behind_a_reference => subject(Named { text: Text::Number(3), beside: d("x") });
    #[coroutine]
    async fn subject(mut named: Named) -> u32 {
        let behind = val("behind", &mut named);
        pause().await;
        let n = match behind.text {
            Text::Empty => 0,
            Text::Number(n) => n,
            _ => 7,
        };
        pause().await;
        n + behind.beside.touch()
    }
}

/// With variants that are taken apart whole.
enum Text {
    Empty,
    Number(u32),
    Long(D),
    Two(D, D),
}

struct Named {
    text: Text,
    beside: D,
}

differential! {
    a_field_of_which_a_part_was_taken_gets_a_value => subject((parts(), d("x")));
    #[coroutine]
    async fn subject(mut pair: (Parts, D)) -> u32 {
        let mut sum = 0;
        for i in 0..4 {
            pause().await;
            if i == 0 {
                drop(pair.0.b);
            } else if i == 1 {
                let both = move || pair.0.c.touch() + pair.0.a.touch();
                pause().await;
                sum += both();
            } else if i == 2 {
                sum += pair.0.c.eat();
            }
            pause().await;
            pair.0 = parts_again();
            pause().await;
        }
        sum + pair.0.b.touch() + pair.1.touch()
    }
}

differential! {
    consumed_beside_code_that_gives_it_a_value => subject(d("a"));
    #[coroutine]
    async fn subject(mut a: D) -> u32 {
        let pair = (
            a.pass(),
            {
                let None = (if val("test", true) {
                    a = d("again");
                    Some(Box::new(a))
                } else {
                    None::<Box<D>>
                }) else {
                    pause().await;
                    return 2;
                };
                3
            },
        );
        pair.0.touch() + pair.1
    }
}
