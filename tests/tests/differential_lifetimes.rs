//! References of several lifetimes that meet in one future, and types that a frame borrows.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use coframe_tests::differential;
use coframe_tests::differential::*;

/// A future with one lifetime for all that it borrows.
struct Append<'a, T> {
    to: &'a mut Vec<u32>,
    from: &'a [T],
    is_polled: bool,
}

impl<T: Copy + Into<u32>> Future for Append<'_, T> {
    type Output = usize;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<usize> {
        if !self.is_polled {
            self.is_polled = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let from = self.from;
        self.to.extend(from.iter().map(|value| (*value).into()));
        Poll::Ready(from.len())
    }
}

fn append<'a, T>(to: &'a mut Vec<u32>, from: &'a [T]) -> Append<'a, T> {
    Append { to, from, is_polled: false }
}

differential! {
    two_references_in_one_future => subject(&mut vec![1], &[2, 3]);
    #[coroutine]
    async fn subject(to: &mut Vec<u32>, from: &[u32]) -> usize {
        let kept = d("kept");
        let count = append(to, from).await + append(to, &from[1..]).await;
        count + kept.touch() as usize
    }
}

differential! {
    references_and_a_generic_type => subject(&mut vec![1], &d("shared"), vec![2_u8, 3]);
    #[coroutine]
    async fn subject<T: AsRef<[u8]>>(to: &mut Vec<u32>, shared: &D, from: T) -> usize {
        let count = append(to, from.as_ref()).await;
        count + shared.touch() as usize
    }
}

differential! {
    references_inside_impl_trait => subject(&mut vec![1], [&d("a"), &d("b")]);
    #[coroutine]
    async fn subject(to: &mut Vec<u32>, items: impl IntoIterator<Item = &D>) -> usize {
        let mut count = 0;
        for item in items {
            count += append(to, &[item.touch()]).await;
        }
        count
    }
}

differential! {
    the_result_borrows_from_the_receiver => {
        async move {
            let kept = Kept { values: vec![1], name: d("kept") };
            kept.longer(&mut vec![4], &[2, 3]).await.touch()
        }
    };
    struct Kept { values: Vec<u32>, name: D }
    impl Kept {
        #[coroutine]
        pub(crate) async fn longer(&self, to: &mut Vec<u32>, from: &[u32]) -> &D {
            let count = append(to, from).await + append(to, &self.values).await;
            val("count", count);
            &self.name
        }
    }
}

differential! {
    a_method_that_may_be_of_a_trait => {
        async move {
            let mut kept = Kept { values: vec![1], name: d("kept") };
            kept.add(&[2, 3], d("argument"), d("other")).await
        }
    };
    struct Kept { values: Vec<u32>, name: D }
    impl Kept {
        #[coroutine]
        async fn add(&mut self, from: &[u32], argument: D, _: D) -> usize {
            let count = append(&mut self.values, from).await;
            argument.touch();
            count + self.name.touch() as usize
        }
    }
}

differential! {
    a_method_of_a_trait_that_never_suspends => {
        async move {
            let mut kept = Kept { value: d("kept") };
            let mut names = vec!["name"];
            kept.is_valid(&mut names, &d("argument"), d("moved")).await
        }
    };
    trait Validate {
        async fn is_valid<'a, T: Touch>(
            &mut self, names: &mut Vec<&'a str>, argument: &T, moved: D,
        ) -> Option<&'a str>;
    }
    trait Touch { fn touch(&self) -> u32; }
    impl Touch for D {
        fn touch(&self) -> u32 { D::touch(self) }
    }
    struct Kept { value: D }
    impl Validate for Kept {
        #[coroutine]
        async fn is_valid<'a, U: Touch>(
            &mut self, names: &mut Vec<&'a str>, argument: &U, moved: D,
        ) -> Option<&'a str> {
            let touched = self.value.touch() + argument.touch();
            (touched > 0).then(|| moved.touch());
            names.pop()
        }
    }
}

differential! {
    a_method_of_a_generic_type => {
        async move {
            let kept = Kept { value: vec![1_u8], name: d("kept") };
            kept.into_count(vec![5]).await
        }
    };
    struct Kept<T> { value: T, name: D }
    impl<T> Kept<T> {
        #[coroutine]
        pub(crate) async fn into_count(self, to: Vec<u32>) -> usize
        where
            T: AsRef<[u8]>,
        {
            let mut to = to;
            append(&mut to, self.value.as_ref()).await + self.name.touch() as usize
        }
    }
}

differential! {
    a_function_for_each_lifetime => {
        async move { twice(subject).await }
    };
    async fn twice(f: impl AsyncFn(&D) -> u32) -> u32 {
        let local = d("local");
        f(&local).await + f(&local).await
    }
    #[coroutine]
    async fn subject(value: &D) -> u32 {
        pause().await;
        value.touch()
    }
}
