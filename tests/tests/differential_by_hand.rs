//! Coroutines that are resumed by hand: `suspend!`, values in and out, drops, panics.
//!
//! rustc has no such functions on stable; the expectations are written down.

use coframe::{Coroutine, CoroutineState, coroutine as transformed};
use coframe_tests::differential::*;

use CoroutineState::{Complete, Yielded};

#[coframe::coroutine(yield = u32, resume = bool)]
fn countdown(from: u32) -> &'static str {
    for i in (1..=from).rev() {
        if suspend!(i) {
            return "aborted";
        }
    }
    "liftoff"
}

#[test]
fn a_countdown_runs_to_its_end() {
    let resumed = resume_to_end(countdown(3), [false; 9]);
    assert_eq!(resumed, Resumed { yielded: vec![3, 2, 1], returned: Some("liftoff") });
}

#[test]
fn a_countdown_is_aborted() {
    let resumed = resume_to_end(countdown(3), [false, false, true]);
    assert_eq!(resumed, Resumed { yielded: vec![3, 2], returned: Some("aborted") });
}

#[test]
fn the_first_value_only_starts_it() {
    let resumed = resume_to_end(countdown(1), [true, false]);
    assert_eq!(resumed, Resumed { yielded: vec![1], returned: Some("liftoff") });
}

#[test]
fn the_first_value_is_dropped() {
    #[coframe::coroutine(yield = (), resume = D)]
    fn subject() -> u32 {
        say("start");
        let x = suspend!(());
        x.touch()
    }
    let logs = drop_at_each_suspension(subject, || d("given"));
    let last = logs.last().unwrap();
    assert_eq!(last[..3], ["new given", "drop given (0)", "start"]);
}

#[test]
fn resuming_after_completion_panics() {
    let mut frame = Box::pin(countdown(0));
    assert_eq!(frame.as_mut().resume(false), Complete("liftoff"));
    for _ in 0..2 {
        let message = panic_message(|| _ = frame.as_mut().resume(false));
        assert_eq!(message, "coroutine `countdown` resumed after completion");
    }
}

#[test]
fn resuming_after_a_panic_panics() {
    #[coframe::coroutine]
    fn failing() {
        suspend!();
        panic!("as expected");
    }
    let mut frame = Box::pin(failing());
    assert_eq!(frame.as_mut().resume(()), Yielded(()));
    assert_eq!(panic_message(|| _ = frame.as_mut().resume(())), "as expected");
    for _ in 0..2 {
        let message = panic_message(|| _ = frame.as_mut().resume(()));
        assert_eq!(message, "coroutine `failing` resumed after panicking");
    }
}

#[test]
fn polling_after_completion_has_the_same_message() {
    #[coframe::coroutine]
    async fn finished() {}
    let mut future = Box::pin(finished());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_ready());
    let message = panic_message(|| _ = future.as_mut().poll(&mut context));
    assert_eq!(message, "coroutine `finished` resumed after completion");
}

#[test]
fn what_is_alive_is_dropped_while_suspended() {
    #[coframe::coroutine(yield = u32)]
    fn subject(argument: D) -> u32 {
        let a = d("a");
        suspend!(1);
        let n = {
            let b = d("b");
            suspend!(2);
            b.touch()
        };
        let c = d("c");
        drop(a);
        suspend!(3);
        n + c.touch() + argument.touch()
    }
    let logs = drop_at_each_suspension(|| subject(d("argument")), || ());
    let drops = |log: &Vec<String>| -> Vec<String> {
        log.iter().filter_map(|line| line.strip_prefix("drop ")).map(str::to_owned).collect()
    };
    let drops: Vec<_> = logs.iter().map(drops).collect();
    assert_eq!(drops[0], ["argument (0)"]);
    assert_eq!(drops[1], ["a (0)", "argument (0)"]);
    assert_eq!(drops[2], ["b (0)", "a (0)", "argument (0)"]);
    assert_eq!(drops[3], ["b (1)", "a (0)", "c (0)", "argument (0)"]);
    assert_eq!(drops[4], ["b (1)", "a (0)", "c (1)", "argument (1)"]);
}

