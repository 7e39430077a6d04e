//! What patterns and operands take out of parts: fields, and what a box points to.

#![allow(
    clippy::match_single_binding,
    clippy::blocks_in_conditions,
    clippy::explicit_auto_deref,
    clippy::useless_vec,
    clippy::box_default,
    clippy::toplevel_ref_arg,
    reason = "places are what is tested"
)]

use coframe_tests::differential;
use coframe_tests::differential::*;

enum Message {
    Text(D),
    Pair(D, D),
}

struct Parts {
    message: Message,
    name: D,
}

fn parts() -> Parts {
    Parts { message: Message::Pair(d("first"), d("second")), name: d("name") }
}

differential! {
    a_boxed_enum_is_taken_apart => subject(Box::new(Message::Pair(d("a"), d("b"))));
    #[coroutine]
    async fn subject(message: Box<Message>) -> u32 {
        pause().await;
        match *message {
            Message::Text(text) if text.touch() == 0 => 0,
            Message::Text(text) => {
                pause().await;
                text.touch()
            }
            Message::Pair(_, b) => {
                pause().await;
                b.touch()
            }
        }
    }
}

differential! {
    a_field_is_taken_apart => subject(parts());
    #[coroutine]
    async fn subject(parts: Parts) -> u32 {
        let x = d("x");
        pause().await;
        if let Message::Pair(a, _) = parts.message {
            pause().await;
            return a.touch();
        }
        x.touch()
    }
}

differential! {
    a_part_of_a_value_is_matched => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = match *give("box", 1, Box::new(Message::Text(d("text")))).await {
            Message::Text(text) => {
                pause().await;
                text.touch()
            }
            Message::Pair(..) => 0,
        };
        match *Box::new(parts()) {
            Parts { name, .. } => {
                pause().await;
                n + name.touch()
            }
        }
    }
}

differential! {
    a_part_of_a_value_is_looked_at => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let n = match *Box::new(parts()) {
            Parts { ref name, .. } => {
                pause().await;
                name.touch()
            }
        };
        match *Box::new(parts()) {
            _ => {
                pause().await;
                n
            }
        }
    }
}

differential! {
    a_part_of_a_value_in_if_let => subject();
    #[coroutine]
    async fn subject() -> u32 {
        if let Message::Pair(a, ..) = give("parts", 1, parts()).await.message {
            pause().await;
            a.touch()
        } else {
            pause().await;
            0
        }
    }
}

differential! {
    what_a_box_points_to_waits => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let list = vec![*Box::new(d("boxed")), give("given", 1, d("given")).await];
        let moved = *match give("some", 1, Some(Box::new(d("moved")))).await {
            Some(boxed) => boxed,
            None => return 0,
        };
        pause().await;
        list[0].touch() + moved.touch()
    }
}

differential! {
    consumed_in_a_list => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let list = give("list", 1, vec![odd("odd").grown()]).await;
        let n = list.len() as u32;
        n + match &vec![give("given", 1, d("given")).await, odd("two").parts().0][..] {
            [a, b] => a.touch() + b.touch(),
            _ => 0,
        }
    }
}

differential! {
    a_method_on_what_a_box_points_to => subject(Box::new(odd("odd")));
    #[coroutine]
    async fn subject(odd: Box<Odd>) -> u32 {
        let x = d("x");
        pause().await;
        let n = (*odd).finish();
        pause().await;
        n + x.touch()
    }
}

struct List(D);

impl List {
    fn push(self, other: &D) -> Self {
        other.touch();
        self
    }
    fn insert(self) -> D {
        self.0
    }
    fn extend(&mut self, other: D) {
        self.0.touch();
        drop(other);
    }
    fn get(&self) -> &D {
        &self.0
    }
}

differential! {
    methods_that_consume_under_known_names => subject(List(d("list")));
    #[coroutine]
    async fn subject(list: List) -> u32 {
        let other = d("other");
        pause().await;
        let list = list.push(&other);
        pause().await;
        let x = list.insert();
        pause().await;
        x.touch() + other.touch()
    }
}

