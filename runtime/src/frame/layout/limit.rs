//! `max_frame = BYTES`: a frame that is larger fails the build, with the reason.

use super::{Field, Table};

/// Fails to compile if a frame is larger than its limit.
#[track_caller]
pub const fn fits<F: Table>(limit: usize) {
    let size = size_of::<F>();
    if size > limit {
        let mut message = Message::new(F::NAME, size, limit);
        message.largest(F::FIELDS);
        panic!("{}", message.text())
    }
}

/// The same for a frame inside a future of rustc's, which keeps the arguments as well.
#[track_caller]
pub const fn future_fits<F>(name: &str, limit: usize) {
    let size = size_of::<F>();
    if size > limit {
        let mut message = Message::new(name, size, limit);
        message.push("; it keeps its arguments twice, as a method without a visibility may be one of a trait");
        panic!("{}", message.text())
    }
}

/// The text of the error: no heap while compiling.
struct Message {
    bytes: [u8; 512],
    length: usize,
}

impl Message {
    const fn new(name: &str, size: usize, limit: usize) -> Self {
        let mut message = Message { bytes: [0; 512], length: 0 };
        message.push("the frame of `");
        message.push(name);
        message.push("` has ");
        message.push_number(size);
        message.push(" bytes, and the limit is ");
        message.push_number(limit);
        message
    }

    /// Names the three largest fields, in the order of their sizes.
    const fn largest(&mut self, fields: &[Field]) {
        let mut named = [usize::MAX; 3];
        let mut count = 0;
        while count < named.len() {
            let mut largest = usize::MAX;
            let mut index = 0;
            while index < fields.len() {
                let is_named = index == named[0] || index == named[1] || index == named[2];
                let is_larger = largest == usize::MAX || fields[index].size > fields[largest].size;
                if !is_named && is_larger {
                    largest = index;
                }
                index += 1;
            }
            if largest == usize::MAX {
                return;
            }
            named[count] = largest;
            self.push(if count == 0 { "; the largest fields: `" } else { ", `" });
            self.push(fields[largest].name);
            self.push("` ");
            self.push_number(fields[largest].size);
            count += 1;
        }
    }

    const fn push(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut index = 0;
        while index < bytes.len() && self.length < self.bytes.len() {
            self.bytes[self.length] = bytes[index];
            self.length += 1;
            index += 1;
        }
    }

    const fn push_number(&mut self, number: usize) {
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

    const fn text(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "the frame is larger than its limit",
        }
    }
}
