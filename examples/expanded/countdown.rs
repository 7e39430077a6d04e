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
            let rooms = __CountdownRooms::new();
            let record = __CountdownActivation::new(frame, __coframe::rooms(&rooms));
            let live = &record.live;
            unsafe {
                match (*frame).state {
                    __CountdownState::Start => {
                        let slots = unsafe { __CountdownFrame::slots(frame) };
                        __coframe::drop_each(|| {
                            let live = live;
                            let slots = slots;
                        });
                    }
                    __CountdownState::Returned | __CountdownState::Poisoned => {
                        return __coframe::forget_value(record);
                    }
                    __CountdownState::Suspend => {
                        live.iter.set(true);
                    }
                }
            }
            record.discard();
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
        const NAME: &'static ::core::primitive::str = "countdown";
        const FIELDS: &'static [__coframe::Field] = &__coframe::fields(
            "state s 3\nfrom a 1\niter t 2",
            {
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
            },
        );
        const STATES: &'static [__coframe::State] = &__coframe::states::<
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
    struct __CountdownLive {
        iter: __coframe::Flag,
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    impl __CountdownLive {
        #[inline(always)]
        fn nothing() -> Self {
            __CountdownLive {
                iter: __coframe::Flag::new(false),
            }
        }
        #[inline(always)]
        fn take(&self) -> Self {
            __CountdownLive {
                iter: __coframe::Flag::new(self.iter.get()),
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
    struct __CountdownRooms {}
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    impl __CountdownRooms {
        #[inline(always)]
        fn new() -> Self {
            __CountdownRooms {}
        }
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
        rooms: *const __CountdownRooms,
        live: __CountdownLive,
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
        fn new(
            frame: *mut __CountdownFrame<From, Iter>,
            rooms: *const __CountdownRooms,
        ) -> Self {
            __CountdownActivation {
                frame,
                rooms,
                live: __CountdownLive::nothing(),
            }
        }
        /// Drops what is live, and leaves the frame in the state `end`.
        #[inline(always)]
        fn leave(self, end: __CountdownState) {
            let record = __coframe::Part::new(self);
            let (frame, live) = (record.frame, &record.live);
            unsafe {
                (*frame).state = __CountdownState::Poisoned;
                let rooms = record.rooms;
                let slots = unsafe { __CountdownFrame::slots(frame) };
                __coframe::drop_each(|| {
                    let (rooms, live) = (rooms, live);
                    let slots = slots;
                    let __iter_slot @ _ = slots.1;
                    __coframe::drop_if(&live.iter, __iter_slot);
                });
                (*frame).state = end;
            }
        }
        /// What a panic does. It takes the record as values, so that the record itself need not be in
        /// memory.
        #[cold]
        #[inline(never)]
        fn unwind(
            frame: *mut __CountdownFrame<From, Iter>,
            rooms: *const __CountdownRooms,
            live: __CountdownLive,
        ) {
            __CountdownActivation {
                frame,
                rooms,
                live,
            }
                .leave(__CountdownState::Poisoned);
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
        /// Ends the record of a frame that is dropped.
        fn discard(self) {
            self.leave(__CountdownState::Poisoned);
        }
    }
    #[allow(
        dead_code,
        non_camel_case_types,
        non_snake_case,
        clippy::all,
        clippy::pedantic
    )]
    impl<From, Iter> ::core::ops::Drop for __CountdownActivation<From, Iter> {
        #[inline(always)]
        fn drop(&mut self) {
            __CountdownActivation::unwind(self.frame, self.rooms, self.live.take());
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
        (
            || -> u32 { ::core::unreachable!() },
            || -> &'static str { ::core::unreachable!() },
        ),
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
                let rooms = __CountdownRooms::new();
                let activation = __CountdownActivation::new(
                    frame,
                    __coframe::rooms(&rooms),
                );
                let record = &activation;
                let slots = unsafe {
                    __CountdownFrame::slots(__coframe::of_type(witness, frame))
                };
                let mut given = __coframe::Option::Some(given);
                let mut step = __coframe::step(|
                    entry: __CountdownEntry,
                | -> __coframe::Step<__CountdownEntry, __CountdownState, _, _> {
                    let (state, frame, record) = (state, frame, record);
                    let live = &record.live;
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
                                                        &live.iter,
                                                        __coframe::erased(__iter, value),
                                                    );
                                                }
                                            };
                                            break 'Loop;
                                        }
                                        __CountdownState::Suspend => break 'Suspend,
                                        __CountdownState::Returned => return __coframe::Step::Ended,
                                        __CountdownState::Poisoned if ::core::cfg!(
                                            panic = "abort"
                                        ) => ::core::hint::unreachable_unchecked(),
                                        __CountdownState::Poisoned => return __coframe::Step::Ended,
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
                                    _ => ::core::unreachable!(),
                                }
                            }
                            __coframe::drop_now(&live.iter, __iter);
                            {
                                let value: &'static str = "liftoff";
                                return __coframe::Step::Done(value);
                            }
                        }
                        live.iter.set(true);
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
                });
                let mut entry = __CountdownEntry::Resumed;
                loop {
                    match step(entry) {
                        __coframe::Step::Goto(next) => entry = next,
                        __coframe::Step::Suspended(next, value) => {
                            (*frame).state = next;
                            __coframe::forget_value(activation);
                            return __coframe::CoroutineState::Yielded(value);
                        }
                        __coframe::Step::Done(value) => {
                            activation.leave(__CountdownState::Returned);
                            return __coframe::CoroutineState::Complete(value);
                        }
                        __coframe::Step::Ended => {
                            __coframe::forget_value(activation);
                            let is_poisoned = ::core::matches!(
                                state, __CountdownState::Poisoned
                            );
                            __coframe::resumed_after_end("countdown", is_poisoned)
                        }
                    }
                }
            }
        },
        || (),
    );
    machine
}
