#![deny(warnings)]
#![forbid(unsafe_code)]

async fn pause() {}

trait Named {
    async fn name(&self, prefix: &str) -> String;
}

struct Thing {
    parts: (String, Vec<u32>),
}

impl Named for Thing {
    #[coframe::coroutine]
    async fn name(&self, prefix: &str) -> String {
        #[cfg(unix)]
        let name = prefix.to_owned() + &self.parts.0;
        #[cfg(not(unix))]
        let name = self.missing().await;
        pause().await;
        name
    }
}

#[coframe::coroutine]
async fn sum<T: AsRef<[u32]>>((prefix, list): (&str, T), mut rounds: u32) -> Result<u32, String> {
    let mut sum = 0;
    while rounds > 0 {
        #[cfg(any())]
        let n = missing;
        #[cfg_attr(all(), allow(unused_mut))]
        let mut n = list.as_ref().first().copied().ok_or_else(|| prefix.to_owned())?;
        pause().await;
        sum += n;
        rounds -= 1;
        #[cfg(any())]
        missing().await;
    }
    Ok(sum)
}

#[coframe::coroutine(yield = u32)]
fn count() {
    #[cfg(not(any()))]
    suspend!(3);
    #[cfg(any())]
    suspend!(missing);
}

fn main() {
    let thing = Thing { parts: (String::from("name"), vec![1]) };
    drop(thing.name("a"));
    drop(sum(("a", &thing.parts.1), 2));
    drop(count());
}
