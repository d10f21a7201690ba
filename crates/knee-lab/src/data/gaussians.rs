//! Normal distributions about several centres.

use std::f64::consts::TAU;

use knee::random::Seed;

use super::arithmetic::{cosine, part, sine};
use super::dataset::{Dataset, Targets};

/// Points of the plane about centres that are evenly spaced on a circle of that radius, with that standard deviation along each
/// axis. The class is the centre. A generator has to find all of them.
pub fn gaussian_ring(
    samples: usize,
    centres: usize,
    radius: f64,
    deviation: f64,
    seed: Seed,
) -> Dataset {
    let centres = centres.max(1);
    let mut inputs = Vec::with_capacity(2 * samples);
    for sample in 0..samples {
        let at = sample as u64;
        let angle = TAU * (sample % centres) as f64 / centres as f64;
        inputs.push((radius * cosine(angle) + deviation * part(seed, 0).normal(at)) as f32);
        inputs.push((radius * sine(angle) + deviation * part(seed, 1).normal(at)) as f32);
    }
    let of = (0..samples).map(|sample| sample % centres).collect();
    Dataset::made("gaussian_ring", inputs, [2], Targets::classes(centres, of))
}

/// Points about one centre for each class, of standard deviation 1 along each axis. The centres are drawn from a normal
/// distribution so that two of them are `distance` apart in the mean of the squares; which ones depends on the seed only.
pub fn gaussian_mixture(
    samples: usize,
    classes: usize,
    width: usize,
    distance: f64,
    seed: Seed,
) -> Dataset {
    let (classes, width) = (classes.max(1), width.max(1));
    let spread = distance / (2.0 * width as f64).sqrt();
    let mut inputs = Vec::with_capacity(width * samples);
    for sample in 0..samples {
        for axis in 0..width {
            let centre = (sample % classes * width + axis) as u64;
            let point = (sample * width + axis) as u64;
            let x = spread * part(seed, 0).normal(centre) + part(seed, 1).normal(point);
            inputs.push(x as f32);
        }
    }
    let of = (0..samples).map(|sample| sample % classes).collect();
    Dataset::made(
        "gaussian_mixture",
        inputs,
        [width],
        Targets::classes(classes, of),
    )
}