#[test]
fn a_suspension_is_an_expression() {
    #[coframe::coroutine(yield = &'static str, resume = u32)]
    fn sum() -> u32 {
        let a = suspend!("a");
        let b = suspend!("b") * 10 + suspend!("c");
        match suspend!("d") {
            0 => a + b,
            n => n + Vec::from([suspend!("e"), a]).iter().sum::<u32>(),
        }
    }
    let resumed = resume_to_end(sum(), [9, 1, 2, 3, 0]);
    assert_eq!(resumed, Resumed { yielded: vec!["a", "b", "c", "d"], returned: Some(24) });
    let resumed = resume_to_end(sum(), [9, 1, 2, 3, 4, 5]);
    assert_eq!(resumed, Resumed { yielded: vec!["a", "b", "c", "d", "e"], returned: Some(10) });
}

#[test]
fn values_can_borrow() {
    #[coframe::coroutine(yield = &'a str, resume = ())]
    fn words<'a>(text: &'a str) -> usize {
        let mut count = 0;
        for word in text.split(' ') {
            suspend!(word);
            count += 1;
        }
        count
    }
    let text = String::from("one two");
    let resumed = resume_to_end(words(&text), [(), (), ()]);
    assert_eq!(resumed, Resumed { yielded: vec!["one", "two"], returned: Some(2) });
}

#[test]
fn values_can_be_moved_through() {
    #[coframe::coroutine(yield = Option<D>, resume = Option<D>)]
    fn echo() -> u32 {
        let mut count = 0;
        let mut last = suspend!(None);
        while let Some(x) = last {
            count += 1;
            last = suspend!(Some(x));
        }
        count
    }
    let mut frame = Box::pin(echo());
    assert!(matches!(frame.as_mut().resume(None), Yielded(None)));
    for name in ["a", "b"] {
        let Yielded(Some(x)) = frame.as_mut().resume(Some(d(name))) else {
            panic!("the value comes back");
        };
        assert_eq!(x.name(), name);
    }
    assert!(matches!(frame.as_mut().resume(None), Complete(2)));
}

#[test]
fn an_unused_value_is_dropped() {
    #[coframe::coroutine(yield = u32, resume = D)]
    fn subject() {
        suspend!(1);
        let _ = suspend!(2);
        let _kept = suspend!(3);
        say("end");
    }
    let logs = drop_at_each_suspension(subject, || d("given"));
    assert_eq!(
        *logs.last().unwrap(),
        [
            "new given",
            "drop given (0)",
            "new given",
            "drop given (0)",
            "new given",
            "drop given (0)",
            "new given",
            "end",
            "drop given (0)"
        ]
    );
}

#[test]
fn generics_and_question_marks() {
    #[coframe::coroutine(yield = T, resume = Result<u32, String>)]
    fn each<T, const N: usize>(items: [T; N]) -> Result<u32, String>
    where
        T: Clone,
    {
        let mut sum = 0;
        for item in &items {
            sum += suspend!(item.clone())?;
        }
        Ok(sum)
    }
    let resumed = resume_to_end(each(["a", "b"]), [Ok(9), Ok(1), Ok(2)]);
    assert_eq!(resumed, Resumed { yielded: vec!["a", "b"], returned: Some(Ok(3)) });
    let resumed = resume_to_end(each([1, 2]), [Ok(9), Err("bad".to_owned())]);
    assert_eq!(resumed.returned, Some(Err("bad".to_owned())));
}

