//! Texts that are made while compiling, where there is no heap.

/// A text of at most `SIZE` bytes; what does not fit is cut off.
pub(super) struct Message<const SIZE: usize> {
    bytes: [u8; SIZE],
    length: usize,
}

impl<const SIZE: usize> Message<SIZE> {
    pub(super) const fn new() -> Self {
        Message { bytes: [0; SIZE], length: 0 }
    }

    pub(super) const fn push(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut index = 0;
        while index < bytes.len() && self.length < self.bytes.len() {
            self.bytes[self.length] = bytes[index];
            self.length += 1;
            index += 1;
        }
    }

    pub(super) const fn push_number(&mut self, number: usize) {
        let mut digits = 1;
        let mut rest = number / 10;
        while rest > 0 {
            digits += 1;
            rest /= 10;
        }
        while digits > 0 {
            digits -= 1;
            let digit = number / 10_usize.pow(digits) % 10;
            const DIGITS: &str = "0123456789";
            let (_, from) = DIGITS.split_at(digit);
            self.push(from.split_at(1).0);
        }
    }

    pub(super) const fn text(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "the text is too long",
        }
    }
}
