//! Several labels, any of which may hold.

use knee::random::Seed;

use super::arithmetic::{direction, dot, part};
use super::dataset::{Dataset, Targets};

/// Points of a standard normal distribution with several labels of 0 or 1. Each label holds on one side of a plane through the
/// origin that has a random direction, so each holds for half of the points, and any number of them may hold at once. That
/// share of the labels, `flipped`, is drawn anew, whatever the point.
pub fn multilabel(
    samples: usize,
    width: usize,
    labels: usize,
    flipped: f64,
    seed: Seed,
) -> Dataset {
    let width = width.max(1);
    let directions: Vec<Vec<f64>> = (0..labels as u64)
        .map(|label| direction(part(seed, 3 + label), width))
        .collect();
    let mut inputs = Vec::with_capacity(samples * width);
    let mut of = Vec::with_capacity(samples * labels);
    for sample in 0..samples {
        let first = (sample * width) as u64;
        let point: Vec<f64> = (first..first + width as u64)
            .map(|index| part(seed, 0).normal(index))
            .collect();
        for (label, direction) in directions.iter().enumerate() {
            let at = (sample * labels + label) as u64;
            let holds = if part(seed, 1).uniform(at) < flipped {
                part(seed, 2).uniform(at) < 0.5
            } else {
                dot(&point, direction) > 0.0
            };
            of.push(f32::from(u8::from(holds)));
        }
        inputs.extend(point.iter().map(|x| *x as f32));
    }
    let targets = Targets::Values { width: labels, of };
    Dataset::made("multilabel", inputs, [width], targets)
}
