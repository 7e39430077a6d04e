//! Arguments, methods and traits.

async fn args_few() {
    two(number().await);
    pause().await;
}

async fn args_many() {
    takes(number().await, 2);
    pause().await;
}

async fn args_wrong_awaited() {
    takes(text_of(1).await);
    pause().await;
}

async fn args_wrong_awaited2() {
    two(number().await, text_of(2).await);
    pause().await;
}

async fn args_method_wrong() {
    let mut s = make();
    pause().await;
    s.push_str(number().await);
    pause().await;
    drop(s);
}

async fn args_method_few() {
    let mut s = make();
    pause().await;
    s.push_str();
    pause().await;
    drop(s);
}

async fn args_ref_needed() {
    let s = make();
    pause().await;
    takes_text(s);
    pause().await;
}

async fn args_ref_awaited() {
    takes_text(text_of(1).await);
    pause().await;
}

async fn args_async_wrong() {
    let s = make();
    pause().await;
    text_of(s).await;
}

async fn args_async_wrong_lit() {
    text_of("1").await;
}

async fn args_async_few() {
    text_of().await;
}

async fn trait_missing() {
    let s = make();
    pause().await;
    needs(s);
    pause().await;
}

async fn trait_missing_lit() {
    needs(number().await);
    pause().await;
}

async fn clone_missing() {
    let a = NotClone;
    pause().await;
    let b = a.clone();
    pause().await;
    drop((a, b));
}

async fn generic_bound<T>(t: T) {
    pause().await;
    println!("{t}");
}

async fn generic_clone<T: Clone>(t: T) -> T {
    let u = t.clone();
    pause().await;
    let v: T = u;
    drop(v);
    drop(t);
    t
}

async fn generic_mismatch<T, U>(a: T, b: U) -> U {
    pause().await;
    a
}

async fn enum_args() {
    let s = Shape::Line(text_of(1).await);
    pause().await;
    drop(s);
}

async fn enum_args_few() {
    let s = Shape::Line();
    pause().await;
    drop(s);
}

async fn dyn_wrong() {
    let d: Box<dyn Area> = Box::new(number().await);
    pause().await;
    drop(d);
}

async fn method_on_option() {
    let o = Some(make());
    pause().await;
    let n = o.len();
    pause().await;
    drop(o);
}

async fn method_on_result() {
    let n = try_number().await.pow(2);
    pause().await;
}

async fn method_arg_saved() {
    let s = make();
    let mut v: Vec<u32> = Vec::new();
    pause().await;
    v.push(s);
    pause().await;
    drop(v);
}
