//! The check, while compiling, that a task fits into its slot.

use core::future::Future;
use core::marker::PhantomData;

use super::layout::{PAYLOAD_MIN, SLOT_ALIGN};
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

/// A text with two numbers, put together while compiling.
struct Message {
    bytes: [u8; 128],
    len: usize,
}

impl Message {
    const fn new(a: &str, first: usize, b: &str, second: usize, c: &str) -> Self {
        let empty = Message { bytes: [0; 128], len: 0 };
        empty.text(a).number(first).text(b).number(second).text(c)
    }

    const fn text(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut index = 0;
        while index < text.len() {
            self.bytes[self.len] = text[index];
            self.len += 1;
            index += 1;
        }
        self
    }

    const fn number(mut self, number: usize) -> Self {
        let mut power = 1;
        while number / power >= 10 {
            power *= 10;
        }
        while power > 0 {
            self.bytes[self.len] = b'0' + (number / power % 10) as u8;
            self.len += 1;
            power /= 10;
        }
        self
    }

    const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "the frame does not fit into the slot",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Message;

    #[test]
    fn the_message_names_both_numbers() {
        let message = Message::new("the frame is ", 136, " bytes, the slot is ", 0, " bytes");
        assert_eq!(message.as_str(), "the frame is 136 bytes, the slot is 0 bytes");
    }
}
