//! Generic functions, `where`, const generics, `impl Trait`, `dyn`.

#![allow(clippy::while_let_on_iterator, reason = "the form of the loop matters")]

use std::fmt::{Debug, Display};

use coframe_tests::differential;
use coframe_tests::differential::*;

differential! {
    a_type_parameter => subject(d("x"));
    #[coroutine]
    async fn subject<T: Debug>(value: T) -> String {
        let text = format!("{value:?}");
        pause().await;
        text + &format!("{value:?}")
    }
}

differential! {
    a_where_clause => subject(d("x"), vec![1, 2]);
    #[coroutine]
    async fn subject<T, I>(value: T, items: I) -> u32
    where
        T: Debug + Clone,
        I: IntoIterator<Item = u32>,
    {
        let mut sum = 0;
        for item in items {
            let copy = value.clone();
            pause().await;
            sum += item + format!("{copy:?}").len() as u32;
        }
        sum
    }
}

differential! {
    a_const_parameter => subject([d("a"), d("b")]);
    #[coroutine]
    async fn subject<const N: usize>(list: [D; N]) -> usize {
        for x in &list {
            pause().await;
            x.touch();
        }
        let zeros = [0; N];
        pause().await;
        zeros.len() + N
    }
}

differential! {
    impl_trait_arguments => subject(3, Steps::new("it", 2));
    #[coroutine]
    async fn subject(shown: impl Display, items: impl Iterator<Item = u32>) -> String {
        let mut out = shown.to_string();
        for item in items {
            pause().await;
            out += &item.to_string();
        }
        out
    }
}

differential! {
    a_generic_future => subject(give("x", 2, d("x")));
    #[coroutine]
    async fn subject<F>(future: F) -> F::Output
    where
        F: Future,
    {
        pause().await;
        future.await
    }
}

differential! {
    two_lifetimes => subject(&d("a"), &d("b"));
    #[coroutine]
    async fn subject<'a, 'b>(a: &'a D, b: &'b D) -> (&'a D, &'b D)
    where
        'a: 'b,
    {
        pause().await;
        (a, b)
    }
}

differential! {
    trait_objects => subject(&d("x"), Box::new(4));
    #[coroutine]
    async fn subject(shown: &dyn Debug, boxed: Box<dyn Display>) -> String {
        let a = format!("{shown:?}");
        pause().await;
        a + &boxed.to_string()
    }
}

differential! {
    an_async_closure_argument => subject(async |n| give("inner", 1, n + 1).await);
    #[coroutine]
    async fn subject<F>(mut step: F) -> u32
    where
        F: AsyncFnMut(u32) -> u32,
    {
        let mut n = 0;
        for _ in 0..2 {
            n = step(n).await;
        }
        n
    }
}

differential! {
    associated_types => subject(Steps::new("it", 3));
    #[coroutine]
    async fn subject<I: Iterator>(mut items: I) -> Option<I::Item>
    where
        I::Item: PartialOrd + Copy,
    {
        let mut best: Option<I::Item> = None;
        while let Some(item) = items.next() {
            pause().await;
            if best.is_none_or(|known| item > known) {
                best = Some(item);
            }
        }
        best
    }
}

differential! {
    turbofish_and_nested_generics => subject();
    #[coroutine]
    async fn subject() -> (u32, usize) {
        let n = pass::<u32>(3).await;
        let list = pass(vec![d("a")]).await;
        (n, list.len())
    }
    #[coroutine]
    async fn pass<T>(value: T) -> T {
        pause().await;
        value
    }
}

differential! {
    zero_sized_values => subject(());
    #[coroutine]
    async fn subject<T: Copy + Debug>(value: T) -> String {
        struct Nothing;
        impl Drop for Nothing {
            fn drop(&mut self) {
                event(Event::Drop, "drop nothing");
            }
        }
        let nothing = Nothing;
        pause().await;
        let copy = value;
        pause().await;
        let _moved = nothing;
        format!("{value:?}{copy:?}")
    }
}

differential! {
    a_never_ending_call => subject(2);
    #[coroutine]
    async fn subject(n: u32) -> u32 {
        let x = d("x");
        let m: u32 = if n == 1 { match forever().await {} } else { n };
        pause().await;
        x.touch() + m
    }
    #[coroutine]
    async fn forever() -> std::convert::Infallible {
        loop {
            pause().await;
        }
    }
}

differential! {
    large_and_aligned_values => subject([7; 40]);
    #[coroutine]
    async fn subject(list: [u64; 40]) -> u64 {
        #[derive(Clone, Copy)]
        #[repr(align(64))]
        struct Aligned(u64);
        let aligned = Aligned(list[3]);
        pause().await;
        let is_aligned = (&raw const aligned).addr().is_multiple_of(64);
        pause().await;
        aligned.0 + list.iter().sum::<u64>() + u64::from(is_aligned)
    }
}

struct Wrapper<T>(T);

impl<T> Wrapper<T> {
    fn get(&self) -> &T {
        &self.0
    }
}

differential! {
    references_to_generic_locals => async move {
        let list = [d("list")];
        subject("text", &list, d("x"), |text| text.len()).await + named(&d("y"), &d("z")).await.touch()
    };
    #[coroutine]
    async fn subject<T: Debug>(text: &str, list: &[D], x: T, len: impl Fn(&str) -> usize) -> u32 {
        let wrapper = Wrapper(x);
        let inner = wrapper.get();
        pause().await;
        len(text) as u32 + list[0].touch() + format!("{inner:?}").len() as u32
    }
    #[coroutine]
    async fn named<'a, T: Debug>(x: &'a D, y: &T) -> &'a D {
        let wrapper = Wrapper(y);
        let inner = wrapper.get();
        pause().await;
        drop(format!("{inner:?}"));
        x
    }
}

differential! {
    an_elided_lifetime_in_the_result => async move { subject("text", 5).await.len() };
    #[coroutine]
    async fn subject<T: Debug>(text: &str, x: T) -> &str {
        let wrapper = Wrapper(x);
        let inner = wrapper.get();
        pause().await;
        &text[format!("{inner:?}").len()..]
    }
}

differential! {
    a_generic_function_in_an_async_closure => async move {
        async fn call(function: impl AsyncFn(&str) -> usize) -> usize {
            function("text").await
        }
        call(async |text: &str| subject(text, d("x")).await).await
    };
    #[coroutine]
    async fn subject<T: Debug>(text: &str, x: T) -> usize {
        pause().await;
        format!("{text} {x:?}").len()
    }
}

differential! {
    an_opaque_result => {
        async move { subject(&d("x"), vec![1, 2]).await.unwrap().sum::<u32>() }
    };
    #[coroutine]
    async fn subject(x: &D, list: Vec<u32>) -> Result<impl Iterator<Item = u32> + '_, String> {
        pause().await;
        if list.is_empty() {
            return Err("empty".to_owned());
        }
        let first: u32 = x.name().parse().or(Ok::<u32, String>(7))?;
        pause().await;
        Ok(list.into_iter().map(move |n| n + first + x.touch()))
    }
}
