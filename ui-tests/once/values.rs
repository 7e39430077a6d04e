//! Other values of a wrong type.

async fn const_assign() {
    const N: u32 = 1;
    N = number().await;
    pause().await;
}

async fn two_errors() {
    let s = make();
    pause().await;
    let a: u32 = s;
    let b: String = number().await;
    pause().await;
}

async fn assign_wrong_call() {
    let mut s = make();
    pause().await;
    s = number().await;
    pause().await;
    drop(s);
}

async fn assign_wrong_arg(mut s: String) {
    pause().await;
    s = 3;
    pause().await;
    drop(s);
}

async fn assign_wrong_typed() {
    let mut s: String = make();
    pause().await;
    s = 3;
    pause().await;
    drop(s);
}

async fn assign_wrong_unsaved() {
    pause().await;
    let mut s = make();
    s = 3;
    drop(s);
}

async fn assign_wrong_field() {
    let mut p = Point { x: 1, y: make() };
    pause().await;
    p.y = 3;
    pause().await;
    drop(p);
}

async fn assign_wrong_deref() {
    let mut n = 1u32;
    let r = &mut n;
    pause().await;
    *r = "a";
    pause().await;
    drop(r);
}

async fn assign_ref() {
    let mut n = 1u32;
    let r = &mut n;
    pause().await;
    r = 3;
    pause().await;
    drop(r);
}

async fn assign_borrowed() {
    let mut n = 1u32;
    let r = &n;
    pause().await;
    n = 3;
    pause().await;
    takes(*r);
}
