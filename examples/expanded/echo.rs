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
    use ::coframe::__private as __coframe;
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
    #[derive(Clone, Copy)]
    enum __EchoEntry {
        /// Where the coroutine was suspended.
        Resumed,
        /// Where a loop begins.
        Loop,
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    struct __EchoGroup1<N, WriteAll> {
        n: __coframe::Slot<N>,
        write_all: __coframe::Slot<WriteAll>,
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    union __EchoOverlay1<N, WriteAll, Read> {
        group1: __coframe::Part<__EchoGroup1<N, WriteAll>>,
        read: __coframe::Slot<Read>,
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
        pinned: __coframe::PhantomPinned,
        sock: __coframe::Slot<Sock>,
        buf: __coframe::Slot<Buf>,
        total: __coframe::Slot<Total>,
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
                let overlay1 = &raw mut (*this).overlay1;
                let group1 = (&raw mut (*overlay1).group1)
                    as *mut __EchoGroup1<N, WriteAll>;
                (
                    (&raw mut (*this).sock) as *mut Sock,
                    (&raw mut (*this).buf) as *mut Buf,
                    (&raw mut (*this).total) as *mut Total,
                    (&raw mut (*group1).n) as *mut N,
                    (&raw mut (*group1).write_all) as *mut WriteAll,
                    (&raw mut (*overlay1).read) as *mut Read,
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
            unsafe {
                __coframe::drop_suspended(
                    frame,
                    match (*frame).state {
                        __EchoState::Start => return __coframe::drop_arguments(frame),
                        __EchoState::Returned | __EchoState::Poisoned => return,
                        __EchoState::Read => [0x3],
                        __EchoState::WriteAll => [0x5],
                    },
                );
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
    impl<Sock, Buf, Total, N, WriteAll, Read> __coframe::Table
    for __EchoFrame<Sock, Buf, Total, N, WriteAll, Read> {
        type Awaited = (WriteAll, (Read, ()));
        type State = __EchoState;
        type Values = ((Sock, Read, WriteAll, (), (), (), (), ()), ());
        const NAME: &'static ::core::primitive::str = "echo";
        const PLACES: &'static [__coframe::Place] = &{
            let frame = __coframe::MaybeUninit::<Self>::uninit();
            let this = frame.as_ptr() as *mut Self;
            let at = this as *const ();
            let slots = unsafe { Self::slots(this) };
            unsafe {
                [
                    __coframe::slot(at, &raw const (*this).state),
                    __coframe::slot(at, slots.0),
                    __coframe::slot(at, slots.1),
                    __coframe::slot(at, slots.2),
                    __coframe::slot(at, slots.3),
                    __coframe::slot(at, slots.4),
                    __coframe::slot(at, slots.5),
                ]
            }
        };
        const FIELDS: &'static [__coframe::Field] = &__coframe::fields::<
            7usize,
        >(
            "state s 7\nsock a 7\nbuf v 6\ntotal v 6\nn v 4\nwrite_all w 4\nread w 2",
            Self::PLACES,
        );
        const STATES: &'static [__coframe::State] = &__coframe::states::<
            3usize,
        >(
            ::core::file!(),
            "Start 48 10\nRead 52 37 sock.read(&mut buf)\nWriteAll 56 35 sock.write_all(&buf[..n])",
        );
        const DROPS: &'static [__coframe::DropSlot] = &__coframe::drops(
            Self::PLACES,
            [1, 6, 5],
        );
        const ARGUMENTS: &'static [__coframe::DropSlot] = &__coframe::drops(
            Self::PLACES,
            [1],
        );
        const RETURNED: __EchoState = __EchoState::Returned;
        const POISONED: __EchoState = __EchoState::Poisoned;
        #[inline(always)]
        unsafe fn set_state(this: *mut Self, state: __EchoState) {
            unsafe {
                (*this).state = state;
            }
        }
    }
    let witness = __coframe::FrameType::<__EchoFrame<_, _, _, _, _, _>>::new();
    if false {
        let _ = move || -> io::Result<u64> {
            let slots = unsafe { __EchoFrame::slots(__coframe::frame_of(witness)) };
            let slots = slots;
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
                    ref variable => unsafe { __coframe::same(__sock_slot, variable) }
                }
            }
            let mut buf = [0; 4096];
            #[allow(warnings, clippy::all, clippy::pedantic)]
            if false {
                loop {}
                match buf {
                    ref variable => unsafe { __coframe::same(__buf_slot, variable) }
                }
            }
            let mut total = 0;
            #[allow(warnings, clippy::all, clippy::pedantic)]
            if false {
                loop {}
                match total {
                    ref variable => unsafe { __coframe::same(__total_slot, variable) }
                }
            }
            loop {
                let n = __coframe::awaited(sock.read(&mut buf))?;
                #[allow(warnings, clippy::all, clippy::pedantic)]
                if false {
                    loop {}
                    match n {
                        ref variable => unsafe { __coframe::same(__n_slot, variable) }
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
                __coframe::awaited(sock.write_all(&buf[..n]))?;
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
    let machine = __coframe::async_machine(
        witness,
        || -> io::Result<u64> { loop {} },
        __EchoFrame {
            state: __EchoState::Start,
            pinned: __coframe::PhantomPinned,
            sock: __coframe::filled(sock),
            buf: __coframe::empty(),
            total: __coframe::empty(),
            overlay1: __EchoOverlay1 {
                group1: __coframe::Part::new(__EchoGroup1 {
                    n: __coframe::empty(),
                    write_all: __coframe::empty(),
                }),
            },
        },
        move |frame, context, ended| {
            unsafe {
                let state = (*frame).state;
                use __coframe::{KnownCallee as _, UnknownCallee as _};
                use __coframe::{NotIntoIterator as _, NotResidual as _, NotTry as _};
                let rooms = &();
                let live = &[__coframe::Live::new()];
                let activation = __coframe::Activation::new(frame, rooms, live);
                let slots = unsafe {
                    __EchoFrame::slots(__coframe::of_type(witness, frame))
                };
                __coframe::run_future(
                    activation,
                    ended,
                    __EchoEntry::Resumed,
                    |
                        entry: __EchoEntry,
                    | -> __coframe::Step<__EchoEntry, __EchoState, (), _> {
                        let (state, frame, rooms, live) = (
                            state,
                            frame,
                            rooms,
                            &live[0],
                        );
                        let slots = slots;
                        let __sock @ _ = slots.0;
                        let __buf @ _ = slots.1;
                        let __total @ _ = slots.2;
                        let __n @ _ = slots.3;
                        let __write_all @ _ = slots.4;
                        let __read @ _ = slots.5;
                        'WriteAll: {
                            'Read: {
                                'Loop: {
                                    match entry {
                                        __EchoEntry::Resumed => {}
                                        __EchoEntry::Loop => break 'Loop,
                                    }
                                    match state {
                                        __EchoState::Start => {
                                            live.set(0x1);
                                            __coframe::write(__buf, [0; 4096]);
                                            __coframe::write(__total, 0);
                                            break 'Loop;
                                        }
                                        __EchoState::Read => break 'Read,
                                        __EchoState::WriteAll => break 'WriteAll,
                                        __EchoState::Returned => {
                                            return __coframe::Step::Ended {
                                                is_poisoned: false,
                                            };
                                        }
                                        __EchoState::Poisoned if ::core::cfg!(panic = "abort") => {
                                            ::core::hint::unreachable_unchecked()
                                        }
                                        __EchoState::Poisoned => {
                                            return __coframe::Step::Ended {
                                                is_poisoned: true,
                                            };
                                        }
                                    }
                                }
                                __coframe::fill(
                                    __read,
                                    live,
                                    0x2,
                                    ::core::future::IntoFuture::into_future(
                                        (*__sock).read(&mut (*__buf)),
                                    ),
                                );
                                break 'Read;
                            }
                            live.restore(0x3);
                            let __value = __coframe::Ready(
                                match __coframe::poll(
                                    __coframe::Ready(__read).0,
                                    context,
                                    (&__coframe::Callee::of(__read)).callee(),
                                ) {
                                    __coframe::task::Poll::Ready(value) => value,
                                    __coframe::task::Poll::Pending => {
                                        return __coframe::Step::Suspended(__EchoState::Read, ());
                                    }
                                },
                            );
                            let mut __operand_5 = __value;
                            __coframe::drop_now(live, 0x2, __read);
                            __coframe::write(
                                __n,
                                match __coframe::Split(__operand_5.0).split() {
                                    ::core::ops::ControlFlow::Continue(value) => value,
                                    ::core::ops::ControlFlow::Break(residual) => {
                                        let value: io::Result<u64> = __coframe::Residual::<
                                            _,
                                            io::Result<u64>,
                                        >::new(residual)
                                            .returned();
                                        return __coframe::Step::Done(value);
                                    }
                                },
                            );
                            if (*__n) == 0 {
                                {
                                    let value: io::Result<u64> = Ok(
                                        __coframe::Ready(__coframe::read(__total)).0,
                                    );
                                    return __coframe::Step::Done(value);
                                };
                            }
                            __coframe::fill(
                                __write_all,
                                live,
                                0x4,
                                ::core::future::IntoFuture::into_future(
                                    (*__sock)
                                        .write_all(
                                            &(*__buf)[..__coframe::Ready(__coframe::read(__n)).0],
                                        ),
                                ),
                            );
                            break 'WriteAll;
                        }
                        live.restore(0x5);
                        let __value = __coframe::Ready(
                            match __coframe::poll(
                                __coframe::Ready(__write_all).0,
                                context,
                                (&__coframe::Callee::of(__write_all)).callee(),
                            ) {
                                __coframe::task::Poll::Ready(value) => value,
                                __coframe::task::Poll::Pending => {
                                    return __coframe::Step::Suspended(
                                        __EchoState::WriteAll,
                                        (),
                                    );
                                }
                            },
                        );
                        let mut __operand_7 = __value;
                        __coframe::drop_now(live, 0x4, __write_all);
                        match __coframe::Split(__operand_7.0).split() {
                            ::core::ops::ControlFlow::Continue(value) => value,
                            ::core::ops::ControlFlow::Break(residual) => {
                                let value: io::Result<u64> = __coframe::Residual::<
                                    _,
                                    io::Result<u64>,
                                >::new(residual)
                                    .returned();
                                return __coframe::Step::Done(value);
                            }
                        };
                        (*__total) += __coframe::Ready(__coframe::read(__n)).0 as u64;
                        BYTES
                            .fetch_add(
                                __coframe::Ready(__coframe::read(__n)).0 as u64,
                                Relaxed,
                            );
                        return __coframe::Step::Goto(__EchoEntry::Loop);
                    },
                )
            }
        },
        || {
            use __coframe::{KnownCallee as _, UnknownCallee as _};
            let slots = unsafe { __EchoFrame::slots(__coframe::frame_of(witness)) };
            (
                (&__coframe::Callee::of(slots.4)).callee(),
                ((&__coframe::Callee::of(slots.5)).callee(), ()),
            )
        },
    );
    machine
}
