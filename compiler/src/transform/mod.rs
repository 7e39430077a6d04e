//! Passes that change the graph after it was analysed.

mod elaborate_drops;
mod hold;
mod parts;
mod receivers;
mod refilled;
mod split;
mod taken;
mod unspill;

pub use elaborate_drops::elaborate_drops;
pub use unspill::{Unspilled, unspill};
