const SIZE: usize = coframe::frame_size!(4);

fn main() {
    let _ = SIZE;
}
