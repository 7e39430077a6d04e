//! What is changed in the graph once the analyses know about it.

mod elaborate_drops;
mod unspill;

pub use elaborate_drops::elaborate_drops;
pub use unspill::unspill;
