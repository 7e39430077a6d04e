//! The functions, each compiled by rustc and by `#[coroutine]`.

use super::world::{self, Outcome, fill, filled, get, once, put, sum, try_read, try_write};

/// One function, measured as both.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// The name of the function.
    pub name: &'static str,
    /// The size of its frame under `#[coroutine]`, and what it did.
    pub coframe: (usize, Outcome),
    /// The size of its future, as rustc compiles it, and what it did.
    pub rustc: (usize, Outcome),
}

/// What a function of the corpus fails with.
struct Failed;

/// Compiles functions twice.
macro_rules! twice {
    ($($function:item)*) => {
        mod machine {
            use super::*;
            $(#[coframe::coroutine] $function)*
        }
        mod plain {
            use super::*;
            $($function)*
        }
    };
}

/// Runs both copies of each function in worlds that are alike.
macro_rules! measure {
    ($($name:ident($($argument:expr),*);)*) => {
        vec![$(Case {
            name: stringify!($name),
            coframe: world::run(|| machine::$name($($argument),*)),
            rustc: world::run(|| plain::$name($($argument),*)),
        }),*]
    };
}

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
fn leaked() -> &'static mut [u8; 128] {
    Box::leak(Box::new(filled()))
}

twice! {
    pub(super) async fn a_empty() {
        once().await;
    }

    pub(super) async fn b_u64() {
        let number = get();
        once().await;
        put(number);
    }

    pub(super) async fn c_siblings() {
        {
            let mut bytes = [0; 1024];
            fill(&mut bytes);
            once().await;
            put(sum(&bytes));
        }
        {
            let mut bytes = [0; 1024];
            fill(&mut bytes);
            once().await;
            put(sum(&bytes));
        }
    }

    pub(super) async fn d_arg_before(bytes: [u8; 1024]) {
        put(sum(&bytes));
        once().await;
    }

    pub(super) async fn e_arg_across(bytes: [u8; 1024]) {
        once().await;
        put(sum(&bytes));
    }

    pub(super) async fn f_nest1() {
        let number = get();
        once().await;
        put(number);
    }

    pub(super) async fn f_nest2() {
        let number = get();
        f_nest1().await;
        put(number);
    }

    pub(super) async fn f_nest3() {
        let number = get();
        f_nest2().await;
        put(number);
    }

    pub(super) async fn f_nest4() {
        let number = get();
        f_nest3().await;
        put(number);
    }

    pub(super) async fn g_child_512() {
        let mut bytes = [0; 512];
        fill(&mut bytes);
        once().await;
        put(sum(&bytes));
    }

    pub(super) async fn g_child_768() {
        let mut bytes = [0; 768];
        fill(&mut bytes);
        once().await;
        put(sum(&bytes));
    }

    pub(super) async fn g_two_children() {
        g_child_512().await;
        g_child_768().await;
    }

    pub(super) async fn h_child(bytes: &mut [u8; 256]) {
        once().await;
        bytes[0] = 1;
        put(sum(bytes));
    }

    pub(super) async fn h_borrow_child() {
        let mut bytes = [0; 256];
        fill(&mut bytes);
        h_child(&mut bytes).await;
    }

    pub(super) async fn h_borrow_local() {
        let mut bytes = [0_u8; 256];
        fill(&mut bytes);
        let borrowed = &mut bytes;
        once().await;
        borrowed[0] = 1;
        put(sum(borrowed));
    }

    pub(super) async fn i_loop() {
        let count = 2 + (get() & 3);
        let mut index = 0;
        let mut total = 0_u64;
        while index < count {
            total = total.wrapping_add(get());
            once().await;
            index += 1;
        }
        put(total);
    }

    pub(super) async fn j_switch() {
        match get() & 3 {
            0 => {
                let mut bytes = [0; 256];
                fill(&mut bytes);
                once().await;
                put(sum(&bytes));
            }
            1 => {
                let mut bytes = [0; 256];
                fill(&mut bytes);
                once().await;
                put(sum(&bytes).wrapping_add(1));
            }
            2 => {
                let mut bytes = [0; 256];
                fill(&mut bytes);
                once().await;
                put(sum(&bytes).wrapping_add(2));
            }
            _ => {
                let mut bytes = [0; 256];
                fill(&mut bytes);
                once().await;
                put(sum(&bytes).wrapping_add(3));
            }
        }
    }

    pub(super) async fn k_move() {
        let mut bytes = [0; 1024];
        fill(&mut bytes);
        e_arg_across(bytes).await;
    }

    pub(super) async fn k2_middle(bytes: [u8; 1024]) {
        e_arg_across(bytes).await;
    }

    pub(super) async fn k2_move2() {
        let mut bytes = [0; 1024];
        fill(&mut bytes);
        k2_middle(bytes).await;
    }

    pub(super) async fn l_dead_ref() {
        let mut bytes = [0; 1024];
        fill(&mut bytes);
        put(sum(&bytes));
        once().await;
    }

    pub(super) async fn l2_dead_idx() {
        let mut bytes = [3_u8; 1024];
        bytes[get() as usize % 1024] = 7;
        put(u64::from(bytes[get() as usize % 1024]));
        once().await;
    }

    pub(super) async fn l3_dead_live() {
        let mut first = [0; 1024];
        fill(&mut first);
        once().await;
        put(sum(&first));
        let mut second = [0; 1024];
        fill(&mut second);
        once().await;
        put(sum(&second));
    }

    pub(super) async fn m_shadow() {
        let mut bytes = [0; 512];
        fill(&mut bytes);
        once().await;
        put(sum(&bytes));
        let mut bytes = [0; 512];
        fill(&mut bytes);
        once().await;
        put(sum(&bytes));
        let mut bytes = [0; 512];
        fill(&mut bytes);
        once().await;
        put(sum(&bytes));
    }

    pub(super) async fn n_c(add: u64) -> Result<u64, Failed> {
        let number = get() & 0xff;
        once().await;
        if number + add == 1_000_000 {
            return Err(Failed);
        }
        Ok(number + add)
    }

    pub(super) async fn n_try5() -> Result<u64, Failed> {
        let mut total = 0;
        total += n_c(1).await?;
        total += n_c(2).await?;
        total += n_c(3).await?;
        total += n_c(4).await?;
        total += n_c(5).await?;
        put(total);
        Ok(total)
    }

    pub(super) async fn o_wrap1() {
        f_nest1().await
    }

    pub(super) async fn o_wrap2() {
        o_wrap1().await
    }

    pub(super) async fn o_wrap3() {
        o_wrap2().await
    }

    pub(super) async fn o_wrap4() {
        o_wrap3().await
    }

    pub(super) async fn o_wrap5() {
        o_wrap4().await
    }

    pub(super) async fn o_wrap6() {
        o_wrap5().await
    }

    pub(super) async fn o_wrap7() {
        o_wrap6().await
    }

    pub(super) async fn o_wrap8() {
        o_wrap7().await
    }

    pub(super) async fn p_read(socket: i32, bytes: &mut [u8]) -> Result<usize, Failed> {
        loop {
            if let Some(count) = try_read(socket, bytes) {
                return Ok(count);
            }
            once().await;
        }
    }

    pub(super) async fn p_write(socket: i32, bytes: &[u8]) -> Result<usize, Failed> {
        loop {
            if let Some(count) = try_write(socket, bytes) {
                return Ok(count);
            }
            once().await;
        }
    }

    pub(super) async fn p_write_all(socket: i32, bytes: &[u8]) -> Result<(), Failed> {
        let mut done = 0;
        while done < bytes.len() {
            done += p_write(socket, &bytes[done..]).await?;
        }
        Ok(())
    }

    pub(super) async fn p_echo(socket: i32) -> Result<(), Failed> {
        let mut bytes = [0; 4096];
        loop {
            let count = p_read(socket, &mut bytes).await?;
            if count == 0 {
                return Ok(());
            }
            p_write_all(socket, &bytes[..count]).await?;
        }
    }
}
