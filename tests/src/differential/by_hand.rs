//! The same scenarios for coroutines that are resumed by hand.

use std::fmt::Debug;
use std::panic::{self, AssertUnwindSafe};
use std::pin::pin;

use coframe::{Coroutine, CoroutineState};

use super::log::Log;
use super::scenarios::{message, quietly};

/// What a coroutine did until it completed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resumed<Y, R> {
    /// The values it suspended with.
    pub yielded: Vec<Y>,
    /// The value it ended with; `None` if there were no more values to resume it with.
    pub returned: Option<R>,
}

/// Resumes a coroutine with these values, the first of which starts it.
pub fn resume_to_end<A, C>(
    coroutine: C,
    values: impl IntoIterator<Item = A>,
) -> Resumed<C::Yield, C::Return>
where
    C: Coroutine<A>,
{
    let mut coroutine = pin!(coroutine);
    let mut yielded = Vec::new();
    for value in values {
        match coroutine.as_mut().resume(value) {
            CoroutineState::Yielded(value) => yielded.push(value),
            CoroutineState::Complete(value) => return Resumed { yielded, returned: Some(value) },
        }
    }
    Resumed { yielded, returned: None }
}

/// The events of a coroutine that is dropped when it has been resumed 0, 1, 2 .. times, until one
/// completes.
pub fn drop_at_each_suspension<A, C>(
    make: impl Fn() -> C,
    value: impl Fn() -> A,
) -> Vec<Vec<String>>
where
    C: Coroutine<A, Return: Debug>,
{
    let mut logs = Vec::new();
    loop {
        Log::start(None);
        let resumed = resume_to_end(make(), (0..logs.len()).map(|_| value()));
        let log = Log::finish();
        assert_eq!(log.leaked(), 0, "all values are dropped");
        logs.push(log.lines().to_vec());
        if resumed.returned.is_some() {
            return logs;
        }
    }
}

/// The message of the panic in `action`.
///
/// # Panics
///
/// When `action` does not panic.
pub fn panic_message(action: impl FnOnce()) -> String {
    let outcome = quietly(|| panic::catch_unwind(AssertUnwindSafe(action)));
    message(outcome.expect_err("a panic"))
}
