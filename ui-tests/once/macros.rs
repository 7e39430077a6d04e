//! Macros of the standard library.

async fn display_missing() {
    let a = NotClone;
    pause().await;
    println!("{a}");
    pause().await;
    drop(a);
}

async fn debug_missing() {
    let a = Shape::Dot;
    pause().await;
    println!("{:?}", a);
    pause().await;
    drop(a);
}

async fn display_awaited() {
    println!("{}", pause().await);
}

async fn fmt_args_few() {
    println!("{} {}", number().await);
}

async fn fmt_unknown() {
    let n = number().await;
    println!("{m}");
    pause().await;
    takes(n);
}

async fn assert_wrong() {
    let s = make();
    pause().await;
    assert_eq!(s, 3);
    pause().await;
    drop(s);
}

async fn assert_awaited() {
    assert_eq!(number().await, "3");
    pause().await;
}

async fn assert_not_bool() {
    assert!(number().await);
    pause().await;
}

async fn vec_mixed() {
    let a = vec![number().await, "2"];
    pause().await;
    drop(a);
}
