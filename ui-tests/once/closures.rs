//! Closures.

async fn closure_arg_wrong() {
    let v = vec![1u32];
    pause().await;
    let w: Vec<u32> = v.iter().map(|x: &String| 1).collect();
    pause().await;
    drop(v);
    drop(w);
}

async fn closure_ret_wrong() {
    let v = vec![1u32];
    pause().await;
    let w: Vec<u32> = v.iter().map(|x| x.to_string()).collect();
    pause().await;
    drop(v);
    drop(w);
}

async fn closure_body_wrong() {
    let n = 3u32;
    pause().await;
    let f = |x: &str| x + n;
    pause().await;
    f("a");
}

async fn closure_body_saved() {
    let s = make();
    pause().await;
    let f = || takes(s);
    pause().await;
    f();
}

async fn closure_call_wrong() {
    let f = |x: u32| x + 1;
    pause().await;
    f("a");
    pause().await;
}

async fn closure_mut() {
    let mut n = 0;
    let c = || n += 1;
    pause().await;
    c();
}

async fn closure_outlives() {
    let c = {
        let s = make();
        pause().await;
        || s.len()
    };
    pause().await;
    c();
}

async fn closure_borrow_conflict() {
    let mut s = make();
    let c = || s.len();
    pause().await;
    s.push('a');
    pause().await;
    c();
}
