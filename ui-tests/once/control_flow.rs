//! Branches and loops.

async fn if_no_else() {
    let n = if number().await > 1 {
        number().await
    };
    pause().await;
    takes(n);
}

async fn if_branches() {
    let n = if number().await > 1 { number().await } else { "one" };
    pause().await;
    takes(n);
}

async fn if_branches_rev() {
    let n = if number().await > 1 { "one" } else { number().await };
    pause().await;
    takes(n);
}

async fn if_cond_await() {
    if number().await {
        pause().await;
    }
}

async fn while_cond_await() {
    while number().await {
        pause().await;
    }
}

async fn for_not_iter() {
    for n in number().await {
        pause().await;
        takes(n);
    }
}

async fn for_not_iter_saved() {
    let v = 3u32;
    pause().await;
    for n in v {
        pause().await;
        takes(n);
    }
}

async fn for_range_not_iter() {
    for n in 0.0..1.0 {
        pause().await;
    }
}

async fn for_range_ends_wrong() {
    const END: u8 = 2;
    for n in 0..END {
        pause().await;
        takes(n);
    }
}

async fn for_range_end_unknown() {
    for n in 0..NOTHING {
        pause().await;
        takes(n);
    }
}

async fn for_item_wrong() {
    for s in vec![make()] {
        pause().await;
        takes(s);
    }
}

async fn for_item_ref() {
    let v = vec![1u32, 2];
    for n in &v {
        pause().await;
        takes(n);
    }
    drop(v);
}

async fn break_value_wrong() {
    let n: u32 = loop {
        pause().await;
        break "one";
    };
    pause().await;
    takes(n);
}

async fn break_values_differ() {
    let n = loop {
        pause().await;
        if number().await > 1 {
            break "one";
        }
        break 2;
    };
    pause().await;
    drop(n);
}

async fn break_outside() {
    pause().await;
    break;
}

async fn break_in_while() {
    while number().await > 1 {
        break 3;
    }
}

async fn unit_let() {
    let u: u32 = pause().await;
    pause().await;
    takes(u);
}

async fn block_value() {
    let u: u32 = {
        pause().await;
    };
    pause().await;
    takes(u);
}
