//! References to locals that are held across suspensions.

#![allow(clippy::await_holding_refcell_ref, reason = "nobody else borrows")]

use std::cell::{Cell, RefCell};

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    a_reference_to_a_local => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let r = &x;
        pause().await;
        let again = &r;
        pause().await;
        again.touch() + x.touch()
    }
}

differential! {
    a_mutable_reference => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut x = d("x");
        let r = &mut x;
        pause().await;
        r.poke();
        let s = &mut *r;
        pause().await;
        s.poke();
        r.poke();
        pause().await;
        x.touch()
    }
}

differential! {
    an_invariant_reference => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let y = d("y");
        let cell = Cell::new(None);
        cell.set(Some(&x));
        pause().await;
        let n = cell.get().map_or(0, D::touch);
        cell.set(Some(&y));
        pause().await;
        n + cell.get().map_or(0, D::touch)
    }
}

differential! {
    a_struct_of_references => subject();
    #[coroutine]
    async fn subject() -> u32 {
        struct View<'a> {
            all: &'a [D],
            first: &'a D,
        }
        let list = vec![d("a"), d("b")];
        let view = View { all: &list, first: &list[0] };
        pause().await;
        view.first.touch() + view.all[1].touch() + view.all.len() as u32
    }
}

differential! {
    slices => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut buffer = [0_u8; 8];
        let (left, right) = buffer.split_at_mut(4);
        left[0] = 1;
        pause().await;
        right[0] = 2;
        fill(&mut buffer[2..5]).await;
        let part = &buffer[1..=4];
        pause().await;
        part.iter().map(|byte| u32::from(*byte)).sum()
    }
    fn fill(part: &mut [u8]) -> Leaf<()> {
        part.fill(7);
        leaf("fill", 1)
    }
}

differential! {
    a_reborrow_in_a_loop => subject(&mut d("x"));
    #[coroutine]
    async fn subject(x: &mut D) -> u32 {
        for _ in 0..2 {
            let y = &mut *x;
            pause().await;
            y.poke();
            poke(x).await;
        }
        x.touch()
    }
    #[coroutine]
    async fn poke(x: &mut D) {
        pause().await;
        x.poke();
    }
}

differential! {
    an_argument_is_passed_on => subject(&mut d("x"), &d("y"));
    #[coroutine]
    async fn subject(x: &mut D, y: &D) -> u32 {
        let a = inner(x, y).await;
        let b = inner(x, y).await;
        a + b
    }
    #[coroutine]
    async fn inner(x: &mut D, y: &D) -> u32 {
        x.poke();
        pause().await;
        x.touch() + y.touch()
    }
}

differential! {
    a_returned_borrow => subject(&d("x"), &d("y"), true);
    #[coroutine]
    async fn subject<'a>(x: &'a D, y: &'a D, flag: bool) -> &'a D {
        let z = d("z");
        pause().await;
        if flag && z.touch() == 0 { x } else { y }
    }
}

differential! {
    a_returned_mutable_borrow => subject(&mut (d("a"), d("b")));
    #[coroutine]
    async fn subject(pair: &mut (D, D)) -> &mut D {
        pause().await;
        pair.0.poke();
        &mut pair.1
    }
}

differential! {
    a_borrow_of_a_field => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut pair = (d("a"), d("b"));
        let a = &mut pair.0;
        let b = &pair.1;
        pause().await;
        a.poke();
        b.touch();
        pause().await;
        a.touch() + pair.1.touch()
    }
}

differential! {
    an_iterator_that_borrows => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let list = vec![d("a"), d("b"), d("c")];
        let mut it = list.iter();
        let mut sum = 0;
        while let Some(x) = it.next() {
            pause().await;
            sum += x.touch();
            it.next();
        }
        sum
    }
}

differential! {
    a_ref_cell => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let cell = RefCell::new(d("x"));
        {
            let guard = cell.borrow();
            pause().await;
            guard.touch();
        }
        cell.borrow_mut().poke();
        pause().await;
        *cell.borrow_mut() = d("y");
        cell.into_inner().touch()
    }
}

differential! {
    a_text_borrowed_from_a_local => subject("a b".to_string());
    #[coroutine]
    async fn subject(text: String) -> usize {
        let words: Vec<&str> = text.split(' ').collect();
        pause().await;
        let first: &str = words[0];
        pause().await;
        first.len() + words.len() + text.len()
    }
}

differential! {
    a_linked_pair => subject();
    #[coroutine]
    async fn subject() -> u32 {
        struct Node<'a> {
            name: D,
            next: Cell<Option<&'a Node<'a>>>,
        }
        let a = Node { name: d("a"), next: Cell::new(None) };
        let b = Node { name: d("b"), next: Cell::new(Some(&a)) };
        pause().await;
        let next = b.next.get();
        pause().await;
        next.map_or(0, |node| node.name.touch()) + b.name.touch() + u32::from(a.next.get().is_none())
    }
}

differential! {
    static_arguments => subject("text", &[1, 2, 3]);
    #[coroutine]
    async fn subject(text: &'static str, list: &'static [u32]) -> &'static str {
        let first = &list[0];
        pause().await;
        if *first == 1 { &text[1..] } else { "" }
    }
}

differential! {
    a_reference_kept_from_before_a_loop => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let x = d("x");
        let mut best = &x;
        let list = [d("a"), d("b")];
        for y in &list {
            pause().await;
            if y.name() > best.name() || y.name() == "a" {
                best = y;
            }
        }
        pause().await;
        best.touch()
    }
}

differential! {
    a_boxed_trait_object => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let list: Vec<Box<dyn Touch>> = vec![Box::new(d("a")), Box::new(3)];
        let first: &dyn Touch = &*list[0];
        pause().await;
        first.touch_it() + list[1].touch_it()
    }
    trait Touch {
        fn touch_it(&self) -> u32;
    }
    impl Touch for D {
        fn touch_it(&self) -> u32 {
            self.touch()
        }
    }
    impl Touch for u32 {
        fn touch_it(&self) -> u32 {
            *self
        }
    }
}
