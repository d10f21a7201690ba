//! What a program that measures is asked, and what it answers; `xtask/commands/src/bench` writes the one and reads the other.

mod plan;
mod turns;
mod versions;

pub use plan::{Cell, Plan};
pub use turns::{Run, Turns, digits};
pub use versions::version;
