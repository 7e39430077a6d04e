#![deny(warnings)]
#![deny(unused_qualifications, single_use_lifetimes, unreachable_pub, elided_lifetimes_in_paths)]

use std::fmt;

#[derive(Debug)]
enum Failure {
    Empty,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("empty")
    }
}

async fn pause() {}

async fn read(buffer: &mut [u8]) -> Result<usize, Failure> {
    if buffer.is_empty() { Err(Failure::Empty) } else { Ok(buffer.len()) }
}

/// Reads until there is enough.
#[coframe::coroutine]
async fn straight(mut rounds: u32) -> Result<usize, Failure> {
    let mut buffer = [0; 16];
    let mut total = 0;
    while rounds > 0 {
        let n = read(&mut buffer).await?;
        total += n;
        rounds -= 1;
    }
    Ok(total)
}

#[coframe::coroutine]
async fn matches(value: Option<u32>) -> u32 {
    match value {
        Some(0) => 0,
        Some(n) if n > 2 => {
            pause().await;
            n
        }
        Some(_) | None => {
            pause().await;
            1
        }
    }
}

#[coframe::coroutine]
async fn names(list: &[&str]) -> String {
    let mut all = String::new();
    for (index, name) in list.iter().enumerate() {
        if index > 0 {
            all.push(' ');
        }
        pause().await;
        all.push_str(name);
    }
    let _ignored = all.len();
    let closure = |suffix: &str| format!("{all}{suffix}");
    pause().await;
    closure("!")
}

#[coframe::coroutine]
async fn nothing() {}

#[coframe::coroutine]
async fn endless() -> u32 {
    loop {
        pause().await;
        if matches(None).await == 1 {
            break 2;
        }
    }
}

fn main() {
    assert_eq!(coframe::block_on(straight(2)).unwrap(), 32);
    assert_eq!(coframe::block_on(matches(Some(3))), 3);
    assert_eq!(coframe::block_on(names(&["a", "b"])), "a b!");
    coframe::block_on(nothing());
    assert_eq!(coframe::block_on(endless()), 2);
}
