async fn pause() {}

#[coframe::coroutine]
async fn run(r#type: u32) -> u32 {
    let r#match = r#type + 1;
    let shadowed = String::from("a");
    pause().await;
    let shadowed = shadowed + "b";
    pause().await;
    let shadowed = shadowed.len() as u32;
    {
        let shadowed = 10;
        pause().await;
        assert_eq!(shadowed, 10);
    }
    shadowed + r#match
}

#[coframe::coroutine]
async fn r#loop() -> u32 {
    pause().await;
    'pause: loop {
        pause().await;
        break 'pause 1;
    }
}

fn main() {
    assert_eq!(coframe::block_on(run(1)), 4);
    assert_eq!(coframe::block_on(r#loop()), 1);
}