differential! {
    methods_that_borrow_under_known_names => subject(List(d("list")), List(d("second")));
    #[coroutine]
    async fn subject(mut list: List, second: List) -> u32 {
        pause().await;
        list.extend(d("other"));
        let x = second.get();
        pause().await;
        x.touch()
    }
}

differential! {
    parts_of_what_a_holder_hands_out => subject(odd("odd"), Message::Pair(d("a"), d("b")));
    #[coroutine]
    async fn subject(odd: Odd, message: Message) -> u32 {
        let x = d("x");
        pause().await;
        let two = odd.parts();
        pause().await;
        drop(two.0);
        pause().await;
        match (message, 1) {
            (Message::Pair(a, _), ..) => {
                let pair = (a, d("c"));
                pause().await;
                drop(pair.1);
                pause().await;
                x.touch() + two.1.touch() + pair.0.touch()
            }
            (Message::Text(_), ..) => 0,
        }
    }
}

differential! {
    bound_pairs_are_taken_apart => subject(Some((d("a"), d("b"))), d("last"));
    #[coroutine]
    async fn subject(pair: Option<(D, D)>, last: D) -> u32 {
        pause().await;
        match pair {
            Some(pair) if pair.0.touch() > 100 => pair.1.touch(),
            Some(ref pair) if last.touch() > 100 => pair.0.touch(),
            Some(both @ (_, _)) => {
                pause().await;
                drop(both.1);
                pause().await;
                both.0.touch()
            }
            None => 0,
        }
    }
}

differential! {
    guards_panic_after_later_variables => subject(Some(d("x")));
    #[coroutine]
    async fn subject(x: Option<D>) -> u32 {
        let y = d("y");
        let z = d("z");
        pause().await;
        match x {
            Some(x) if x.touch() == y.touch() + 1 => x.touch(),
            Some(ref x) if z.touch() == 1 => x.touch(),
            Some(x) => {
                pause().await;
                x.touch()
            }
            None => 0,
        }
    }
}

differential! {
    references_into_arguments_and_temporaries => subject((d("a"), 1), d("b"));
    #[coroutine]
    async fn subject(ref mut pair: (D, u32), ref b: D) -> u32 {
        let (ref mut first, second, ..) = *Box::new((d("first"), d("second"), d("third")));
        let (ref mut n, _) = (pair.1 + 1, 2_u32);
        pause().await;
        *n += 1;
        pair.1 += *n;
        first.poke();
        pause().await;
        first.touch() + second.touch() + pair.0.touch() + b.touch() + pair.1
    }
}

differential! {
    a_boxed_iterator_and_future => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut sum = 0;
        for x in *give("list", 1, Box::new(vec![d("a"), d("b")])).await {
            pause().await;
            sum += x.touch();
        }
        sum + (*give("future", 1, Box::new(give("inner", 1, 5))).await).await
    }
}

fn chance(x: D) -> Option<D> {
    x.touch();
    Some(x)
}

differential! {
    consumed_beside_a_question_mark => subject();
    #[coroutine]
    async fn subject() -> Option<u32> {
        let list = give(
            "list",
            1,
            [(d("a"), odd("odd").parts().0), (chance(d("b"))?, d("c"))],
        )
        .await;
        Some(list[0].1.touch() + list[1].0.touch())
    }
}

differential! {
    a_part_in_a_chain => subject((Some(d("a")), d("b")), d("c"));
    #[coroutine]
    async fn subject(pair: (Option<D>, D), c: D) -> u32 {
        pause().await;
        if c.touch() > 0 && let Some(a) = pair.0 {
            return a.touch();
        }
        0
    }
}

differential! {
    reassigned_in_branches_and_loops => subject(odd("odd"), List(d("list")), 1);
    #[coroutine]
    async fn subject(mut odd: Odd, mut list: List, n: u32) -> u32 {
        let other = d("other");
        pause().await;
        if n == 1 {
            odd = odd.grown();
        }
        for _ in 0..2 {
            list = list.push(&other);
        }
        pause().await;
        odd.finish() + list.get().touch()
    }
}
