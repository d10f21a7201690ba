//! Numbers to answer.

use std::f64::consts::PI;

use knee::random::Seed;

use super::arithmetic::{direction, dot, exponential, part, sigmoid, sine};
use super::dataset::{Dataset, Targets};

/// A function of one variable on an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Curve {
    /// `sin(x)` between `-2 pi` and `2 pi`: smooth, with several turns.
    Sine,
    /// `|x|` between -1 and 1: a kink.
    Absolute,
    /// `sin(3 x) exp(-x^2 / 2)` between -3 and 3: smooth, and flat at both ends.
    Packet,
    /// `x^2` between -1 and 1: smooth, and the same curvature everywhere.
    Square,
    /// 1 above 0 and else 0, between -1 and 1: a jump.
    Step,
}

impl Curve {
    /// Every curve.
    pub const ALL: [Self; 5] = [
        Self::Sine,
        Self::Absolute,
        Self::Packet,
        Self::Square,
        Self::Step,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sine => "sine",
            Self::Absolute => "absolute",
            Self::Packet => "packet",
            Self::Square => "square",
            Self::Step => "step",
        }
    }

    /// The interval is from minus this number to this number.
    pub fn reach(self) -> f64 {
        match self {
            Self::Sine => 2.0 * PI,
            Self::Packet => 3.0,
            Self::Absolute | Self::Square | Self::Step => 1.0,
        }
    }

    /// The value at `x`.
    pub fn value(self, x: f64) -> f64 {
        match self {
            Self::Sine => sine(x),
            Self::Absolute => x.abs(),
            Self::Packet => sine(3.0 * x) * exponential(-x * x / 2.0),
            Self::Square => x * x,
            Self::Step => f64::from(u8::from(x > 0.0)),
        }
    }
}

/// Values of a curve, with normal noise of that standard deviation. The interval is cut into as many equal parts as there are
/// samples, and each part has one, at random.
pub fn curve(samples: usize, curve: Curve, noise: f64, seed: Seed) -> Dataset {
    let reach = curve.reach();
    let mut inputs = Vec::with_capacity(samples);
    let mut of = Vec::with_capacity(samples);
    for sample in 0..samples {
        let at = sample as u64;
        let along = (sample as f64 + part(seed, 0).uniform(at)) / samples as f64;
        let x = (reach * (2.0 * along - 1.0)) as f32;
        let y = curve.value(f64::from(x)) + noise * part(seed, 1).normal(at);
        inputs.push(x);
        of.push(y as f32);
    }
    let targets = Targets::Values { width: 1, of };
    Dataset::made(curve.name(), inputs, [1], targets)
}

/// A target of both signs without bounds, as differences and returns are: `z` as in [`share`].
pub fn signed(samples: usize, width: usize, noise: f64, seed: Seed) -> Dataset {
    of_score("signed", samples, width, noise, seed, |z| z)
}

/// A target that is always positive and has large values now and then, as durations and prices have:
/// `exp(z)`, with `z` as in [`share`].
pub fn positive(samples: usize, width: usize, noise: f64, seed: Seed) -> Dataset {
    of_score("positive", samples, width, noise, seed, exponential)
}

/// A target between 0 and 1, as shares and rates are: `sigmoid(2 z)`.
///
/// The inputs are standard normal numbers. With random directions `a`, `b` and `c`, `z` is `a.x + (b.x)(c.x) / 2`, and normal
/// noise of that standard deviation, cut off at -4 and 4.
pub fn share(samples: usize, width: usize, noise: f64, seed: Seed) -> Dataset {
    of_score("share", samples, width, noise, seed, |z| sigmoid(2.0 * z))
}

fn of_score(
    name: &str,
    samples: usize,
    width: usize,
    noise: f64,
    seed: Seed,
    target: impl Fn(f64) -> f64,
) -> Dataset {
    let width = width.max(1);
    let [a, b, c] = [2, 3, 4].map(|k| direction(part(seed, k), width));
    let mut inputs = Vec::with_capacity(samples * width);
    let mut of = Vec::with_capacity(samples);
    for sample in 0..samples {
        let first = (sample * width) as u64;
        let x: Vec<f64> = (first..first + width as u64)
            .map(|index| part(seed, 0).normal(index))
            .collect();
        let z = dot(&a, &x) + dot(&b, &x) * dot(&c, &x) / 2.0;
        let z = z + noise * part(seed, 1).normal(sample as u64);
        of.push(target(z.clamp(-4.0, 4.0)) as f32);
        inputs.extend(x.iter().map(|x| *x as f32));
    }
    let targets = Targets::Values { width: 1, of };
    Dataset::made(name, inputs, [width], targets)
}
