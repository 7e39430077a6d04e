//! The frames of the functions of `protocols` and `programs`, by hand: a tuple for each level, the callees in it, unions
//! where states exclude others, and a byte of state in each.

use core::mem::{ManuallyDrop, size_of};

type State = u8;
type Bytes = &'static mut [u8];

/// One of two, which exclude each other.
#[allow(dead_code, reason = "only its size counts")]
union OneOf<A, B> {
    first: ManuallyDrop<A>,
    second: ManuallyDrop<B>,
}

type Read = (i32, Bytes, State);
type ReadExact = (i32, Bytes, usize, Read, State);
type WriteAll = ReadExact;
type ReadByte = ([u8; 1], ReadExact, State);
type ReadLine = (i32, Bytes, usize, ReadByte, State);
type RequestLine = ([u8; 256], ReadLine, State);
type Header = ([u8; 128], ReadLine, State);
type Headers = (i32, u64, Header, State);
type Body = (i32, [u8; 1024], usize, u64, Read, State);
type Chunked = (i32, u64, OneOf<ReadByte, Body>, State);
type Content = (u64, OneOf<Body, Chunked>);
type Request = (i32, u64, OneOf<RequestLine, OneOf<Headers, Content>>, State);
type Respond = (i32, Bytes, OneOf<([u8; 64], WriteAll), WriteAll>, State);
type KeepAlive = (i32, u64, OneOf<Request, ([u8; 200], Respond)>, State);
type Integer = ([u8; 32], ReadLine, State);
type Bulk = (i32, OneOf<Integer, ([u8; 512], usize, ReadExact)>, State);
type Array = (i32, i64, u64, OneOf<Integer, Bulk>, State);
type Reply = (i32, OneOf<ReadByte, OneOf<Bulk, Array>>, State);
type Set = (i32, Bytes, OneOf<([u8; 24], WriteAll), OneOf<WriteAll, Reply>>, State);
type Pipelined = (i32, u8, u64, OneOf<([u8; 16], WriteAll), Reply>, State);
type Copy = (i32, i32, u64, [u8; 2048], usize, OneOf<Read, WriteAll>, State);
type Proxy = (i32, i32, OneOf<([u8; 512], OneOf<ReadLine, WriteAll>), Copy>, State);
type Tunnel = (i32, i32, u64, u64, [u8; 256], u8, usize, OneOf<Read, WriteAll>, State);
type Handshake = (i32, OneOf<([u8; 3], ReadExact), ([u8; 10], WriteAll)>, State);
type Gateway = (i32, i32, u32, OneOf<Handshake, Proxy>, State);
type Ticks = (u32, State);
type SleepUntil = (u64, State);
type Interval = (u64, u64, u32, SleepUntil, State);
type Debounce = (u64, u64, u64, State);
type Limiter = (u64, u64, u64, u64, SleepUntil, State);
type Heartbeat = (i32, u32, u64, OneOf<([u8; 8], WriteAll), ReadByte>, State);
type Attempt = (u64, u64, State);
type Retry = (u32, u64, OneOf<Attempt, SleepUntil>, State);
type RetryWithJitter = (u32, u64, u64, OneOf<Attempt, SleepUntil>, State);
type Breaker = (u8, u64, u32, OneOf<Attempt, SleepUntil>, State);
type Hedge = (u64, u64, OneOf<Attempt, Ticks>, State);
type TwoPhases = (u64, OneOf<[u8; 2048], [u32; 300]>, State);
type Checksum = (i32, u32, [u8; 4096], Read, State);
type Compress = (i32, [u8; 512], [u8; 512], usize, OneOf<Read, WriteAll>, State);
type DoubleBuffer = (i32, [u8; 256], [u8; 256], u64, u8, Read, State);
type Table = (u32, [u64; 64], State);
type Batch = (i32, [[u8; 16]; 32], usize, OneOf<Read, WriteAll>, State);

/// The size of the frame of a function, by hand, in bytes.
pub fn by_hand(name: &str) -> Option<usize> {
    SIZES.iter().find(|(known, _)| *known == name).map(|(_, size)| *size)
}

macro_rules! sizes {
    ($($name:ident $frame:ident;)*) => { &[$((stringify!($name), size_of::<$frame>())),*] };
}

const SIZES: &[(&str, usize)] = sizes! {
    read Read;
    write Read;
    read_exact ReadExact;
    write_all WriteAll;
    read_byte ReadByte;
    read_line ReadLine;
    request_line RequestLine;
    header Header;
    headers Headers;
    body Body;
    chunked Chunked;
    request Request;
    respond Respond;
    keep_alive KeepAlive;
    integer Integer;
    bulk Bulk;
    array Array;
    reply Reply;
    set Set;
    pipelined Pipelined;
    copy Copy;
    proxy Proxy;
    tunnel Tunnel;
    handshake Handshake;
    gateway Gateway;
    ticks Ticks;
    sleep_until SleepUntil;
    interval Interval;
    debounce Debounce;
    limiter Limiter;
    heartbeat Heartbeat;
    attempt Attempt;
    retry Retry;
    retry_with_jitter RetryWithJitter;
    breaker Breaker;
    hedge Hedge;
    two_phases TwoPhases;
    checksum Checksum;
    compress Compress;
    double_buffer DoubleBuffer;
    table Table;
    batch Batch;
};
