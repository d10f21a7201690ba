//! Rings around each other.

use std::f64::consts::TAU;

use knee::random::Seed;

use super::arithmetic::{cosine, part, sine};
use super::dataset::{Dataset, Targets};

/// Points on concentric rings, one ring for each class, with normal noise of that standard deviation. The outermost ring has the
/// radius 1, and the others are evenly spaced within it.
pub fn rings(samples: usize, rings: usize, noise: f64, seed: Seed) -> Dataset {
    let rings = rings.max(1);
    let mut inputs = Vec::with_capacity(2 * samples);
    for sample in 0..samples {
        let at = sample as u64;
        let radius = (sample % rings + 1) as f64 / rings as f64;
        let angle = TAU * part(seed, 0).uniform(at);
        inputs.push((radius * cosine(angle) + noise * part(seed, 1).normal(at)) as f32);
        inputs.push((radius * sine(angle) + noise * part(seed, 2).normal(at)) as f32);
    }
    let of = (0..samples).map(|sample| sample % rings).collect();
    Dataset::made("rings", inputs, [2], Targets::classes(rings, of))
}
