//! What the compiler says when a frame does not fit.

/// A text with two numbers, put together while compiling.
pub(crate) struct Message {
    bytes: [u8; 128],
    len: usize,
}

impl Message {
    /// `a first b second c`.
    pub(crate) const fn new(a: &str, first: usize, b: &str, second: usize, c: &str) -> Self {
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

    /// The text.
    pub(crate) const fn as_str(&self) -> &str {
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
