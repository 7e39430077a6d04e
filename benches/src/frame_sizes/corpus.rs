//! The functions, each compiled by rustc and by `#[coroutine]`.

use super::world::{self, Outcome, fill, filled, get, once, put, sum, try_read, try_write};

/// One function, measured as all.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The name of the function.
    pub name: &'static str,
    /// The size of its frame under `#[coroutine]`, and what it did.
    pub coframe: (usize, Outcome),
    /// The same where `suspend!()` suspends, and not a future that takes a byte.
    pub suspend: (usize, Outcome),
    /// The size of its future, as rustc compiles it, and what it did.
    pub rustc: (usize, Outcome),
}

/// What a function of the corpus fails with.
struct Failed;

/// Runs all copies of each function in worlds that are alike.
macro_rules! measure {
    ($($name:ident($($argument:expr),*);)*) => {
        vec![$(Case {
            name: stringify!($name),
            coframe: world::run(|| machine::$name($($argument),*)),
            suspend: world::run(|| suspending::$name($($argument),*)),
            rustc: world::run(|| plain::$name($($argument),*)),
        }),*]
    };
}

pub(super) use measure;

/// Runs the whole corpus.
pub fn cases() -> Vec<Case> {
    measure! {
        a_empty();
        b_u64();
        c_siblings();
        d_arg_before(filled());
        e_arg_across(filled());
        f_nest4();
        g_two_children();
        h_borrow_child();
        h_borrow_local();
        i_loop();
        j_switch();
        k_move();
        k2_move2();
        l_dead_ref();
        l2_dead_idx();
        l3_dead_live();
        m_shadow();
        n_try5();
        o_wrap8();
        p_echo(5);
        p_read(5, leaked());
        p_write(5, leaked());
        p_write_all(5, leaked());
        n_c(1);
    }
}

/// A buffer that the caller of a function lends it.
pub(super) fn leaked() -> &'static mut [u8; 128] {
    Box::leak(Box::new(filled()))
}

