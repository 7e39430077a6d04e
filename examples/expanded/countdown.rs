// What `#[coframe::coroutine]` makes of `countdown` in `examples/src/bin/countdown.rs`.
// Written by `cargo xtask expand`.

/// Counts down to the lift-off, unless it is resumed with `true`.
#[allow(
    refining_impl_trait,
    clippy::manual_async_fn,
    clippy::extra_unused_lifetimes,
    clippy::needless_lifetimes
)]
fn countdown(
    from: u32,
) -> impl ::coframe::Coroutine<
    bool,
    Yield = u32,
    Return = &'static str,
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
    enum __CountdownState {
        /// Not resumed yet: the frame holds the arguments.
        Start,
        /// Ran to its end.
        Returned,
        /// Panicked.
        Poisoned,
        /// Between suspensions.
        Loop,
        /// Between suspensions.
        Join,
        /// Line 11: suspended at `i`.
        Suspend,
        /// Between suspensions.
        Join2,
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    union __CountdownOverlay1<From, Iter> {
        from: ::coframe::__private::Slot<From>,
        iter: ::coframe::__private::Slot<Iter>,
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    struct __CountdownFrame<From, Iter> {
        state: __CountdownState,
        pinned: ::coframe::__private::PhantomPinned,
        overlay1: __CountdownOverlay1<From, Iter>,
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    impl<From, Iter> __CountdownFrame<From, Iter> {
        #[inline(always)]
        const unsafe fn slots(this: *mut Self) -> (*mut From, *mut Iter) {
            unsafe {
                (
                    (&raw mut (*(&raw mut (*this).overlay1)).from) as *mut From,
                    (&raw mut (*(&raw mut (*this).overlay1)).iter) as *mut Iter,
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
    impl<From, Iter> ::core::ops::Drop for __CountdownFrame<From, Iter> {
        fn drop(&mut self) {
            let frame: *mut Self = self;
            let live = __CountdownActivation::new(frame);
            unsafe {
                match (*frame).state {
                    __CountdownState::Start => {
                        let slots = unsafe { __CountdownFrame::slots(frame) };
                        let __from_slot @ _ = slots.0;
                        let __iter_slot @ _ = slots.1;
                        ::coframe::__private::drop_each(|| {});
                    }
                    __CountdownState::Returned | __CountdownState::Poisoned => {}
                    __CountdownState::Suspend => {
                        live.iter.set(true);
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
    impl<From, Iter> ::coframe::__private::Table for __CountdownFrame<From, Iter> {
        type Awaited = ();
        const NAME: &'static ::core::primitive::str = "countdown";
        const FIELDS: &'static [::coframe::__private::Field] = &::coframe::__private::fields(
            "state s 3\nfrom a 1\niter t 2",
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
                    ]
                }
            },
        );
        const STATES: &'static [::coframe::__private::State] = &::coframe::__private::states::<
            2usize,
        >(::core::file!(), "Start 9 4\nSuspend 11 12 i");
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    struct __CountdownActivation<From, Iter> {
        frame: *mut __CountdownFrame<From, Iter>,
        end: ::coframe::__private::Flag<__CountdownState>,
        pinned: ::coframe::__private::PhantomPinned,
        iter: ::coframe::__private::Flag<bool>,
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    impl<From, Iter> __CountdownActivation<From, Iter> {
        #[inline(always)]
        fn new(frame: *mut __CountdownFrame<From, Iter>) -> Self {
            __CountdownActivation {
                frame,
                end: ::coframe::__private::Flag::new(__CountdownState::Poisoned),
                pinned: ::coframe::__private::PhantomPinned,
                iter: ::coframe::__private::Flag::new(false),
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
    impl<From, Iter> __CountdownActivation<From, Iter> {
        fn infer_nothing_else(self) {}
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    impl<From, Iter> ::core::ops::Drop for __CountdownActivation<From, Iter> {
        #[inline]
        fn drop(&mut self) {
            unsafe {
                (*self.frame).state = __CountdownState::Poisoned;
                let slots = unsafe { __CountdownFrame::slots(self.frame) };
                let __from_slot @ _ = slots.0;
                let __iter_slot @ _ = slots.1;
                ::coframe::__private::drop_each(|| {
                    ::coframe::__private::drop_if(&self.iter, __iter_slot);
                });
                (*self.frame).state = self.end.get();
            }
        }
    }
    let witness = ::coframe::__private::FrameType::<__CountdownFrame<_, _>>::new();
    if false {
        let _ = move || -> &'static str {
            let slots = unsafe {
                __CountdownFrame::slots(::coframe::__private::frame_of(witness))
            };
            let __from_slot @ _ = slots.0;
            let __iter_slot @ _ = slots.1;
            let from = from;
            #[allow(warnings, clippy::all, clippy::pedantic)]
            if false {
                loop {}
                match from {
                    ref variable => {
                        unsafe { ::coframe::__private::same(__from_slot, variable) }
                    }
                }
            }
            for i in (1..=from).rev() {
                if ::coframe::__private::suspended::<
                    _,
                    bool,
                >({
                    let value: u32 = i;
                    value
                }) {
                    return {
                        let value: &'static str = "aborted";
                        value
                    };
                }
            }
            {
                let value: &'static str = "liftoff";
                value
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
    let machine = ::coframe::__private::machine(
        witness,
        (
            || -> u32 { ::core::unreachable!() },
            || -> &'static str { ::core::unreachable!() },
        ),
        __CountdownFrame {
            state: __CountdownState::Start,
            pinned: ::coframe::__private::PhantomPinned,
            overlay1: __CountdownOverlay1 {
                from: ::coframe::__private::filled(from),
            },
        },
        move |frame, given: ::coframe::__private::Same<bool>| {
            unsafe {
                let mut state = (*frame).state;
                if ::core::matches!(
                    state, __CountdownState::Returned | __CountdownState::Poisoned
                ) {
                    let is_poisoned = ::core::matches!(
                        state, __CountdownState::Poisoned
                    );
                    ::coframe::__private::resumed_after_end("countdown", is_poisoned)
                }
                use ::coframe::__private::{
                    NotIntoIterator as _, NotResidual as _, NotTry as _,
                };
                let live = __CountdownActivation::new(frame);
                let slots = unsafe {
                    __CountdownFrame::slots(
                        ::coframe::__private::of_type(witness, frame),
                    )
                };
                let __from @ _ = slots.0;
                let __iter @ _ = slots.1;
                let mut given = ::coframe::__private::Option::Some(given);
                let mut step = ::coframe::__private::step(|
                    state: __CountdownState,
                | -> ::coframe::__private::Step<__CountdownState, _, _> {
                    match state {
                        __CountdownState::Start => {
                            given = ::core::option::Option::None;
                            match ::coframe::__private::Ready(
                                    ::coframe::__private::Iterated(
                                            (1..=::coframe::__private::Ready(*__from).0).rev(),
                                        )
                                        .iterator(),
                                )
                                .0
                            {
                                value => {
                                    if false {
                                        loop {}
                                        ::coframe::__private::same(__iter, &raw const value);
                                    }
                                    ::coframe::__private::fill(
                                        __iter,
                                        &live.iter,
                                        ::coframe::__private::erased(__iter, value),
                                    );
                                }
                            };
                            return ::coframe::__private::Step::Goto(
                                __CountdownState::Loop,
                            );
                        }
                        __CountdownState::Loop => {
                            match ::core::iter::Iterator::next(&mut (*__iter)) {
                                ::core::option::Option::None => {
                                    return ::coframe::__private::Step::Goto(
                                        __CountdownState::Join,
                                    );
                                }
                                ::core::option::Option::Some(i) => {
                                    let value: u32 = i;
                                    (*frame).state = __CountdownState::Suspend;
                                    return ::coframe::__private::Step::Suspended(value);
                                }
                                _ => ::core::unreachable!(),
                            }
                        }
                        __CountdownState::Join => {
                            ::coframe::__private::drop_now(&live.iter, __iter);
                            {
                                let value: &'static str = "liftoff";
                                live.end.set(__CountdownState::Returned);
                                return ::coframe::__private::Step::Done(value);
                            }
                        }
                        __CountdownState::Suspend => {
                            live.iter.set(true);
                            let __value = ::coframe::__private::Ready(
                                ::coframe::__private::given(&mut given),
                            );
                            let mut __value_3 = __value;
                            if __value_3.0 {
                                {
                                    let value: &'static str = "aborted";
                                    live.end.set(__CountdownState::Returned);
                                    return ::coframe::__private::Step::Done(value);
                                };
                            } else {
                                return ::coframe::__private::Step::Goto(
                                    __CountdownState::Join2,
                                );
                            }
                        }
                        __CountdownState::Join2 => {
                            return ::coframe::__private::Step::Goto(
                                __CountdownState::Loop,
                            );
                        }
                        __CountdownState::Returned | __CountdownState::Poisoned => {
                            ::core::unreachable!()
                        }
                    }
                });
                loop {
                    match step(state) {
                        ::coframe::__private::Step::Goto(next) => state = next,
                        ::coframe::__private::Step::Suspended(value) => {
                            ::coframe::__private::forget_value(live);
                            return ::coframe::__private::CoroutineState::Yielded(value);
                        }
                        ::coframe::__private::Step::Done(value) => {
                            return ::coframe::__private::CoroutineState::Complete(value);
                        }
                    }
                }
            }
        },
        || (),
    );
    machine
}
