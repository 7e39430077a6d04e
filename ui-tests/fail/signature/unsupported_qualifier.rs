#[coframe::coroutine(yield = u32)]
const fn constant() {
    suspend!(1);
}

#[coframe::coroutine]
async unsafe fn dangerous() {}

#[coframe::coroutine(yield = u32)]
extern "C" fn foreign() {
    suspend!(1);
}

fn main() {
    let _ = constant();
    let _ = foreign();
}
