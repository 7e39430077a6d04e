//! Each kind of use of a number that is assigned to and lives across suspensions.

async fn num_call_arg_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    takes(v);
    pause().await;
}

async fn num_call_let_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let n: u32 = v;
    pause().await;
}

async fn num_call_cond_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    if v {
        pause().await;
    }
    pause().await;
}

async fn num_call_while_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    while v {
        pause().await;
    }
    pause().await;
}

async fn num_call_arg2_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    two(1u8, v);
    pause().await;
}

async fn num_call_ret_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let f: u32 = {
        pause().await;
        v
    };
    pause().await;
}

async fn num_call_op_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let n = 1u16 + v;
    pause().await;
}

async fn num_call_method_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    v.no_such_method();
    pause().await;
}

async fn num_call_field_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let a = v.no_field;
    pause().await;
}

async fn num_call_call_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    v();
    pause().await;
}

async fn num_call_index_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let a = v["a"];
    pause().await;
}

async fn num_call_neg_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let a = -v;
    pause().await;
}

async fn num_call_deref_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let a = **v;
    pause().await;
}

async fn num_call_trait_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    needs(v);
    pause().await;
}

async fn num_call_struct_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let a = Point { x: v, y: make() };
    pause().await;
}

async fn num_call_tuple_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let a: (u32, u32) = (v, 1);
    pause().await;
}

async fn num_call_match_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    match v {
        Shape::Dot => (),
        _ => (),
    }
    pause().await;
}

async fn num_call_cast_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let a = v as Shape;
    pause().await;
}

async fn num_call_try_assigned() -> Option<u32> {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let a = v?;
    pause().await;
    None
}

async fn num_call_await_it_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    v.await;
    pause().await;
}

async fn num_call_arr_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let a = [1i8, v];
    pause().await;
}

async fn num_call_push_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let mut l = Vec::<u8>::new();
    l.push(v);
    pause().await;
}

async fn num_call_for_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    for x in v.nothing {
        pause().await;
    }
    pause().await;
}

async fn num_call_fmt_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    println!("{}", v.nothing);
    pause().await;
}

async fn num_call_letpat_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let (a, b): (u32, u32) = v;
    pause().await;
}

async fn num_call_assign_to_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let mut n = 3u32;
    pause().await;
    n = v;
    drop(n);
    pause().await;
}

async fn num_call_closure_assigned() {
    let mut v = make().len();
    pause().await;
    v = 3;
    pause().await;
    let c = || takes(v);
    c();
    pause().await;
}

async fn num_lit_arg_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    takes(v);
    pause().await;
}

async fn num_lit_let_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let n: u32 = v;
    pause().await;
}

async fn num_lit_cond_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    if v {
        pause().await;
    }
    pause().await;
}

async fn num_lit_while_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    while v {
        pause().await;
    }
    pause().await;
}

async fn num_lit_arg2_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    two(1u8, v);
    pause().await;
}

async fn num_lit_ret_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let f: u32 = {
        pause().await;
        v
    };
    pause().await;
}

async fn num_lit_op_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let n = 1u16 + v;
    pause().await;
}

async fn num_lit_method_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    v.no_such_method();
    pause().await;
}

async fn num_lit_field_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let a = v.no_field;
    pause().await;
}

async fn num_lit_call_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    v();
    pause().await;
}

async fn num_lit_index_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let a = v["a"];
    pause().await;
}

async fn num_lit_neg_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let a = -v;
    pause().await;
}

async fn num_lit_deref_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let a = **v;
    pause().await;
}

async fn num_lit_trait_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    needs(v);
    pause().await;
}

async fn num_lit_struct_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let a = Point { x: v, y: make() };
    pause().await;
}

async fn num_lit_tuple_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let a: (u32, u32) = (v, 1);
    pause().await;
}

async fn num_lit_match_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    match v {
        Shape::Dot => (),
        _ => (),
    }
    pause().await;
}

async fn num_lit_cast_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let a = v as Shape;
    pause().await;
}

async fn num_lit_try_assigned() -> Option<u32> {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let a = v?;
    pause().await;
    None
}

async fn num_lit_await_it_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    v.await;
    pause().await;
}

async fn num_lit_arr_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let a = [1i8, v];
    pause().await;
}

async fn num_lit_push_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let mut l = Vec::<u8>::new();
    l.push(v);
    pause().await;
}

async fn num_lit_for_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    for x in v.nothing {
        pause().await;
    }
    pause().await;
}

async fn num_lit_fmt_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    println!("{}", v.nothing);
    pause().await;
}

async fn num_lit_letpat_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let (a, b): (u32, u32) = v;
    pause().await;
}

async fn num_lit_assign_to_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let mut n = 3u32;
    pause().await;
    n = v;
    drop(n);
    pause().await;
}

async fn num_lit_closure_assigned() {
    let mut v = 1u64;
    pause().await;
    v = 3;
    pause().await;
    let c = || takes(v);
    c();
    pause().await;
}
