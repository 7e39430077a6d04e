//! Patterns.

async fn match_arms_str() {
    let s = match number().await {
        0 => make(),
        1 => text_of(1).await,
        _ => 3,
    };
    pause().await;
    drop(s);
}

async fn match_arms_unit() {
    let s = match number().await {
        0 => make(),
        1 => {
            pause().await;
        }
        _ => make(),
    };
    pause().await;
    drop(s);
}

async fn match_nonexhaustive() {
    match number().await {
        0 => pause().await,
        1 => (),
    }
}

async fn match_nonexhaustive_enum() {
    let s = Shape::Dot;
    pause().await;
    match s {
        Shape::Dot => pause().await,
        Shape::Line(_) => (),
    }
}

async fn match_nonexhaustive_ref() {
    let s = Shape::Dot;
    pause().await;
    match &s {
        Shape::Dot => pause().await,
        Shape::Line(_) => (),
    }
    drop(s);
}

async fn match_wrong_pattern() {
    match number().await {
        "a" => pause().await,
        _ => (),
    }
}

async fn match_wrong_pattern_saved() {
    let s = make();
    pause().await;
    match s {
        3 => pause().await,
        _ => (),
    }
}

async fn match_pattern_fields() {
    let s = Shape::Dot;
    pause().await;
    match s {
        Shape::Line(a, b) => pause().await,
        _ => (),
    }
}

async fn match_guard_type() {
    match number().await {
        n if n => pause().await,
        _ => (),
    }
}

async fn if_let_wrong() {
    if let Some(n) = number().await {
        pause().await;
        takes(n);
    }
}

async fn if_let_wrong_saved() {
    let v = make();
    pause().await;
    if let Some(n) = v {
        pause().await;
        takes(n);
    }
}

async fn let_else_wrong() {
    let Some(n) = number().await else {
        return;
    };
    pause().await;
    takes(n);
}

async fn let_else_no_diverge() {
    let Some(n) = Some(1u32) else {
        pause().await;
    };
    pause().await;
    takes(n);
}

async fn let_refutable() {
    let Some(n) = Some(number().await);
    pause().await;
    takes(n);
}

async fn let_tuple_len() {
    let (a, b) = (number().await, 2, 3);
    pause().await;
    takes(a);
    drop(b);
}

async fn while_let_wrong() {
    let mut v = vec![1u32];
    while let Ok(n) = v.pop() {
        pause().await;
        takes(n);
    }
}

async fn while_let_type() {
    let mut v = vec![make()];
    while let Some(n) = v.pop() {
        pause().await;
        takes(n);
    }
}

async fn pattern_ref() {
    let v = vec![Some(make())];
    pause().await;
    for Some(s) in v.iter() {
        pause().await;
    }
}
