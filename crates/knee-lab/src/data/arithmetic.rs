//! Functions that have the same bits on every machine, which those of the standard library do not promise.

use std::f64::consts::FRAC_PI_2;

use knee::random::Seed;
use knee::{Cosine, Exp, Function, Sigmoid};

/// Draws of one purpose: parts of a seed do not share any number as long as each takes fewer than `2^32`. They are in the upper
/// half of its indices, so that whoever draws from the same seed by small indices has other numbers.
pub(super) fn part(seed: Seed, part: u64) -> Seed {
    seed.after((1 << 63) + (part << 32))
}

/// A number below `bound`, which is not 0.
pub(super) fn below(seed: Seed, index: u64, bound: usize) -> usize {
    let wide = u128::from(seed.bits(index)[0]) * bound as u128;
    (wide >> 64) as usize
}

pub(super) fn cosine(x: f64) -> f64 {
    Function::from(Cosine {}).value(x)
}

pub(super) fn sine(x: f64) -> f64 {
    cosine(x - FRAC_PI_2)
}

pub(super) fn exponential(x: f64) -> f64 {
    Function::from(Exp {}).value(x)
}

pub(super) fn sigmoid(x: f64) -> f64 {
    Function::from(Sigmoid {}).value(x)
}

/// A vector of length 1 whose direction is uniform.
pub(super) fn direction(seed: Seed, width: usize) -> Vec<f64> {
    let drawn: Vec<f64> = (0..width as u64).map(|index| seed.normal(index)).collect();
    let length = dot(&drawn, &drawn).sqrt();
    drawn.iter().map(|v| v / length).collect()
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
