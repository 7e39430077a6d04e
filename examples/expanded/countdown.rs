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
    enum __CountdownState {
        /// Not resumed yet: the frame holds the arguments.
        Start,
        /// Ran to its end.
        Returned,
        /// Panicked.
        Poisoned,
        /// Line 11: suspended at `i`.
        Suspend,
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    #[derive(Clone, Copy)]
    enum __CountdownEntry {
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
    union __CountdownOverlay1<From, Iter> {
        from: __coframe::Slot<From>,
        iter: __coframe::Slot<Iter>,
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
        pinned: __coframe::PhantomPinned,
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
                let overlay1 = &raw mut (*this).overlay1;
                (
                    (&raw mut (*overlay1).from) as *mut From,
                    (&raw mut (*overlay1).iter) as *mut Iter,
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
            unsafe {
                __coframe::drop_suspended(
                    frame,
                    match (*frame).state {
                        __CountdownState::Start => {
                            return __coframe::drop_arguments(frame);
                        }
                        __CountdownState::Returned | __CountdownState::Poisoned => return,
                        __CountdownState::Suspend => [0x1],
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
    impl<From, Iter> __coframe::Table for __CountdownFrame<From, Iter> {
        type Awaited = ();
        type State = __CountdownState;
        type Values = ((Iter, (), (), (), (), (), (), ()), ());
        const NAME: &'static ::core::primitive::str = "countdown";
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
                ]
            }
        };
        const FIELDS: &'static [__coframe::Field] = &__coframe::fields::<
            3usize,
        >("state s 3\nfrom a 1\niter t 2", Self::PLACES);
        const STATES: &'static [__coframe::State] = &__coframe::states::<
            2usize,
        >(::core::file!(), "Start 9 4\nSuspend 11 12 i");
        const DROPS: &'static [__coframe::DropSlot] = &__coframe::drops(
            Self::PLACES,
            [2],
        );
        const ARGUMENTS: &'static [__coframe::DropSlot] = &__coframe::drops(
            Self::PLACES,
            [],
        );
        const RETURNED: __CountdownState = __CountdownState::Returned;
        const POISONED: __CountdownState = __CountdownState::Poisoned;
        #[inline(always)]
        unsafe fn set_state(this: *mut Self, state: __CountdownState) {
            unsafe {
                (*this).state = state;
            }
        }
    }
    let witness = __coframe::FrameType::<__CountdownFrame<_, _>>::new();
    if false {
        let _ = move || -> &'static str {
            let slots = unsafe { __CountdownFrame::slots(__coframe::frame_of(witness)) };
            let slots = slots;
            let __from_slot @ _ = slots.0;
            let __iter_slot @ _ = slots.1;
            let from = from;
            #[allow(warnings, clippy::all, clippy::pedantic)]
            if false {
                loop {}
                match from {
                    ref variable => unsafe { __coframe::same(__from_slot, variable) }
                }
            }
            for i in (1..=from).rev() {
                if __coframe::suspended::<
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
    let machine = __coframe::machine(
        witness,
        (|| -> u32 { loop {} }, || -> &'static str { loop {} }),
        __CountdownFrame {
            state: __CountdownState::Start,
            pinned: __coframe::PhantomPinned,
            overlay1: __CountdownOverlay1 {
                from: __coframe::filled(from),
            },
        },
        move |frame, given: __coframe::Same<bool>| {
            unsafe {
                let state = (*frame).state;
                use __coframe::{KnownCallee as _, UnknownCallee as _};
                use __coframe::{NotIntoIterator as _, NotResidual as _, NotTry as _};
                let rooms = &();
                let live = &[__coframe::Live::new()];
                let activation = __coframe::Activation::new(frame, rooms, live);
                let slots = unsafe {
                    __CountdownFrame::slots(__coframe::of_type(witness, frame))
                };
                let mut given = __coframe::Option::Some(given);
                __coframe::run_coroutine(
                    activation,
                    __CountdownEntry::Resumed,
                    |
                        entry: __CountdownEntry,
                    | -> __coframe::Step<__CountdownEntry, __CountdownState, _, _> {
                        let (state, frame, rooms, live) = (
                            state,
                            frame,
                            rooms,
                            &live[0],
                        );
                        let slots = slots;
                        let __from @ _ = slots.0;
                        let __iter @ _ = slots.1;
                        'Join2: {
                            'Suspend: {
                                'Join: {
                                    'Loop: {
                                        match entry {
                                            __CountdownEntry::Resumed => {}
                                            __CountdownEntry::Loop => break 'Loop,
                                        }
                                        match state {
                                            __CountdownState::Start => {
                                                given = ::core::option::Option::None;
                                                match __coframe::Ready(
                                                        ::coframe::__private::Iterated(
                                                                (1..=__coframe::Ready(__coframe::read(__from)).0).rev(),
                                                            )
                                                            .iterator(),
                                                    )
                                                    .0
                                                {
                                                    value => {
                                                        if false {
                                                            loop {}
                                                            __coframe::same(__iter, &raw const value);
                                                        }
                                                        __coframe::fill(
                                                            __iter,
                                                            live,
                                                            0x1,
                                                            __coframe::erased(__iter, value),
                                                        );
                                                    }
                                                };
                                                break 'Loop;
                                            }
                                            __CountdownState::Suspend => break 'Suspend,
                                            __CountdownState::Returned => {
                                                return __coframe::Step::Ended {
                                                    is_poisoned: false,
                                                };
                                            }
                                            __CountdownState::Poisoned if ::core::cfg!(
                                                panic = "abort"
                                            ) => ::core::hint::unreachable_unchecked(),
                                            __CountdownState::Poisoned => {
                                                return __coframe::Step::Ended {
                                                    is_poisoned: true,
                                                };
                                            }
                                        }
                                    }
                                    match ::core::iter::Iterator::next(&mut (*__iter)) {
                                        ::core::option::Option::None => {
                                            break 'Join;
                                        }
                                        ::core::option::Option::Some(i) => {
                                            let value: u32 = i;
                                            return __coframe::Step::Suspended(
                                                __CountdownState::Suspend,
                                                value,
                                            );
                                        }
                                        _ => loop {}
                                    }
                                }
                                __coframe::drop_now(live, 0x1, __iter);
                                {
                                    let value: &'static str = "liftoff";
                                    return __coframe::Step::Done(value);
                                }
                            }
                            live.restore(0x1);
                            let __value = __coframe::Ready(__coframe::given(&mut given));
                            let mut __value_3 = __value;
                            if __value_3.0 {
                                {
                                    let value: &'static str = "aborted";
                                    return __coframe::Step::Done(value);
                                };
                                ::core::unreachable!()
                            } else {
                                break 'Join2;
                            }
                        }
                        return __coframe::Step::Goto(__CountdownEntry::Loop);
                    },
                )
            }
        },
        || (),
    );
    machine
}