/// The functions, with an attribute, and with what suspends.
macro_rules! functions {
    ([$($attribute:tt)*] $($pause:tt)*) => {
        $($attribute)* pub(super) async fn a_empty() {
            $($pause)*;
        }

        $($attribute)* pub(super) async fn b_u64() {
            let number = get();
            $($pause)*;
            put(number);
        }

        $($attribute)* pub(super) async fn c_siblings() {
            {
                let mut bytes = [0; 1024];
                fill(&mut bytes);
                $($pause)*;
                put(sum(&bytes));
            }
            {
                let mut bytes = [0; 1024];
                fill(&mut bytes);
                $($pause)*;
                put(sum(&bytes));
            }
        }

        $($attribute)* pub(super) async fn d_arg_before(bytes: [u8; 1024]) {
            put(sum(&bytes));
            $($pause)*;
        }

        $($attribute)* pub(super) async fn e_arg_across(bytes: [u8; 1024]) {
            $($pause)*;
            put(sum(&bytes));
        }

        $($attribute)* pub(super) async fn f_nest1() {
            let number = get();
            $($pause)*;
            put(number);
        }

        $($attribute)* pub(super) async fn f_nest2() {
            let number = get();
            f_nest1().await;
            put(number);
        }

        $($attribute)* pub(super) async fn f_nest3() {
            let number = get();
            f_nest2().await;
            put(number);
        }

        $($attribute)* pub(super) async fn f_nest4() {
            let number = get();
            f_nest3().await;
            put(number);
        }

        $($attribute)* pub(super) async fn g_child_512() {
            let mut bytes = [0; 512];
            fill(&mut bytes);
            $($pause)*;
            put(sum(&bytes));
        }

        $($attribute)* pub(super) async fn g_child_768() {
            let mut bytes = [0; 768];
            fill(&mut bytes);
            $($pause)*;
            put(sum(&bytes));
        }

        $($attribute)* pub(super) async fn g_two_children() {
            g_child_512().await;
            g_child_768().await;
        }

        $($attribute)* pub(super) async fn h_child(bytes: &mut [u8; 256]) {
            $($pause)*;
            bytes[0] = 1;
            put(sum(bytes));
        }

        $($attribute)* pub(super) async fn h_borrow_child() {
            let mut bytes = [0; 256];
            fill(&mut bytes);
            h_child(&mut bytes).await;
        }

        $($attribute)* pub(super) async fn h_borrow_local() {
            let mut bytes = [0_u8; 256];
            fill(&mut bytes);
            let borrowed = &mut bytes;
            $($pause)*;
            borrowed[0] = 1;
            put(sum(borrowed));
        }

        $($attribute)* pub(super) async fn i_loop() {
            let count = 2 + (get() & 3);
            let mut index = 0;
            let mut total = 0_u64;
            while index < count {
                total = total.wrapping_add(get());
                $($pause)*;
                index += 1;
            }
            put(total);
        }

        $($attribute)* pub(super) async fn j_switch() {
            match get() & 3 {
                0 => {
                    let mut bytes = [0; 256];
                    fill(&mut bytes);
                    $($pause)*;
                    put(sum(&bytes));
                }
                1 => {
                    let mut bytes = [0; 256];
                    fill(&mut bytes);
                    $($pause)*;
                    put(sum(&bytes).wrapping_add(1));
                }
                2 => {
                    let mut bytes = [0; 256];
                    fill(&mut bytes);
                    $($pause)*;
                    put(sum(&bytes).wrapping_add(2));
                }
                _ => {
                    let mut bytes = [0; 256];
                    fill(&mut bytes);
                    $($pause)*;
                    put(sum(&bytes).wrapping_add(3));
                }
            }
        }

        $($attribute)* pub(super) async fn k_move() {
            let mut bytes = [0; 1024];
            fill(&mut bytes);
            e_arg_across(bytes).await;
        }

        $($attribute)* pub(super) async fn k2_middle(bytes: [u8; 1024]) {
            e_arg_across(bytes).await;
        }

        $($attribute)* pub(super) async fn k2_move2() {
            let mut bytes = [0; 1024];
            fill(&mut bytes);
            k2_middle(bytes).await;
        }

        $($attribute)* pub(super) async fn l_dead_ref() {
            let mut bytes = [0; 1024];
            fill(&mut bytes);
            put(sum(&bytes));
            $($pause)*;
        }

        $($attribute)* pub(super) async fn l2_dead_idx() {
            let mut bytes = [3_u8; 1024];
            bytes[get() as usize % 1024] = 7;
            put(u64::from(bytes[get() as usize % 1024]));
            $($pause)*;
        }

        $($attribute)* pub(super) async fn l3_dead_live() {
            let mut first = [0; 1024];
            fill(&mut first);
            $($pause)*;
            put(sum(&first));
            let mut second = [0; 1024];
            fill(&mut second);
            $($pause)*;
            put(sum(&second));
        }

        $($attribute)* pub(super) async fn m_shadow() {
            let mut bytes = [0; 512];
            fill(&mut bytes);
            $($pause)*;
            put(sum(&bytes));
            let mut bytes = [0; 512];
            fill(&mut bytes);
            $($pause)*;
            put(sum(&bytes));
            let mut bytes = [0; 512];
            fill(&mut bytes);
            $($pause)*;
            put(sum(&bytes));
        }

        $($attribute)* pub(super) async fn n_c(add: u64) -> Result<u64, Failed> {
            let number = get() & 0xff;
            $($pause)*;
            if number + add == 1_000_000 {
                return Err(Failed);
            }
            Ok(number + add)
        }

        $($attribute)* pub(super) async fn n_try5() -> Result<u64, Failed> {
            let mut total = 0;
            total += n_c(1).await?;
            total += n_c(2).await?;
            total += n_c(3).await?;
            total += n_c(4).await?;
            total += n_c(5).await?;
            put(total);
            Ok(total)
        }

        $($attribute)* pub(super) async fn o_wrap1() {
            f_nest1().await
        }

        $($attribute)* pub(super) async fn o_wrap2() {
            o_wrap1().await
        }

        $($attribute)* pub(super) async fn o_wrap3() {
            o_wrap2().await
        }

        $($attribute)* pub(super) async fn o_wrap4() {
            o_wrap3().await
        }

        $($attribute)* pub(super) async fn o_wrap5() {
            o_wrap4().await
        }

        $($attribute)* pub(super) async fn o_wrap6() {
            o_wrap5().await
        }

        $($attribute)* pub(super) async fn o_wrap7() {
            o_wrap6().await
        }

        $($attribute)* pub(super) async fn o_wrap8() {
            o_wrap7().await
        }

        $($attribute)* pub(super) async fn p_read(socket: i32, bytes: &mut [u8]) -> Result<usize, Failed> {
            loop {
                if let Some(count) = try_read(socket, bytes) {
                    return Ok(count);
                }
                $($pause)*;
            }
        }

        $($attribute)* pub(super) async fn p_write(socket: i32, bytes: &[u8]) -> Result<usize, Failed> {
            loop {
                if let Some(count) = try_write(socket, bytes) {
                    return Ok(count);
                }
                $($pause)*;
            }
        }

        $($attribute)* pub(super) async fn p_write_all(socket: i32, bytes: &[u8]) -> Result<(), Failed> {
            let mut done = 0;
            while done < bytes.len() {
                done += p_write(socket, &bytes[done..]).await?;
            }
            Ok(())
        }

        $($attribute)* pub(super) async fn p_echo(socket: i32) -> Result<(), Failed> {
            let mut bytes = [0; 4096];
            loop {
                let count = p_read(socket, &mut bytes).await?;
                if count == 0 {
                    return Ok(());
                }
                p_write_all(socket, &bytes[..count]).await?;
            }
        }
    };
}

/// Under `#[coroutine]`.
mod machine {
    use super::*;
    functions!([#[coframe::coroutine]] once().await);
}

/// Under `#[coroutine]`, without a future that suspends.
mod suspending {
    use super::*;
    functions!([#[coframe::coroutine]] suspend!());
}

/// As rustc compiles them.
mod plain {
    use super::*;
    functions!([] once().await);
}
