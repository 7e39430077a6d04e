//! Functions as real programs have them: streams, and parsers of HTTP and of Redis' protocol.

use super::corpus::{Case, leaked, measure};
use super::world::{self, fill, once, put, receive, sum, try_write};

/// What a function fails with.
pub(super) struct Failed;

/// Runs all of them.
pub(super) fn cases() -> Vec<Case> {
    measure! {
        read(5, leaked());
        write(5, leaked());
        read_exact(5, leaked());
        write_all(5, leaked());
        read_byte(5);
        read_line(5, leaked());
        request_line(5);
        header(5);
        headers(5);
        body(5, 300);
        chunked(5);
        request(5);
        respond(5, 200, leaked());
        keep_alive(5);
        integer(5);
        bulk(5);
        array(5);
        reply(5);
        set(5, 7, leaked());
        pipelined(5);
    }
}

/// The functions, with an attribute, and with what suspends.
macro_rules! functions {
    ([$($attribute:tt)*] $($pause:tt)*) => {
        $($attribute)* pub(crate) async fn read(socket: i32, bytes: &mut [u8]) -> usize {
            loop {
                if let Some(count) = receive(socket, bytes) {
                    return count;
                }
                $($pause)*;
            }
        }

        $($attribute)* pub(crate) async fn write(socket: i32, bytes: &[u8]) -> usize {
            loop {
                if let Some(count) = try_write(socket, bytes) {
                    return count;
                }
                $($pause)*;
            }
        }

        $($attribute)* pub(crate) async fn read_exact(
            socket: i32,
            bytes: &mut [u8],
        ) -> Result<(), Failed> {
            let mut done = 0;
            while done < bytes.len() {
                let count: usize = read(socket, &mut bytes[done..]).await;
                if count == 0 {
                    return Err(Failed);
                }
                done += count;
            }
            Ok(())
        }

        $($attribute)* pub(crate) async fn write_all(socket: i32, bytes: &[u8]) {
            let mut done = 0;
            while done < bytes.len() {
                done += write(socket, &bytes[done..]).await;
            }
        }

        $($attribute)* pub(crate) async fn read_byte(socket: i32) -> Result<u8, Failed> {
            let mut byte = [0];
            read_exact(socket, &mut byte).await?;
            Ok(byte[0])
        }

        $($attribute)* pub(crate) async fn read_line(
            socket: i32,
            line: &mut [u8],
        ) -> Result<usize, Failed> {
            let mut length = 0;
            while length < line.len() {
                let byte: u8 = read_byte(socket).await?;
                if byte % 16 == 10 {
                    break;
                }
                line[length] = byte;
                length += 1;
            }
            Ok(length)
        }

        $($attribute)* pub(crate) async fn request_line(socket: i32) -> Result<u64, Failed> {
            let mut line = [0; 256];
            let length: usize = read_line(socket, &mut line).await?;
            Ok(sum(&line[..length]))
        }

        $($attribute)* pub(crate) async fn header(socket: i32) -> Result<Option<u64>, Failed> {
            let mut line = [0; 128];
            let length: usize = read_line(socket, &mut line).await?;
            let name = line[..length].iter().position(|byte| byte % 8 == 3);
            Ok(name.map(|end| sum(&line[..end]) ^ sum(&line[end..length])))
        }

        $($attribute)* pub(crate) async fn headers(socket: i32) -> Result<u64, Failed> {
            let mut all = 0_u64;
            while let Some(hash) = header(socket).await? {
                all = all.wrapping_mul(31).wrapping_add(hash);
            }
            Ok(all)
        }

        $($attribute)* pub(crate) async fn body(socket: i32, mut left: usize) -> Result<u64, Failed> {
            let mut bytes = [0; 1024];
            let mut all = 0_u64;
            while left > 0 {
                let most = left.min(1024);
                let count: usize = read(socket, &mut bytes[..most]).await;
                if count == 0 {
                    return Err(Failed);
                }
                all = all.wrapping_add(sum(&bytes[..count]));
                left -= count;
            }
            Ok(all)
        }

        $($attribute)* pub(crate) async fn chunked(socket: i32) -> Result<u64, Failed> {
            let mut all = 0_u64;
            loop {
                let length = usize::from(read_byte(socket).await? & 0x3f);
                if length < 9 {
                    return Ok(all);
                }
                all = all.wrapping_add(body(socket, length).await?);
            }
        }

        $($attribute)* pub(crate) async fn request(socket: i32) -> Result<u64, Failed> {
            let first: u64 = request_line(socket).await?;
            let second: u64 = headers(socket).await?;
            let third: u64 = match first % 3 {
                0 => 0,
                1 => body(socket, (second & 0x7f) as usize).await?,
                _ => chunked(socket).await?,
            };
            Ok(first ^ second.rotate_left(8) ^ third)
        }

        $($attribute)* pub(crate) async fn respond(socket: i32, status: u16, content: &[u8]) {
            let mut head = [b' '; 64];
            head[..2].copy_from_slice(&status.to_be_bytes());
            head[4..12].copy_from_slice(&content.len().to_be_bytes());
            write_all(socket, &head).await;
            write_all(socket, content).await;
        }

        $($attribute)* pub(crate) async fn keep_alive(socket: i32) -> u64 {
            let mut served = 0_u64;
            while let Ok(hash) = request(socket).await {
                let mut content = [0; 200];
                fill(&mut content);
                respond(socket, (hash % 500) as u16, &content).await;
                served += 1;
            }
            put(served);
            served
        }

        $($attribute)* pub(crate) async fn integer(socket: i32) -> Result<i64, Failed> {
            let mut line = [0; 32];
            let length: usize = read_line(socket, &mut line).await?;
            let mut value = 0_i64;
            for digit in &line[..length] {
                value = value.wrapping_mul(10).wrapping_add(i64::from(digit % 10));
            }
            Ok(value)
        }

        $($attribute)* pub(crate) async fn bulk(socket: i32) -> Result<u64, Failed> {
            let length = (integer(socket).await? & 0x1ff) as usize;
            let mut payload = [0; 512];
            read_exact(socket, &mut payload[..length]).await?;
            Ok(sum(&payload[..length]))
        }

        $($attribute)* pub(crate) async fn array(socket: i32) -> Result<u64, Failed> {
            let mut left = integer(socket).await? & 3;
            let mut all = 0_u64;
            while left > 0 {
                all = all.rotate_left(5);
                all ^= bulk(socket).await?;
                left -= 1;
            }
            Ok(all)
        }

        $($attribute)* pub(crate) async fn reply(socket: i32) -> Result<u64, Failed> {
            match read_byte(socket).await? % 4 {
                0 => Ok(integer(socket).await? as u64),
                1 => bulk(socket).await,
                2 => array(socket).await,
                _ => Err(Failed),
            }
        }

        $($attribute)* pub(crate) async fn set(
            socket: i32,
            key: u64,
            value: &[u8],
        ) -> Result<u64, Failed> {
            let mut command = [0; 24];
            command[..8].copy_from_slice(&key.to_be_bytes());
            write_all(socket, &command).await;
            write_all(socket, value).await;
            reply(socket).await
        }

        $($attribute)* pub(crate) async fn pipelined(socket: i32) -> u64 {
            let mut number = 0_u8;
            while number < 4 {
                let command = [number; 16];
                write_all(socket, &command).await;
                number += 1;
            }
            let mut good = 0_u64;
            while number > 0 {
                if let Ok(value) = reply(socket).await {
                    put(value);
                    good += 1;
                }
                number -= 1;
            }
            good
        }
    };
}

/// Under `#[coroutine]`.
pub(super) mod machine {
    use super::*;
    functions!([#[coframe::coroutine]] once().await);
}

/// Under `#[coroutine]`, without a future that suspends.
pub(super) mod suspending {
    use super::*;
    functions!([#[coframe::coroutine]] suspend!());
}

/// As rustc compiles them.
pub(super) mod plain {
    use super::*;
    functions!([] once().await);
}
