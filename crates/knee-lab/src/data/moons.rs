//! Two half circles that interleave.

use std::f64::consts::PI;

use knee::random::Seed;

use super::arithmetic::{cosine, part, sine};
use super::dataset::{Dataset, Targets};

/// Points on two half circles of radius 1, one for each class, with normal noise of that standard deviation: the upper half
/// about `(0, 0)`, and the lower half about `(1, 0.5)`.
pub fn moons(samples: usize, noise: f64, seed: Seed) -> Dataset {
    let mut inputs = Vec::with_capacity(2 * samples);
    for sample in 0..samples {
        let at = sample as u64;
        let angle = PI * part(seed, 0).uniform(at);
        let (x, y) = match sample % 2 {
            0 => (cosine(angle), sine(angle)),
            _ => (1.0 - cosine(angle), 0.5 - sine(angle)),
        };
        inputs.push((x + noise * part(seed, 1).normal(at)) as f32);
        inputs.push((y + noise * part(seed, 2).normal(at)) as f32);
    }
    let of = (0..samples).map(|sample| sample % 2).collect();
    Dataset::made("moons", inputs, [2], Targets::classes(2, of))
}
