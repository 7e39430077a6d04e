use coframe::{frame_align, frame_size};

async fn pause() {}

#[coframe::coroutine]
async fn large(bytes: [u8; 100]) -> u8 {
    pause().await;
    bytes[0]
}

#[coframe::coroutine]
async fn generic<T: Copy, const N: usize>(values: [T; N]) -> T {
    pause().await;
    values[0]
}

#[coframe::coroutine(yield = u64)]
fn count(from: u64) {
    suspend!(from);
    suspend!(from + 1);
}

const LARGE: usize = frame_size!(large);
const GENERIC: usize = frame_size!(generic::<u32, 8>);
static COUNT: usize = frame_size!(count);
static ALIGN: usize = frame_align!(count);

struct Room<const SIZE: usize>([u8; SIZE]);

fn main() {
    let room = Room::<{ frame_size!(large) }>([0; LARGE]);
    assert_eq!(room.0.len(), size_of_val(&large([0; 100])));
    assert_eq!(GENERIC, size_of_val(&generic([0_u32; 8])));
    assert_eq!(COUNT, size_of_val(&count(0)));
    assert_eq!(ALIGN, align_of_val(&count(0)));
}
