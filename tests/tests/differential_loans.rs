//! How long what is borrowed keeps its bytes: as long as something that may hold a reference to it is
//! used later.

#![allow(
    clippy::await_holding_refcell_ref,
    clippy::multiple_unsafe_ops_per_block,
    reason = "what is held is the point of it; a block is there in the witness and the machine"
)]

use core::cell::RefCell;

use coframe_tests::differential;
use coframe_tests::differential::*;

/// Fills a buffer, and keeps no reference to it.
fn fill(bytes: &mut [u8], with: u8) {
    bytes.fill(with);
}

fn sum(bytes: &[u8]) -> u32 {
    bytes.iter().map(|byte| u32::from(*byte)).sum()
}

/// A buffer of other bytes, which takes the place of one that is gone.
#[coframe::coroutine]
async fn others() -> u32 {
    let mut bytes = [9; 64];
    fill(&mut bytes, 9);
    pause().await;
    sum(&bytes)
}

differential! {
    a_reference_behind_a_mutable_one => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let bytes = [1_u8; 64];
        let mut list: Vec<&[u8]> = Vec::new();
        {
            let reference = &mut list;
            reference.push(&bytes);
        }
        let other = others().await;
        other + sum(list[0])
    }
}

differential! {
    a_reference_in_a_cell => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let bytes = [1_u8; 64];
        let cell = RefCell::new(None);
        let also = &cell;
        also.replace(Some(&bytes));
        let other = others().await;
        other + cell.borrow().map_or(0, |bytes: &[u8; 64]| sum(bytes))
    }
}

differential! {
    a_reference_that_moves_on => subject();
    struct Holder<'a>(&'a [u8]);
    fn again<'a>(holder: &Holder<'a>) -> Holder<'a> {
        Holder(holder.0)
    }
    #[coroutine]
    async fn subject() -> u32 {
        let bytes = [1_u8; 64];
        let first = Holder(&bytes);
        let second = again(&first);
        let (third, n) = (again(&second), 3_u32);
        let other = others().await;
        let fourth = match n {
            3 => again(&third),
            _ => return 0,
        };
        pause().await;
        other + sum(fourth.0)
    }
}

differential! {
    a_reference_in_a_pattern => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let bytes = [[1_u8; 64]; 2];
        let mut total = 0;
        for part in &bytes {
            total += others().await;
            total += sum(part);
        }
        if let [first, ..] = &bytes[..] {
            total += others().await;
            total += sum(first);
        }
        while let Some(last) = bytes.last() {
            total += others().await + sum(last);
            if total > 2000 {
                break;
            }
        }
        total
    }
}

differential! {
    a_reference_in_an_argument => subject(&RefCell::new(0));
    #[coroutine]
    async fn subject(count: &RefCell<u32>) -> u32 {
        let mut bytes = [1_u8; 64];
        let mut guard = count.borrow_mut();
        *guard += sum(&bytes);
        let slot = &mut *guard;
        fill(&mut bytes, 2);
        let view = bytes.chunks(8);
        let other = others().await;
        *slot += view.map(sum).sum::<u32>();
        other + *slot
    }
}

differential! {
    references_that_are_gone => subject();
    #[coroutine]
    async fn subject() -> u32 {
        let mut bytes = [0_u8; 64];
        fill(&mut bytes, 1);
        let mut total = sum(&bytes);
        pause().await;
        let mut bytes = [0_u8; 64];
        fill(&mut bytes, 2);
        pause().await;
        total += sum(&bytes);
        let view = &bytes;
        total += sum(view);
        total += others().await;
        total
    }
}

differential! {
    the_last_bytes_are_written_before_a_jump => subject(3);
    #[coroutine]
    async fn subject(rounds: usize) -> u32 {
        let mut total = 0;
        let mut bytes = [0_u8; 64];
        for round in 0..rounds {
            fill(&mut bytes[round..], 1);
            total += sum(&bytes);
            pause().await;
            if round == 1 {
                bytes = [5; 64];
            }
        }
        total
    }
}

/// A buffer whose references are gone takes no bytes, and one that is moved to a callee takes its.
#[test]
fn references_that_are_gone_keep_nothing() {
    #[coframe::coroutine]
    async fn gone() -> u32 {
        let mut bytes = [0_u8; 1024];
        fill(&mut bytes, 1);
        let total: u32 = sum(&bytes);
        pause().await;
        total
    }
    #[coframe::coroutine]
    async fn callee(bytes: [u8; 1024]) -> u32 {
        pause().await;
        sum(&bytes)
    }
    #[coframe::coroutine]
    async fn moved() -> u32 {
        let mut bytes = [0_u8; 1024];
        fill(&mut bytes, 1);
        callee(bytes).await
    }
    assert!(coframe::frame_size!(gone) < 64);
    assert_eq!(coframe::frame_size!(moved), coframe::frame_size!(callee));
}

/// Unsafe code may keep the address of a variable: it is valid to the end of the scope.
#[test]
fn unsafe_code_keeps_what_was_borrowed() {
    #[coframe::coroutine]
    async fn subject() -> u32 {
        let mut bytes = [0_u8; 64];
        let address = core::ptr::from_mut(&mut bytes) as usize;
        let other = others().await;
        // SAFETY: `bytes` is in scope, and nobody else uses it.
        let bytes = unsafe { &*(address as *const [u8; 64]) };
        other + sum(bytes)
    }
    let run = core::pin::pin!(subject());
    let waker = core::task::Waker::noop();
    let mut run = run;
    let mut context = core::task::Context::from_waker(waker);
    let result = loop {
        if let core::task::Poll::Ready(result) = run.as_mut().poll(&mut context) {
            break result;
        }
    };
    assert_eq!(result, 9 * 64);
}
