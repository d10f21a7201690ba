//! Spirals that are wound into each other.

use std::f64::consts::TAU;

use knee::random::Seed;

use super::arithmetic::{cosine, part, sine};
use super::dataset::{Dataset, Targets};

/// Points on the arms of a spiral, one arm for each class, with normal noise of that standard deviation. Each arm runs from
/// radius 0.1 to radius 1 in that many turns, evenly in the radius.
pub fn spirals(samples: usize, arms: usize, turns: f64, noise: f64, seed: Seed) -> Dataset {
    let arms = arms.max(1);
    let mut inputs = Vec::with_capacity(2 * samples);
    for sample in 0..samples {
        let at = sample as u64;
        let along = part(seed, 0).uniform(at);
        let radius = 0.1 + 0.9 * along;
        let angle = TAU * (turns * along + (sample % arms) as f64 / arms as f64);
        inputs.push((radius * cosine(angle) + noise * part(seed, 1).normal(at)) as f32);
        inputs.push((radius * sine(angle) + noise * part(seed, 2).normal(at)) as f32);
    }
    let of = (0..samples).map(|sample| sample % arms).collect();
    Dataset::made("spirals", inputs, [2], Targets::classes(arms, of))
}
