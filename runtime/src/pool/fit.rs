//! The check, while compiling, that a task fits into its slot.

use core::future::Future;
use core::marker::PhantomData;

use super::layout::{PAYLOAD_MIN, SLOT_ALIGN};
use crate::frame::Message;
use crate::task::{Outcome, payload_align};

/// The check for tasks with the future `F` in slots for frames of `SIZE` bytes.
pub(crate) struct Fit<F, const SIZE: usize>(PhantomData<F>);

impl<F: Future, const SIZE: usize> Fit<F, SIZE> {
    /// Bytes of payload in each slot: the frame size, with room for small outcomes.
    pub(crate) const PAYLOAD: usize =
        if SIZE > PAYLOAD_MIN { SIZE.next_multiple_of(SLOT_ALIGN) } else { PAYLOAD_MIN };

    const FRAME: Message =
        Message::new("the frame is ", size_of::<F>(), " bytes, the slot is ", SIZE, " bytes");
    const OUTCOME: Message = Message::new(
        "the coroutine's result is ",
        size_of::<Outcome<F::Output>>(),
        " bytes, the slot is ",
        Self::PAYLOAD,
        " bytes",
    );
    const ALIGN: Message = Message::new(
        "the frame's alignment is ",
        payload_align::<F>(),
        " bytes, the slot's is ",
        SLOT_ALIGN,
        " bytes",
    );

    /// Fails to compile if the task does not fit.
    pub(crate) const CHECK: () = {
        assert!(size_of::<F>() <= SIZE, "{}", Self::FRAME.as_str());
        assert!(size_of::<Outcome<F::Output>>() <= Self::PAYLOAD, "{}", Self::OUTCOME.as_str());
        assert!(payload_align::<F>() <= SLOT_ALIGN, "{}", Self::ALIGN.as_str());
    };
}
