//! Uses of values that were moved, and moves that are not allowed.

async fn use_after_move() {
    let s = make();
    drop(s);
    pause().await;
    drop(s);
}

async fn use_after_move_await() {
    let s = make();
    pause().await;
    drop(s);
    pause().await;
    println!("{s}");
}

async fn use_after_move_method() {
    let v = vec![make()];
    pause().await;
    let i = v.into_iter();
    pause().await;
    println!("{:?}", v);
    drop(i);
}

async fn move_in_loop() {
    let s = make();
    loop {
        pause().await;
        drop(s);
    }
}

async fn move_in_for() {
    let s = make();
    for _ in 0..2 {
        drop(s);
        pause().await;
    }
}

async fn move_partial() {
    let p = Point { x: 1, y: make() };
    pause().await;
    let y = p.y;
    pause().await;
    println!("{:?}", p);
    drop(y);
}

async fn move_conditional() {
    let s = make();
    if number().await > 1 {
        drop(s);
    }
    pause().await;
    println!("{s}");
}

async fn move_closure() {
    let s = make();
    let c = move || s.len();
    pause().await;
    println!("{s}");
    c();
}

async fn move_async_block() {
    let s = make();
    let c = async move { s.len() };
    pause().await;
    println!("{s}");
    c.await;
}

async fn move_borrowed() {
    let s = make();
    let r = &s;
    pause().await;
    drop(s);
    pause().await;
    println!("{r}");
}

async fn move_out_ref() {
    let s = make();
    let r = &s;
    pause().await;
    let t = *r;
    pause().await;
}

async fn move_out_vec() {
    let v = vec![make()];
    pause().await;
    let t = v[0];
    pause().await;
    drop(v);
    drop(t);
}

async fn move_out_field_ref() {
    let p = Point { x: 1, y: make() };
    let r = &p;
    pause().await;
    let t = r.y;
    pause().await;
}

async fn move_from_array() {
    let a = [make(), make()];
    pause().await;
    let s = a[0];
    pause().await;
}

async fn move_match_ref() {
    let o = Some(make());
    let r = &o;
    pause().await;
    match *r {
        Some(s) => {
            pause().await;
            drop(s)
        }
        None => (),
    }
}

async fn move_guard() {
    let m = Mutex::new(make());
    pause().await;
    let s = *m.lock().unwrap();
    pause().await;
    drop(s);
}
