//! Each kind of use of a number that lives across suspensions.

async fn num_lit_arg() {
    let v = 1u64;
    pause().await;
    takes(v);
    pause().await;
}

async fn num_lit_let() {
    let v = 1u64;
    pause().await;
    let n: u32 = v;
    pause().await;
}

async fn num_lit_cond() {
    let v = 1u64;
    pause().await;
    if v {
        pause().await;
    }
    pause().await;
}

async fn num_lit_while() {
    let v = 1u64;
    pause().await;
    while v {
        pause().await;
    }
    pause().await;
}

async fn num_lit_arg2() {
    let v = 1u64;
    pause().await;
    two(1u8, v);
    pause().await;
}

async fn num_lit_ret() {
    let v = 1u64;
    pause().await;
    let f: u32 = {
        pause().await;
        v
    };
    pause().await;
}

async fn num_lit_op() {
    let v = 1u64;
    pause().await;
    let n = 1u16 + v;
    pause().await;
}

async fn num_lit_method() {
    let v = 1u64;
    pause().await;
    v.no_such_method();
    pause().await;
}

async fn num_lit_field() {
    let v = 1u64;
    pause().await;
    let a = v.no_field;
    pause().await;
}

async fn num_lit_call() {
    let v = 1u64;
    pause().await;
    v();
    pause().await;
}

async fn num_lit_index() {
    let v = 1u64;
    pause().await;
    let a = v["a"];
    pause().await;
}

async fn num_lit_neg() {
    let v = 1u64;
    pause().await;
    let a = -v;
    pause().await;
}

async fn num_lit_deref() {
    let v = 1u64;
    pause().await;
    let a = **v;
    pause().await;
}

async fn num_lit_trait() {
    let v = 1u64;
    pause().await;
    needs(v);
    pause().await;
}

async fn num_lit_struct() {
    let v = 1u64;
    pause().await;
    let a = Point { x: v, y: make() };
    pause().await;
}

async fn num_lit_tuple() {
    let v = 1u64;
    pause().await;
    let a: (u32, u32) = (v, 1);
    pause().await;
}

async fn num_lit_match() {
    let v = 1u64;
    pause().await;
    match v {
        Shape::Dot => (),
        _ => (),
    }
    pause().await;
}

async fn num_lit_cast() {
    let v = 1u64;
    pause().await;
    let a = v as Shape;
    pause().await;
}

async fn num_lit_try() -> Option<u32> {
    let v = 1u64;
    pause().await;
    let a = v?;
    pause().await;
    None
}

async fn num_lit_await_it() {
    let v = 1u64;
    pause().await;
    v.await;
    pause().await;
}

async fn num_lit_arr() {
    let v = 1u64;
    pause().await;
    let a = [1i8, v];
    pause().await;
}

async fn num_lit_push() {
    let v = 1u64;
    pause().await;
    let mut l = Vec::<u8>::new();
    l.push(v);
    pause().await;
}

async fn num_lit_for() {
    let v = 1u64;
    pause().await;
    for x in v.nothing {
        pause().await;
    }
    pause().await;
}

async fn num_lit_fmt() {
    let v = 1u64;
    pause().await;
    println!("{}", v.nothing);
    pause().await;
}

async fn num_lit_letpat() {
    let v = 1u64;
    pause().await;
    let (a, b): (u32, u32) = v;
    pause().await;
}

async fn num_lit_assign_to() {
    let v = 1u64;
    pause().await;
    let mut n = 3u32;
    pause().await;
    n = v;
    drop(n);
    pause().await;
}

async fn num_lit_closure() {
    let v = 1u64;
    pause().await;
    let c = || takes(v);
    c();
    pause().await;
}
