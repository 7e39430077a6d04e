//! The storage of one saved local.

use core::mem::{ManuallyDrop, MaybeUninit};

/// The storage of one saved local: it never drops what it holds, and may be a field of a union.
pub type Slot<T> = ManuallyDrop<MaybeUninit<T>>;
