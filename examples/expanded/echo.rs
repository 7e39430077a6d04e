// What `#[coframe::coroutine]` makes of `echo` in `examples/src/bin/echo.rs`.
// Written by `cargo xtask expand`.

/// Sends back what it receives, and gives the number of bytes.
#[allow(
    refining_impl_trait,
    clippy::manual_async_fn,
    clippy::extra_unused_lifetimes,
    clippy::needless_lifetimes
)]
fn echo(
    sock: TcpStream,
) -> impl ::core::future::Future<
    Output = io::Result<u64>,
> + ::coframe::frame::Described {
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    #[derive(Clone, Copy)]
    #[repr(u8)]
    enum __EchoState {
        /// Not resumed yet: the frame holds the arguments.
        Start,
        /// Ran to its end.
        Returned,
        /// Panicked.
        Poisoned,
        /// Between suspensions.
        Loop,
        /// Line 52: suspended at `sock.read(&mut buf)`.
        Read,
        /// Line 56: suspended at `sock.write_all(&buf[..n])`.
        WriteAll,
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    struct __EchoGroup1<N, WriteAll> {
        n: ::coframe::__private::Slot<N>,
        write_all: ::coframe::__private::Slot<WriteAll>,
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    union __EchoOverlay1<N, WriteAll, Read> {
        group1: ::coframe::__private::Part<__EchoGroup1<N, WriteAll>>,
        read: ::coframe::__private::Slot<Read>,
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    struct __EchoFrame<Sock, Buf, Total, N, WriteAll, Read> {
        state: __EchoState,
        pinned: ::coframe::__private::PhantomPinned,
        sock: ::coframe::__private::Slot<Sock>,
        buf: ::coframe::__private::Slot<Buf>,
        total: ::coframe::__private::Slot<Total>,
        overlay1: __EchoOverlay1<N, WriteAll, Read>,
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    impl<
        Sock,
        Buf,
        Total,
        N,
        WriteAll,
        Read,
    > __EchoFrame<Sock, Buf, Total, N, WriteAll, Read> {
        #[inline(always)]
        const unsafe fn slots(
            this: *mut Self,
        ) -> (*mut Sock, *mut Buf, *mut Total, *mut N, *mut WriteAll, *mut Read) {
            unsafe {
                (
                    (&raw mut (*this).sock) as *mut Sock,
                    (&raw mut (*this).buf) as *mut Buf,
                    (&raw mut (*this).total) as *mut Total,
                    (&raw mut (*((&raw mut (*(&raw mut (*this).overlay1)).group1)
                        as *mut __EchoGroup1<N, WriteAll>))
                        .n) as *mut N,
                    (&raw mut (*((&raw mut (*(&raw mut (*this).overlay1)).group1)
                        as *mut __EchoGroup1<N, WriteAll>))
                        .write_all) as *mut WriteAll,
                    (&raw mut (*(&raw mut (*this).overlay1)).read) as *mut Read,
                )
            }
        }
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    impl<Sock, Buf, Total, N, WriteAll, Read> ::core::ops::Drop
    for __EchoFrame<Sock, Buf, Total, N, WriteAll, Read> {
        fn drop(&mut self) {
            let frame: *mut Self = self;
            let live = __EchoActivation::new(frame);
            unsafe {
                match (*frame).state {
                    __EchoState::Start => {
                        let slots = unsafe { __EchoFrame::slots(frame) };
                        let __sock_slot @ _ = slots.0;
                        let __buf_slot @ _ = slots.1;
                        let __total_slot @ _ = slots.2;
                        let __n_slot @ _ = slots.3;
                        let __write_all_slot @ _ = slots.4;
                        let __read_slot @ _ = slots.5;
                        live.sock.set(true);
                        ::coframe::__private::drop_each(|| {
                            ::coframe::__private::drop_if(&live.sock, __sock_slot);
                        });
                    }
                    __EchoState::Returned | __EchoState::Poisoned => {}
                    __EchoState::Read => {
                        live.sock.set(true);
                        live.read.set(true);
                    }
                    __EchoState::WriteAll => {
                        live.sock.set(true);
                        live.write_all.set(true);
                    }
                    _ => {}
                }
            }
            live.infer_nothing_else();
        }
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    impl<Sock, Buf, Total, N, WriteAll, Read> ::coframe::__private::Table
    for __EchoFrame<Sock, Buf, Total, N, WriteAll, Read> {
        type Awaited = (WriteAll, (Read, ()));
        const NAME: &'static ::core::primitive::str = "echo";
        const FIELDS: &'static [::coframe::__private::Field] = &::coframe::__private::fields(
            "state s 7\nsock a 7\nbuf v 6\ntotal v 6\nn v 4\nwrite_all w 4\nread w 2",
            {
                let frame = ::coframe::__private::MaybeUninit::<Self>::uninit();
                let this = frame.as_ptr() as *mut Self;
                let at = this as *const ();
                let slots = unsafe { Self::slots(this) };
                unsafe {
                    [
                        ::coframe::__private::slot(at, &raw const (*this).state),
                        ::coframe::__private::slot(at, slots.0),
                        ::coframe::__private::slot(at, slots.1),
                        ::coframe::__private::slot(at, slots.2),
                        ::coframe::__private::slot(at, slots.3),
                        ::coframe::__private::slot(at, slots.4),
                        ::coframe::__private::slot(at, slots.5),
                    ]
                }
            },
        );
        const STATES: &'static [::coframe::__private::State] = &::coframe::__private::states::<
            3usize,
        >(
            ::core::file!(),
            "Start 48 10\nRead 52 37 sock.read(&mut buf)\nWriteAll 56 35 sock.write_all(&buf[..n])",
        );
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    struct __EchoActivation<Sock, Buf, Total, N, WriteAll, Read> {
        frame: *mut __EchoFrame<Sock, Buf, Total, N, WriteAll, Read>,
        end: ::coframe::__private::Flag<__EchoState>,
        pinned: ::coframe::__private::PhantomPinned,
        sock: ::coframe::__private::Flag<bool>,
        read: ::coframe::__private::Flag<bool>,
        write_all: ::coframe::__private::Flag<bool>,
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    impl<
        Sock,
        Buf,
        Total,
        N,
        WriteAll,
        Read,
    > __EchoActivation<Sock, Buf, Total, N, WriteAll, Read> {
        #[inline(always)]
        fn new(frame: *mut __EchoFrame<Sock, Buf, Total, N, WriteAll, Read>) -> Self {
            __EchoActivation {
                frame,
                end: ::coframe::__private::Flag::new(__EchoState::Poisoned),
                pinned: ::coframe::__private::PhantomPinned,
                sock: ::coframe::__private::Flag::new(false),
                read: ::coframe::__private::Flag::new(false),
                write_all: ::coframe::__private::Flag::new(false),
            }
        }
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    impl<
        Sock,
        Buf,
        Total,
        N,
        WriteAll,
        Read,
    > __EchoActivation<Sock, Buf, Total, N, WriteAll, Read> {
        fn infer_nothing_else(self) {}
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    impl<Sock, Buf, Total, N, WriteAll, Read> ::core::ops::Drop
    for __EchoActivation<Sock, Buf, Total, N, WriteAll, Read> {
        #[inline]
        fn drop(&mut self) {
            unsafe {
                (*self.frame).state = __EchoState::Poisoned;
                let slots = unsafe { __EchoFrame::slots(self.frame) };
                let __sock_slot @ _ = slots.0;
                let __buf_slot @ _ = slots.1;
                let __total_slot @ _ = slots.2;
                let __n_slot @ _ = slots.3;
                let __write_all_slot @ _ = slots.4;
                let __read_slot @ _ = slots.5;
                ::coframe::__private::drop_each(|| {
                    ::coframe::__private::drop_if(&self.write_all, __write_all_slot);
                    ::coframe::__private::drop_if(&self.read, __read_slot);
                    ::coframe::__private::drop_if(&self.sock, __sock_slot);
                });
                (*self.frame).state = self.end.get();
            }
        }
    }
    let witness = ::coframe::__private::FrameType::<
        __EchoFrame<_, _, _, _, _, _>,
    >::new();
    if false {
        let _ = move || -> io::Result<u64> {
            let slots = unsafe {
                __EchoFrame::slots(::coframe::__private::frame_of(witness))
            };
            let __sock_slot @ _ = slots.0;
            let __buf_slot @ _ = slots.1;
            let __total_slot @ _ = slots.2;
            let __n_slot @ _ = slots.3;
            let __write_all_slot @ _ = slots.4;
            let __read_slot @ _ = slots.5;
            let mut sock = sock;
            #[allow(warnings, clippy::all, clippy::pedantic)]
            if false {
                loop {}
                match sock {
                    ref variable => {
                        unsafe { ::coframe::__private::same(__sock_slot, variable) }
                    }
                }
            }
            let mut buf = [0; 4096];
            #[allow(warnings, clippy::all, clippy::pedantic)]
            if false {
                loop {}
                match buf {
                    ref variable => {
                        unsafe { ::coframe::__private::same(__buf_slot, variable) }
                    }
                }
            }
            let mut total = 0;
            #[allow(warnings, clippy::all, clippy::pedantic)]
            if false {
                loop {}
                match total {
                    ref variable => {
                        unsafe { ::coframe::__private::same(__total_slot, variable) }
                    }
                }
            }
            loop {
                let n = ::coframe::__private::awaited(sock.read(&mut buf))?;
                #[allow(warnings, clippy::all, clippy::pedantic)]
                if false {
                    loop {}
                    match n {
                        ref variable => {
                            unsafe { ::coframe::__private::same(__n_slot, variable) }
                        }
                    }
                }
                if n == 0 {
                    return {
                        let value: io::Result<u64> = Ok(total);
                        #[allow(unreachable_code, clippy::all, clippy::pedantic)]
                        let _ = ();
                        value
                    };
                }
                ::coframe::__private::awaited(sock.write_all(&buf[..n]))?;
                total += n as u64;
                BYTES.fetch_add(n as u64, Relaxed);
            }
        };
        loop {}
    }
    #[allow(
        warnings,
        unused,
        dangerous_implicit_autorefs,
        clippy::all,
        clippy::pedantic,
        reason = "the witness is linted instead"
    )]
    let machine = ::coframe::__private::async_machine(
        witness,
        || -> io::Result<u64> { ::core::unreachable!() },
        __EchoFrame {
            state: __EchoState::Start,
            pinned: ::coframe::__private::PhantomPinned,
            sock: ::coframe::__private::filled(sock),
            buf: ::coframe::__private::empty(),
            total: ::coframe::__private::empty(),
            overlay1: __EchoOverlay1 {
                group1: ::coframe::__private::Part::new(__EchoGroup1 {
                    n: ::coframe::__private::empty(),
                    write_all: ::coframe::__private::empty(),
                }),
            },
        },
        move |frame, context| {
            unsafe {
                let mut state = (*frame).state;
                if ::core::matches!(
                    state, __EchoState::Returned | __EchoState::Poisoned
                ) {
                    let is_poisoned = ::core::matches!(state, __EchoState::Poisoned);
                    ::coframe::__private::resumed_after_end("echo", is_poisoned)
                }
                use ::coframe::__private::{
                    NotIntoIterator as _, NotResidual as _, NotTry as _,
                };
                let live = __EchoActivation::new(frame);
                let slots = unsafe {
                    __EchoFrame::slots(::coframe::__private::of_type(witness, frame))
                };
                let __sock @ _ = slots.0;
                let __buf @ _ = slots.1;
                let __total @ _ = slots.2;
                let __n @ _ = slots.3;
                let __write_all @ _ = slots.4;
                let __read @ _ = slots.5;
                let mut step = ::coframe::__private::step(|
                    state: __EchoState,
                | -> ::coframe::__private::Step<__EchoState, (), _> {
                    match state {
                        __EchoState::Start => {
                            live.sock.set(true);
                            ::coframe::__private::write(__buf, [0; 4096]);
                            ::coframe::__private::write(__total, 0);
                            return ::coframe::__private::Step::Goto(__EchoState::Loop);
                        }
                        __EchoState::Loop => {
                            ::coframe::__private::fill(
                                __read,
                                &live.read,
                                ::core::future::IntoFuture::into_future(
                                    (*__sock).read(&mut (*__buf)),
                                ),
                            );
                            return ::coframe::__private::Step::Goto(__EchoState::Read);
                        }
                        __EchoState::Read => {
                            live.sock.set(true);
                            live.read.set(true);
                            let __value = ::coframe::__private::Ready(
                                match ::coframe::__private::poll(
                                    ::coframe::__private::Ready(__read).0,
                                    context,
                                ) {
                                    ::coframe::__private::task::Poll::Ready(value) => value,
                                    ::coframe::__private::task::Poll::Pending => {
                                        (*frame).state = __EchoState::Read;
                                        return ::coframe::__private::Step::Suspended(());
                                    }
                                },
                            );
                            let mut __operand_5 = __value;
                            ::coframe::__private::drop_now(&live.read, __read);
                            ::coframe::__private::write(
                                __n,
                                match ::coframe::__private::Split(__operand_5.0).split() {
                                    ::core::ops::ControlFlow::Continue(value) => value,
                                    ::core::ops::ControlFlow::Break(residual) => {
                                        let value: io::Result<u64> = ::coframe::__private::Residual::<
                                            _,
                                            io::Result<u64>,
                                        >::new(residual)
                                            .returned();
                                        live.end.set(__EchoState::Returned);
                                        return ::coframe::__private::Step::Done(value);
                                    }
                                },
                            );
                            if (*__n) == 0 {
                                {
                                    let value: io::Result<u64> = Ok(
                                        ::coframe::__private::Ready(*__total).0,
                                    );
                                    live.end.set(__EchoState::Returned);
                                    return ::coframe::__private::Step::Done(value);
                                };
                            }
                            ::coframe::__private::fill(
                                __write_all,
                                &live.write_all,
                                ::core::future::IntoFuture::into_future(
                                    (*__sock)
                                        .write_all(&(*__buf)[..::coframe::__private::Ready(*__n).0]),
                                ),
                            );
                            return ::coframe::__private::Step::Goto(
                                __EchoState::WriteAll,
                            );
                        }
                        __EchoState::WriteAll => {
                            live.sock.set(true);
                            live.write_all.set(true);
                            let __value = ::coframe::__private::Ready(
                                match ::coframe::__private::poll(
                                    ::coframe::__private::Ready(__write_all).0,
                                    context,
                                ) {
                                    ::coframe::__private::task::Poll::Ready(value) => value,
                                    ::coframe::__private::task::Poll::Pending => {
                                        (*frame).state = __EchoState::WriteAll;
                                        return ::coframe::__private::Step::Suspended(());
                                    }
                                },
                            );
                            let mut __operand_7 = __value;
                            ::coframe::__private::drop_now(&live.write_all, __write_all);
                            match ::coframe::__private::Split(__operand_7.0).split() {
                                ::core::ops::ControlFlow::Continue(value) => value,
                                ::core::ops::ControlFlow::Break(residual) => {
                                    let value: io::Result<u64> = ::coframe::__private::Residual::<
                                        _,
                                        io::Result<u64>,
                                    >::new(residual)
                                        .returned();
                                    live.end.set(__EchoState::Returned);
                                    return ::coframe::__private::Step::Done(value);
                                }
                            };
                            (*__total) += ::coframe::__private::Ready(*__n).0 as u64;
                            BYTES
                                .fetch_add(
                                    ::coframe::__private::Ready(*__n).0 as u64,
                                    Relaxed,
                                );
                            return ::coframe::__private::Step::Goto(__EchoState::Loop);
                        }
                        __EchoState::Returned | __EchoState::Poisoned => {
                            ::core::unreachable!()
                        }
                    }
                });
                loop {
                    match step(state) {
                        ::coframe::__private::Step::Goto(next) => state = next,
                        ::coframe::__private::Step::Suspended(value) => {
                            ::coframe::__private::forget_value(live);
                            return ::coframe::__private::task::Poll::Pending;
                        }
                        ::coframe::__private::Step::Done(value) => {
                            return ::coframe::__private::task::Poll::Ready(value);
                        }
                    }
                }
            }
        },
        || {
            use ::coframe::__private::{KnownCallee as _, UnknownCallee as _};
            let slots = unsafe {
                __EchoFrame::slots(::coframe::__private::frame_of(witness))
            };
            (
                (&::coframe::__private::Callee::of(slots.4)).callee(),
                ((&::coframe::__private::Callee::of(slots.5)).callee(), ()),
            )
        },
    );
    machine
}
