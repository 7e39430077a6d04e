//! Names that do not exist.

async fn unknown_name() {
    pause().await;
    takes(nothing);
}

async fn unknown_fn() {
    nothing(1).await;
}

async fn unknown_method_awaited() {
    number().await.nothing();
    pause().await;
}

async fn unknown_method_before_await() {
    let s = make();
    pause().await;
    s.nothing().await;
}

async fn unknown_type() {
    let n: Nothing = number().await;
    pause().await;
    drop(n);
}

async fn unknown_field() {
    let p = Point { x: 1, y: make() };
    pause().await;
    println!("{}", p.z);
}

async fn unknown_field_assign() {
    let mut p = Point { x: 1, y: make() };
    pause().await;
    p.z = 3;
    pause().await;
    drop(p);
}

async fn missing_field() {
    let p = Point { x: number().await as i32 };
    pause().await;
    drop(p);
}

async fn wrong_field() {
    let p = Point { x: text_of(1).await, y: make() };
    pause().await;
    drop(p);
}

async fn wrong_field2() {
    let p = Point { x: 1, y: number().await };
    pause().await;
    drop(p);
}

async fn private_field() {
    let c = Cell::new(1);
    pause().await;
    let v = c.value;
    pause().await;
    drop(c);
}

async fn enum_variant() {
    let s = Shape::Circle(number().await);
    pause().await;
    drop(s);
}

async fn struct_unknown() {
    let s = Nothing { x: number().await };
    pause().await;
    drop(s);
}

async fn typo_saved() {
    let number_of = number().await;
    pause().await;
    takes(numberof);
    pause().await;
}

async fn typo_unsaved() {
    let number_of = number().await;
    takes(numberof);
    pause().await;
}

async fn typo_other_state() {
    let number_of = 3u32;
    takes(number_of);
    pause().await;
    takes(numberof);
}

async fn typo_fn() {
    let n = numbr().await;
    pause().await;
    takes(n);
}

async fn typo_method() {
    let s = make();
    pause().await;
    s.lenn();
    pause().await;
}

async fn typo_field() {
    let p = Point { x: 1, y: make() };
    pause().await;
    takes(p.xx);
    pause().await;
}

async fn typo_fmt() {
    let number_of = number().await;
    pause().await;
    println!("{numberof}");
    pause().await;
}
