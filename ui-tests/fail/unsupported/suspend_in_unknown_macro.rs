macro_rules! twice {
    ($value:expr) => {
        $value + $value
    };
}

async fn number() -> u32 {
    twice!(1)
}

#[coframe::coroutine]
async fn sum() -> u32 {
    twice!(number().await)
}

fn main() {
    let _ = sum();
}
