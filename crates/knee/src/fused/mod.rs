//! Activations joined with what stands before them and with what is counted behind them: memory is gone through once.
//!
//! A block that stays in the first cache is added, activated and counted before the next one is read. The results are those of the
//! separate steps, bit for bit: a sum is rounded to the type before the function is taken of it.

mod add_up;
mod biased;
mod observed;
mod residual;

pub(crate) use add_up::AddUp;
use biased::AddRows;
pub(crate) use observed::Sums;
pub use observed::{Moments, Observed};
