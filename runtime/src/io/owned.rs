//! Buffers that an operation owns while it is under way.

use std::sync::Arc;

use crate::pool::Lease;

/// Bytes that can be given to an operation that writes them, and that come back with its result.
///
/// They lie elsewhere than the value itself, so that the kernel may use them wherever that is.
pub trait OwnedBytes: Sealed + Send + 'static {
    /// The bytes.
    fn bytes(&self) -> &[u8];
}

/// Bytes that can be given to an operation that reads into them, and that come back with its result.
///
/// As many are read as the buffer has: a `Vec` is neither longer nor shorter afterwards.
pub trait OwnedBytesMut: OwnedBytes {
    /// The bytes.
    fn bytes_mut(&mut self) -> &mut [u8];
}

/// Keeps the traits to the types below.
///
/// # Safety
///
/// * The bytes are not a part of the value: they stay where they are when it is moved, and as long as
///   it is there.
/// * Nobody else writes them meanwhile, and if they can be written nobody else reads them.
pub unsafe trait Sealed {}

/// Names the types whose bytes lie elsewhere.
macro_rules! own {
    ($($type:ty),+) => {
        $(
            // SAFETY: it owns its bytes on the heap, or in memory that the runtime lends to it alone,
            // or shares bytes that nobody writes.
            unsafe impl Sealed for $type {}

            impl OwnedBytes for $type {
                fn bytes(&self) -> &[u8] {
                    self.as_ref()
                }
            }
        )+
    };
}

/// Names those that can be written.
macro_rules! own_mut {
    ($($type:ty),+) => {
        $(impl OwnedBytesMut for $type {
            fn bytes_mut(&mut self) -> &mut [u8] {
                self.as_mut()
            }
        })+
    };
}

own!(Vec<u8>, Box<[u8]>, Lease, Arc<[u8]>, String, &'static [u8], &'static str);
own_mut!(Vec<u8>, Box<[u8]>, Lease);
