//! `max_frame = BYTES`: a frame that is larger fails the build, with the reason.

use super::message::Message;
use super::{Field, Table};

/// Fails to compile if a frame is larger than its limit.
#[track_caller]
pub const fn fits<F: Table>(limit: usize) {
    let size = size_of::<F>();
    if size > limit {
        let mut message = too_large(F::NAME, size, limit);
        largest(&mut message, F::FIELDS);
        panic!("{}", message.text())
    }
}

/// The same for a frame inside a future of rustc's, which keeps the arguments as well.
#[track_caller]
pub const fn future_fits<F>(name: &str, limit: usize) {
    let size = size_of::<F>();
    if size > limit {
        let mut message = too_large(name, size, limit);
        message.push("; it keeps its arguments twice, as a method without a visibility may be one of a trait");
        panic!("{}", message.text())
    }
}

const fn too_large(name: &str, size: usize, limit: usize) -> Message<512> {
    let mut message = Message::new();
    message.push("the frame of `");
    message.push(name);
    message.push("` has ");
    message.push_number(size);
    message.push(" bytes, and the limit is ");
    message.push_number(limit);
    message
}

/// Names the three largest fields, in the order of their sizes.
const fn largest(message: &mut Message<512>, fields: &[Field]) {
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
        message.push(if count == 0 { "; the largest fields: `" } else { ", `" });
        message.push(fields[largest].name);
        message.push("` ");
        message.push_number(fields[largest].size);
        count += 1;
    }
}
