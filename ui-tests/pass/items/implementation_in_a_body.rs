//! An implementation in a body that never suspends, for a type outside of it.

struct Outside;

trait Named {
    fn named(&self) -> u32;
}

#[coframe::coroutine]
async fn run(n: u32) -> u32 {
    impl Named for Outside {
        fn named(&self) -> u32 {
            7
        }
    }
    struct Local(u32);
    impl Local {
        fn get(&self) -> u32 {
            self.0
        }
    }
    macro_rules! twice {
        ($e:expr) => {
            $e + $e
        };
    }
    Outside.named() + twice!(Local(n).get())
}

fn main() {
    assert_eq!(coframe::block_on(run(3)), 13);
}
