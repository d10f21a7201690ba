//! The exclusive or, with noise.

use knee::random::Seed;

use super::arithmetic::part;
use super::dataset::{Dataset, Targets};

/// Points about the four corners `(-1, -1)`, `(1, 1)`, `(-1, 1)` and `(1, -1)`, the first two of class 0 and the others of class
/// 1, with normal noise of that standard deviation. No line separates the classes.
pub fn xor(samples: usize, noise: f64, seed: Seed) -> Dataset {
    let mut inputs = Vec::with_capacity(2 * samples);
    for sample in 0..samples {
        let first = if sample / 2 % 2 == 0 { -1.0 } else { 1.0 };
        let second = if sample % 2 == 0 { first } else { -first };
        for (axis, corner) in [first, second].into_iter().enumerate() {
            inputs.push((corner + noise * part(seed, axis as u64).normal(sample as u64)) as f32);
        }
    }
    let of = (0..samples).map(|sample| sample % 2).collect();
    Dataset::made("xor", inputs, [2], Targets::classes(2, of))
}
