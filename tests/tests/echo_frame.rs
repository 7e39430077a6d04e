//! The frame of the README's echo server beside the future that rustc makes of the same function.

use coframe::frame_size;
use coframe::net::TcpStream;

#[coframe::coroutine]
async fn echo(mut sock: TcpStream) -> std::io::Result<u64> {
    let mut buf = [0; 4096];
    let mut total = 0;
    loop {
        let n = sock.read(&mut buf).await?;
        if n == 0 {
            return Ok(total);
        }
        sock.write_all(&buf[..n]).await?;
        total += n as u64;
    }
}

async fn plain_echo(mut sock: TcpStream) -> std::io::Result<u64> {
    let mut buf = [0; 4096];
    let mut total = 0;
    loop {
        let n = sock.read(&mut buf).await?;
        if n == 0 {
            return Ok(total);
        }
        sock.write_all(&buf[..n]).await?;
        total += n as u64;
    }
}

#[test]
fn the_frame_of_echo_is_at_most_rustcs_future() {
    let (ours, rustcs) = (frame_size!(echo), frame_size!(plain_echo));
    println!("coframe: {ours} bytes, rustc: {rustcs} bytes");
    assert!(ours <= rustcs, "the frame has {ours} bytes, rustc's future {rustcs}");
}

#[test]
fn a_pool_of_frames_can_be_a_static() {
    const SIZE: usize = frame_size!(echo);
    static POOL: [core::mem::MaybeUninit<[u8; SIZE]>; 4] =
        [const { core::mem::MaybeUninit::uninit() }; 4];
    assert_eq!(size_of_val(&POOL), 4 * SIZE);
}
