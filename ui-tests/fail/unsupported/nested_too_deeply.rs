/// Puts the statements into four blocks for each `x`.
macro_rules! nested {
    ([$($body:tt)*]) => {
        #[coframe::coroutine]
        async fn run() {
            $($body)*
        }
    };
    ([$($body:tt)*] x $($rest:tt)*) => {
        nested! { [{{{{ $($body)* }}}}] $($rest)* }
    };
}

nested! { [coframe::block_on(async {})]
    x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
    x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x
}

fn main() {
    let _ = run();
}
