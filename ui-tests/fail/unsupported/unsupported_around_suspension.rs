async fn number(n: u32) -> u32 {
    n
}

#[coframe::coroutine]
async fn compare(lists: Vec<Vec<u32>>, index: usize) {
    let mut lists = lists;
    lists[index].push(number(3).await);
    assert_eq!(lists.len(), 1, "{}", number(4).await);
}

fn main() {
    let _ = compare(Vec::new(), 1);
}
