/// Doubles the statements for each `x`.
macro_rules! repeated {
    ([$($body:tt)*]) => {
        #[coframe::coroutine]
        async fn run() {
            suspend!();
            $($body)*
        }
    };
    ([$($body:tt)*] x $($rest:tt)*) => {
        repeated! { [$($body)* $($body)*] $($rest)* }
    };
}

repeated! { [suspend!();] x x x x x x x x x x x x }

fn main() {
    let _ = run();
}
