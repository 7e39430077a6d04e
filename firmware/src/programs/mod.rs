//! The bodies of the programs, each a macro that takes the attributes its functions get: none, or
//! `#[coframe::coroutine]`. What they await (`sleep_until`) is what the place has under that name.

mod crowd;
mod echo;
mod pipeline;
mod sampler;

pub use crowd::{MEMBERS, ROUNDS, Tally};
pub use echo::LINE;
pub use pipeline::{RECORDS, Record};
pub use sampler::{Adc, BLINK_PERIOD, PERIOD, WINDOW, WINDOWS, report};
