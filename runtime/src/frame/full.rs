//! What a full pool gives back.

use core::error::Error;
use core::fmt;

/// The coroutine that found no free slot.
pub struct PoolFull<C>(pub C);

impl<C> fmt::Debug for PoolFull<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PoolFull").finish_non_exhaustive()
    }
}

impl<C> fmt::Display for PoolFull<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no frame of the pool is free")
    }
}

impl<C> Error for PoolFull<C> {}
