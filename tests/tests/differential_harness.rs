//! The comparison itself: it must see every kind of difference.

use coframe_tests::differential::*;

#[test]
#[should_panic(expected = "runs differ, 0 by a panic in a drop")]
fn another_event() {
    compare("events", &|run| run.drive(async { say("a") }), &|run| run.drive(async { say("b") }));
}

#[test]
#[should_panic(expected = "runs differ")]
fn another_order_of_drops() {
    let oracle = |run: &Run| run.drive(async { drop((d("a"), d("b"))) });
    let machine = |run: &Run| {
        run.drive(async {
            let (_a, _b) = (d("a"), d("b"));
        });
    };
    compare("drops", &oracle, &machine);
}

#[test]
#[should_panic(expected = "runs differ")]
fn a_leak() {
    let oracle = |run: &Run| run.drive(async { drop(d("x")) });
    let machine = |run: &Run| run.drive(async { std::mem::forget(d("x")) });
    compare("leak", &oracle, &machine);
}

#[test]
#[should_panic(expected = "runs differ")]
fn another_result() {
    compare("results", &|run| run.drive(async { 1 }), &|run| run.drive(async { 2 }));
}

#[test]
#[should_panic(expected = "runs differ")]
fn another_number_of_suspensions() {
    let oracle = |run: &Run| run.drive(async { pause().await });
    let machine = |run: &Run| {
        run.drive(async {
            pause().await;
            pause().await;
        });
    };
    compare("suspensions", &oracle, &machine);
}

#[test]
#[should_panic(expected = "runs differ")]
fn a_future_that_can_be_polled_again() {
    let oracle = |run: &Run| run.drive(async { 1 });
    let machine = |run: &Run| run.drive(std::future::poll_fn(|_| std::task::Poll::Ready(1)));
    compare("polled again", &oracle, &machine);
}

#[test]
#[should_panic(expected = "the frame has")]
fn a_larger_frame() {
    let machine = |run: &Run| {
        run.drive(async {
            let large = [1_u8; 100];
            pause().await;
            drop(large.to_vec());
        });
    };
    compare("sizes", &|run| run.drive(async { pause().await }), &machine);
}
