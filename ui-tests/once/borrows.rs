//! Borrows, lifetimes, mutability and initialisation.

async fn mut_twice() {
    let mut s = make();
    let a = &mut s;
    let b = &mut s;
    pause().await;
    a.push('a');
    b.push('b');
}

async fn mut_and_shared() {
    let mut s = make();
    let a = &s;
    s.push('a');
    pause().await;
    println!("{a}");
}

async fn mut_across() {
    let mut v = vec![1];
    for x in &v {
        pause().await;
        v.push(*x);
    }
}

async fn not_mut() {
    let s = make();
    pause().await;
    s.push('a');
    pause().await;
    println!("{s}");
}

async fn not_mut_unsaved() {
    pause().await;
    let s = make();
    s.push('a');
    println!("{s}");
}

async fn not_mut_assign() {
    let n = 1u32;
    pause().await;
    n = 2;
    pause().await;
    takes(n);
}

async fn not_mut_add() {
    let n = 1u32;
    pause().await;
    n += 2;
    pause().await;
    takes(n);
}

async fn not_mut_arg(n: u32) {
    pause().await;
    n += 2;
    pause().await;
    takes(n);
}

async fn not_mut_ref(s: &String) {
    pause().await;
    s.push('a');
    pause().await;
    println!("{s}");
}

async fn not_mut_borrow() {
    let s = make();
    pause().await;
    let r = &mut s;
    pause().await;
    r.push('a');
}

async fn uninit() {
    let n: u32;
    pause().await;
    takes(n);
}

async fn uninit_branch() {
    let n: u32;
    if number().await > 1 {
        n = 1;
    }
    pause().await;
    takes(n);
}

async fn dangling() {
    let r;
    {
        let s = make();
        r = &s;
        pause().await;
    }
    pause().await;
    println!("{r}");
}

async fn dangling_block() {
    let r = {
        let s = make();
        pause().await;
        s.as_str()
    };
    pause().await;
    println!("{r}");
}

async fn temp_dropped() {
    let r = make().as_str();
    pause().await;
    println!("{r}");
}

async fn temp_dropped_typed() {
    let r: &str = make().as_str();
    pause().await;
    println!("{r}");
}

async fn temp_dropped_await() {
    let r = text_of(1).await.as_str();
    pause().await;
    println!("{r}");
}

async fn lifetime_return<'a>(a: &'a str, b: &str) -> &'a str {
    pause().await;
    if a.is_empty() { b } else { a }
}

async fn static_needed(s: &str) {
    pause().await;
    let h = std::thread::spawn(move || s.len());
    pause().await;
    drop(h);
}

async fn send_needed() {
    let r = Rc::new(1);
    pause().await;
    let h = std::thread::spawn(move || *r);
    pause().await;
    drop(h);
}