#[test]
fn a_coroutine_drives_another() {
    #[coframe::coroutine(yield = u32)]
    fn outer() -> u32 {
        let mut inner = Box::pin(inner(2));
        let n = loop {
            match inner.as_mut().resume(()) {
                Yielded(n) => suspend!(n * 10),
                Complete(n) => break n,
            }
        };
        suspend!(99);
        n + 1
    }
    #[coframe::coroutine(yield = u32)]
    fn inner(count: u32) -> u32 {
        for i in 0..count {
            suspend!(i);
        }
        count
    }
    let resumed = resume_to_end(outer(), [(); 9]);
    assert_eq!(resumed, Resumed { yielded: vec![0, 10, 99], returned: Some(3) });
}

#[test]
fn an_async_function_suspends_by_hand() {
    #[coframe::coroutine]
    async fn twice() -> u32 {
        suspend!();
        suspend!();
        3
    }
    let mut future = Box::pin(twice());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
    assert!(future.as_mut().poll(&mut context).is_pending());
    assert_eq!(future.as_mut().poll(&mut context), std::task::Poll::Ready(3));
}

#[test]
fn a_renamed_attribute() {
    #[transformed(yield = u32)]
    fn renamed() {
        suspend!(1);
    }
    assert_eq!(resume_to_end(renamed(), [(); 3]).yielded, [1]);
}

#[test]
fn frames_have_known_sizes() {
    const SIZE: usize = coframe::frame_size!(countdown);
    assert_eq!(SIZE, size_of_val(&countdown(1)));
    assert_eq!(coframe::frame_align!(countdown), align_of_val(&countdown(1)));
}

#[test]
fn a_pinned_reference_is_a_coroutine() {
    let mut frame = Box::pin(countdown(1));
    let resumed = resume_to_end(frame.as_mut(), [false]);
    assert_eq!(resumed.returned, None);
    assert_eq!(frame.as_mut().resume(false), Complete("liftoff"));
}

/// The bare form of the attribute in a module.
#[coframe::coroutines]
mod bare {
    use coframe_tests::differential::{D, pause};

    #[coroutine]
    pub(super) async fn touch(x: D) -> u32 {
        pause().await;
        x.touch()
    }

    #[coroutine(yield = u32, resume = bool)]
    pub(super) fn until(limit: u32) -> u32 {
        let mut n = 0;
        while n < limit {
            n += 1;
            if suspend!(n) {
                break;
            }
        }
        n
    }

    pub(super) mod nested {
        #[coroutine(yield = u32)]
        pub(crate) fn once() {
            suspend!(1);
        }
    }

    pub(super) struct Machine {
        pub(super) limit: u32,
    }

    impl Machine {
        #[coroutine(yield = u32)]
        pub(super) fn steps(&self) -> u32 {
            for i in 0..self.limit {
                suspend!(i);
            }
            self.limit
        }
    }
}

#[test]
fn the_bare_form_in_a_module() {
    assert_eq!(resume_to_end(bare::until(3), [false; 9]).yielded, [1, 2, 3]);
    assert_eq!(resume_to_end(bare::nested::once(), [(); 9]).yielded, [1]);
    let machine = bare::Machine { limit: 2 };
    assert_eq!(resume_to_end(machine.steps(), [(); 9]).yielded, [0, 1]);
    assert!(coframe::frame_size!(bare::touch) > size_of::<D>());
}

/// The bare form of the attribute in an `impl`.
struct Ticker {
    ticks: u32,
}

#[coframe::coroutines]
impl Ticker {
    #[coroutine(yield = u32)]
    fn run(&mut self, count: u32) {
        for _ in 0..count {
            self.ticks += 1;
            suspend!(self.ticks);
        }
    }

    #[coroutine]
    async fn wait(self) -> u32 {
        pause().await;
        self.ticks
    }
}

#[test]
fn the_bare_form_in_an_impl() {
    let mut ticker = Ticker { ticks: 5 };
    assert_eq!(resume_to_end(ticker.run(2), [(); 9]).yielded, [6, 7]);
    let mut future = Box::pin(ticker.wait());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(future.as_mut().poll(&mut context).is_pending());
    assert_eq!(future.as_mut().poll(&mut context), std::task::Poll::Ready(7));
}
