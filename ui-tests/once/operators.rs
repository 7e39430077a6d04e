//! Operators and conversions.

async fn op_mixed() {
    let n = number().await + 1u64;
    pause().await;
    drop(n);
}

async fn op_mixed_str() {
    let n = number().await + "1";
    pause().await;
    drop(n);
}

async fn op_str_add() {
    let a = make();
    pause().await;
    let b = "x" + a;
    pause().await;
    drop(b);
}

async fn op_str_add_awaited() {
    let a = text_of(1).await + text_of(2).await;
    pause().await;
    drop(a);
}

async fn op_compare() {
    let a = number().await == "1";
    pause().await;
    drop(a);
}

async fn op_assign_wrong() {
    let mut n = 1u32;
    pause().await;
    n += "1";
    pause().await;
    takes(n);
}

async fn op_assign_awaited() {
    let mut n = 1u32;
    n += text_of(1).await;
    pause().await;
    takes(n);
}

async fn op_not() {
    let a = !make();
    pause().await;
}

async fn op_and() {
    let a = number().await && true;
    pause().await;
}

async fn op_or() {
    let a = true || text_of(1).await;
    pause().await;
}

async fn index_wrong() {
    let v = vec![1u32];
    pause().await;
    let n = v[number().await];
    pause().await;
    takes(n);
}

async fn index_not() {
    let v = 3u32;
    pause().await;
    let n = v[0];
    pause().await;
}

async fn cast_wrong() {
    let n = text_of(1).await as u32;
    pause().await;
    takes(n);
}

async fn tuple_index() {
    let t = (1u32, make());
    pause().await;
    let n = t.2;
    pause().await;
    drop(t);
}

async fn infer_vec() {
    let v = Vec::new();
    pause().await;
    drop(v);
}

async fn infer_none() {
    let v = None;
    pause().await;
    drop(v);
}

async fn infer_collect() {
    let v = vec![1].into_iter().collect();
    pause().await;
    drop(v);
}

async fn infer_parse() {
    let n = "1".parse().unwrap();
    pause().await;
    drop(n);
}

async fn infer_default() {
    let n = Default::default();
    pause().await;
    drop(n);
}

async fn array_len() {
    let a: [u32; 3] = [number().await, 2];
    pause().await;
    drop(a);
}

async fn array_mixed() {
    let a = [number().await, "2"];
    pause().await;
    drop(a);
}

async fn array_mixed2() {
    let a = ["2", number().await];
    pause().await;
    drop(a);
}

async fn tuple_wrong() {
    let a: (u32, String) = (number().await, number().await);
    pause().await;
    drop(a);
}

async fn some_wrong() {
    let a: Option<String> = Some(number().await);
    pause().await;
    drop(a);
}

async fn box_wrong() {
    let b: Box<u32> = number().await;
    pause().await;
    drop(b);
}

async fn deref_number() {
    let n = 1u32;
    pause().await;
    takes(*n);
    pause().await;
}

async fn ref_number() {
    let n = 1u32;
    pause().await;
    takes(&n);
    pause().await;
}

async fn ref_awaited() {
    takes(&number().await);
    pause().await;
}

async fn string_lit() {
    let s: String = "a";
    pause().await;
    drop(s);
}

async fn string_lit_ret() -> String {
    pause().await;
    "a"
}
