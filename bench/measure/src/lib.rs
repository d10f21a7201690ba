//! Times several contestants in turn, so that whatever disturbs the machine disturbs each of them.

mod interleave;
mod statistics;

pub use interleave::{Plan, interleave};
pub use statistics::Spread;
