//! Inputs that say nothing.

use knee::random::Seed;

use super::arithmetic::part;
use super::dataset::{Dataset, Targets};

/// Independent numbers of the standard normal distribution, with nothing to answer.
pub fn noise(samples: usize, width: usize, seed: Seed) -> Dataset {
    let width = width.max(1);
    let count = (samples * width) as u64;
    let inputs = (0..count)
        .map(|at| part(seed, 0).normal(at) as f32)
        .collect();
    let nothing = Targets::Values {
        width: 0,
        of: Vec::new(),
    };
    Dataset::made("noise", inputs, [width], nothing)
}
