//! Functions as real programs have them: proxies, timers, retries, and work on large buffers.

use super::corpus::{Case, measure};
use super::protocols::Failed;
use super::world::{self, fill, get, now, once, put, sum};

/// Runs all of them.
pub(super) fn cases() -> Vec<Case> {
    measure! {
        copy(5, 6);
        proxy(5, 6);
        tunnel(5, 6);
        handshake(5);
        gateway(5, 6);
        ticks(9);
        sleep_until(20);
        interval(5, 4);
        debounce(9);
        limiter(3);
        heartbeat(5, 3);
        attempt(3);
        retry(4);
        retry_with_jitter(4);
        breaker(6);
        hedge(2);
        two_phases();
        checksum(5);
        compress(5);
        double_buffer(5);
        table(8);
        batch(5);
    }
}

/// The functions, with an attribute, and with what suspends.
macro_rules! functions {
    ([$($attribute:tt)*] $($pause:tt)*) => {
        $($attribute)* pub(crate) async fn copy(from: i32, to: i32) -> u64 {
            let mut bytes = [0; 2048];
            let mut total = 0_u64;
            loop {
                let count: usize = read(from, &mut bytes).await;
                if count == 0 {
                    return total;
                }
                write_all(to, &bytes[..count]).await;
                total += count as u64;
            }
        }

        $($attribute)* pub(crate) async fn proxy(client: i32, server: i32) -> Result<u64, Failed> {
            let mut head = [0; 512];
            let length: usize = read_line(client, &mut head).await?;
            write_all(server, &head[..length]).await;
            Ok(copy(server, client).await)
        }

        $($attribute)* pub(crate) async fn tunnel(client: i32, server: i32) -> (u64, u64) {
            let mut sent = 0_u64;
            let mut received = 0_u64;
            let mut bytes = [0; 256];
            for _ in 0..6_u8 {
                let count: usize = read(client, &mut bytes).await;
                write_all(server, &bytes[..count]).await;
                sent += count as u64;
                let count: usize = read(server, &mut bytes).await;
                write_all(client, &bytes[..count]).await;
                received += count as u64;
            }
            (sent, received)
        }

        $($attribute)* pub(crate) async fn handshake(socket: i32) -> Result<u32, Failed> {
            let mut greeting = [0; 3];
            read_exact(socket, &mut greeting).await?;
            write_all(socket, &[5, greeting[1] & 1]).await;
            let mut target = [0; 10];
            read_exact(socket, &mut target).await?;
            write_all(socket, &target).await;
            Ok(u32::from_be_bytes([target[4], target[5], target[6], target[7]]))
        }

        $($attribute)* pub(crate) async fn gateway(client: i32, server: i32) -> Result<u64, Failed> {
            let address: u32 = handshake(client).await?;
            let forwarded: u64 = proxy(client, server).await?;
            Ok(forwarded ^ u64::from(address))
        }

        $($attribute)* pub(crate) async fn ticks(mut left: u32) {
            while left > 0 {
                $($pause)*;
                left -= 1;
            }
        }

        $($attribute)* pub(crate) async fn sleep_until(deadline: u64) {
            while now() < deadline {
                $($pause)*;
            }
        }

        $($attribute)* pub(crate) async fn interval(period: u64, mut left: u32) -> u64 {
            let mut next = now();
            while left > 0 {
                next += period;
                sleep_until(next).await;
                put(next);
                left -= 1;
            }
            next
        }

        $($attribute)* pub(crate) async fn debounce(quiet: u64) -> u64 {
            let mut events = 0_u64;
            let mut last = now();
            while now() < last + quiet {
                if get() % 3 == 0 && events < 5 {
                    last = now();
                    events += 1;
                }
                $($pause)*;
            }
            events
        }

        $($attribute)* pub(crate) async fn limiter(rate: u64) -> u64 {
            let mut tokens = 0_u64;
            let mut filled = now();
            let mut sent = 0_u64;
            while sent < 8 {
                let time = now();
                tokens = (tokens + (time - filled) * rate).min(10);
                filled = time;
                if tokens >= 5 {
                    tokens -= 5;
                    put(tokens);
                    sent += 1;
                } else {
                    sleep_until(time + 2).await;
                }
            }
            sent
        }

        $($attribute)* pub(crate) async fn heartbeat(socket: i32, mut left: u32) -> u64 {
            let mut missed = 0_u64;
            while left > 0 {
                let ping = [left as u8; 8];
                write_all(socket, &ping).await;
                let deadline = now() + 6;
                sleep_until(deadline).await;
                if read_byte(socket).await.is_err() {
                    missed += 1;
                }
                left -= 1;
            }
            missed
        }

        $($attribute)* pub(crate) async fn attempt(bad: u64) -> Result<u64, Failed> {
            let number = get();
            $($pause)*;
            if number % 4 < bad { Err(Failed) } else { Ok(number) }
        }

        $($attribute)* pub(crate) async fn retry(mut left: u32) -> Result<u64, Failed> {
            let mut wait = 1_u64;
            loop {
                match attempt(3).await {
                    Ok(value) => return Ok(value),
                    Err(failed) if left == 0 => return Err(failed),
                    Err(_) => left -= 1,
                }
                sleep_until(now() + wait).await;
                wait *= 2;
            }
        }

        $($attribute)* pub(crate) async fn retry_with_jitter(mut left: u32) -> Result<u64, Failed> {
            let mut wait = 2_u64;
            let mut seed = get();
            loop {
                if let Ok(value) = attempt(2).await {
                    return Ok(value ^ seed);
                }
                if left == 0 {
                    return Err(Failed);
                }
                left -= 1;
                seed = seed.rotate_left(7).wrapping_mul(25);
                sleep_until(now() + wait + seed % wait).await;
                wait += wait / 2 + 1;
            }
        }

        $($attribute)* pub(crate) async fn breaker(mut left: u32) -> u64 {
            let mut failures: u8 = 0;
            let mut good = 0_u64;
            while left > 0 {
                if failures >= 2 {
                    sleep_until(now() + 4).await;
                    failures = 1;
                }
                match attempt(2).await {
                    Ok(value) => {
                        put(value);
                        good += 1;
                        failures = 0;
                    }
                    Err(_) => failures += 1,
                }
                left -= 1;
            }
            good
        }

        $($attribute)* pub(crate) async fn hedge(bad: u64) -> Result<u64, Failed> {
            if let Ok(first) = attempt(bad).await {
                return Ok(first);
            }
            ticks(2).await;
            let second: u64 = attempt(bad).await?;
            let third: u64 = attempt(1).await.unwrap_or(0);
            Ok(second.max(third))
        }

        $($attribute)* pub(crate) async fn two_phases() -> u64 {
            let mut seed = 0_u64;
            {
                let mut table = [0; 2048];
                fill(&mut table);
                $($pause)*;
                seed ^= sum(&table);
            }
            {
                let mut index = [0_u32; 300];
                for (at, slot) in index.iter_mut().enumerate() {
                    *slot = at as u32 ^ seed as u32;
                }
                $($pause)*;
                seed ^= index.iter().map(|slot| u64::from(*slot)).sum::<u64>();
            }
            put(seed);
            seed
        }

        $($attribute)* pub(crate) async fn checksum(file: i32) -> u32 {
            let mut block = [0; 4096];
            let mut crc = u32::MAX;
            loop {
                let count: usize = read(file, &mut block).await;
                if count == 0 {
                    return crc;
                }
                crc = crc.rotate_left(3) ^ sum(&block[..count]) as u32;
            }
        }

        $($attribute)* pub(crate) async fn compress(socket: i32) -> u64 {
            let mut input = [0; 512];
            let count: usize = read(socket, &mut input).await;
            let mut output = [0; 512];
            let mut length = 0;
            for pair in input[..count].chunks(2) {
                output[length] = pair.iter().fold(0, |all: u8, byte| all.wrapping_add(*byte));
                length += 1;
            }
            write_all(socket, &output[..length]).await;
            length as u64
        }

        $($attribute)* pub(crate) async fn double_buffer(socket: i32) -> u64 {
            let mut front = [0; 256];
            let mut back = [0; 256];
            let mut all = 0_u64;
            for _ in 0..5_u8 {
                let count: usize = read(socket, &mut back).await;
                std::mem::swap(&mut front, &mut back);
                all ^= sum(&front[..count]);
            }
            all
        }

        $($attribute)* pub(crate) async fn table(mut left: u32) -> u64 {
            let mut cells = [0_u64; 64];
            while left > 0 {
                let place = get() as usize % 64;
                cells[place] += u64::from(left);
                $($pause)*;
                left -= 1;
            }
            cells.iter().sum()
        }

        $($attribute)* pub(crate) async fn batch(socket: i32) -> u64 {
            let mut records = [[0_u8; 16]; 32];
            let mut count = 0_usize;
            while count < 32 {
                let length: usize = read(socket, &mut records[count]).await;
                if length == 0 {
                    break;
                }
                count += 1;
                if count % 8 == 0 {
                    write_all(socket, &records[count - 8]).await;
                }
            }
            records[..count].iter().map(|record| sum(record)).sum()
        }
    };
}

/// Under `#[coroutine]`.
pub(super) mod machine {
    use super::*;
    use crate::frame_sizes::protocols::machine::*;
    functions!([#[coframe::coroutine]] once().await);
}

/// Under `#[coroutine]`, without a future that suspends.
pub(super) mod suspending {
    use super::*;
    use crate::frame_sizes::protocols::suspending::*;
    functions!([#[coframe::coroutine]] suspend!());
}

/// As rustc compiles them.
pub(super) mod plain {
    use super::*;
    use crate::frame_sizes::protocols::plain::*;
    functions!([] once().await);
}
