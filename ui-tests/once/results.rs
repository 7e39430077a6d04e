//! What is returned, and `?`.

async fn question_in_unit() {
    let n = try_number().await?;
    pause().await;
    takes(n);
}

async fn question_in_u32() -> u32 {
    let n = try_number().await?;
    pause().await;
    n
}

async fn question_option_in_result() -> Result<u32, String> {
    let v = vec![1u32];
    pause().await;
    let n = v.first()?;
    pause().await;
    Ok(*n)
}

async fn question_wrong_error() -> Result<u32, String> {
    let n: u32 = "1".parse::<u32>()?;
    pause().await;
    Ok(n)
}

async fn question_wrong_error_saved() -> Result<u32, String> {
    let s = make();
    pause().await;
    let n: u32 = s.parse::<u32>()?;
    pause().await;
    Ok(n)
}

async fn question_awaited_wrong_error() -> Result<u32, String> {
    let n = ready::<Result<u32, u8>>(Ok(1)).await?;
    pause().await;
    Ok(n)
}

async fn question_on_number() -> Result<u32, String> {
    let n = number().await?;
    pause().await;
    Ok(n)
}

async fn return_not_ok() -> Result<u32, String> {
    let n = number().await;
    pause().await;
    n
}

async fn return_not_ok_saved() -> Result<u32, String> {
    let n = make();
    pause().await;
    n
}

async fn return_stmt_wrong() -> u32 {
    if number().await > 1 {
        return "one";
    }
    pause().await;
    3
}

async fn return_missing() -> u32 {
    let n = number().await;
    takes(n);
}

async fn tail_semicolon() -> u32 {
    let n = number().await;
    n + 1;
}

async fn return_local_ref<'a>() -> &'a str {
    let s = make();
    pause().await;
    &s
}

async fn ok_wrong() -> Result<u32, String> {
    let n = text_of(1).await;
    pause().await;
    Ok(n)
}

async fn err_wrong() -> Result<u32, String> {
    let n = number().await;
    pause().await;
    if n > 1 {
        return Err(n);
    }
    Ok(n)
}

async fn return_in_unit() {
    if number().await > 1 {
        return 3;
    }
    pause().await;
}
