//! Activations made of straight pieces.

use knee::{Function, Smoothness};

use super::Error;
use super::error::finite;

/// A continuous function of one number made of straight pieces.
///
/// Its kinks and slopes and one value say everything, so it cannot jump. A function that jumps, such as a step, is
/// refused: what its regions look like depends on which side owns the jump.
#[derive(Clone, Debug, PartialEq)]
pub struct Piecewise {
    kinks: Vec<f64>,
    slopes: Vec<f64>,
    offsets: Vec<f64>,
}

impl Piecewise {
    /// More kinks than this are refused.
    pub const MOST_KINKS: usize = 35;

    /// The function with these kinks (ascending), these slopes (from left to right, one more than kinks) and this value
    /// at 0. A kink between equal slopes is left out.
    pub fn new(kinks: &[f64], slopes: &[f64], at_zero: f64) -> Result<Self, Error> {
        if kinks.len() > Self::MOST_KINKS || slopes.len() != kinks.len() + 1 {
            return Err(Error::Kinks {
                found: format!("{} kinks and {} slopes", kinks.len(), slopes.len()),
            });
        }
        finite(kinks, |at| format!("kink {at}"))?;
        finite(slopes, |at| format!("slope {at}"))?;
        finite(&[at_zero], |_| "the value at 0".to_string())?;
        let mut pairs = kinks.iter().zip(kinks.iter().skip(1));
        if let Some((one, next)) = pairs.find(|(one, next)| one >= next) {
            return Err(Error::Kinks {
                found: format!("{one} before {next}"),
            });
        }
        let mut kept = Vec::new();
        let mut kept_slopes = vec![slopes[0]];
        for (&kink, pair) in kinks.iter().zip(slopes.windows(2)) {
            if pair[0] != pair[1] {
                kept.push(kink);
                kept_slopes.push(pair[1]);
            }
        }
        let home = kept.iter().filter(|kink| **kink < 0.0).count();
        let mut offsets = vec![at_zero; kept_slopes.len()];
        for piece in home..kept.len() {
            offsets[piece + 1] =
                offsets[piece] + (kept_slopes[piece] - kept_slopes[piece + 1]) * kept[piece];
        }
        for piece in (0..home).rev() {
            offsets[piece] =
                offsets[piece + 1] + (kept_slopes[piece + 1] - kept_slopes[piece]) * kept[piece];
        }
        finite(&offsets, |at| format!("the line of piece {at}, at 0"))?;
        Ok(Self {
            kinks: kept,
            slopes: kept_slopes,
            offsets,
        })
    }

    /// `max(z, 0)`.
    pub fn relu() -> Self {
        Self {
            kinks: vec![0.0],
            slopes: vec![0.0, 1.0],
            offsets: vec![0.0, 0.0],
        }
    }

    /// `z` for positive `z` and `slope * z` below.
    pub fn leaky_relu(slope: f64) -> Result<Self, Error> {
        Self::new(&[0.0], &[slope, 1.0], 0.0)
    }

    /// `|z|`.
    pub fn abs() -> Self {
        Self {
            kinks: vec![0.0],
            slopes: vec![-1.0, 1.0],
            offsets: vec![0.0, 0.0],
        }
    }

    /// `z`.
    pub fn identity() -> Self {
        Self {
            kinks: Vec::new(),
            slopes: vec![1.0],
            offsets: vec![0.0],
        }
    }

    /// A function of the catalogue, where it is continuous and made of straight pieces.
    ///
    /// Its kinks are those that it declares; between them the slope is measured at several points and must be the same
    /// at each, and the pieces must meet at the kinks.
    pub fn of(function: &Function) -> Result<Self, Error> {
        let refused = || Error::NotPiecewiseLinear {
            place: String::new(),
            function: function.to_string(),
        };
        let facts = function.facts();
        if facts.smoothness == Smoothness::Discontinuous {
            return Err(refused());
        }
        let kinks: Vec<f64> = facts.kinks.iter().map(|kink| kink.at).collect();
        let mut slopes = Vec::new();
        for piece in 0..=kinks.len() {
            let low = piece.checked_sub(1).map(|at| kinks[at]);
            let probes = probes(low, kinks.get(piece).copied());
            let slope: f64 = function.derivative(probes[0]);
            let same = |z: &f64| {
                let other: f64 = function.derivative(*z);
                (other - slope).abs() <= 1e-12 * slope.abs()
            };
            if !probes.iter().all(same) {
                return Err(refused());
            }
            slopes.push(slope);
        }
        let found = Self::new(&kinks, &slopes, function.value(0.0)).map_err(|_| refused())?;
        let ends = kinks
            .iter()
            .flat_map(|kink| [kink - 0.5, kink + 0.5, *kink]);
        let agrees = ends.chain([-10.0, 10.0, 0.5]).all(|z| {
            let value: f64 = function.value(z);
            (found.value(z) - value).abs() <= 1e-9 * (1.0 + value.abs() + z.abs())
        });
        if agrees { Ok(found) } else { Err(refused()) }
    }

    /// Where the slope changes, in ascending order.
    pub fn kinks(&self) -> &[f64] {
        &self.kinks
    }

    /// The slopes of the pieces, from left to right.
    pub fn slopes(&self) -> &[f64] {
        &self.slopes
    }

    /// What the lines of the pieces are at 0, from left to right.
    pub fn offsets(&self) -> &[f64] {
        &self.offsets
    }

    /// The index of the piece that holds `z`; a kink belongs to the piece on its left, as in `ReLU'(0) = 0`.
    pub fn piece(&self, z: f64) -> usize {
        self.kinks.iter().filter(|kink| **kink < z).count()
    }

    /// The value at `z`.
    pub fn value(&self, z: f64) -> f64 {
        let piece = self.piece(z);
        self.slopes[piece] * z + self.offsets[piece]
    }

    /// The largest value of `|f|` between `-size` and `size`, or more.
    pub(super) fn reach(&self, size: f64) -> f64 {
        let lines = self.slopes.iter().zip(&self.offsets);
        lines
            .map(|(slope, offset)| slope.abs() * size + offset.abs())
            .fold(0.0, f64::max)
    }

    /// Whether one half of the line gives a constant, and the other half does not, as ReLU does.
    pub(super) fn is_rectifier(&self) -> bool {
        matches!(self.slopes.as_slice(), [a, b] if (*a == 0.0) != (*b == 0.0))
    }
}

/// Points inside a piece, spread over scales.
fn probes(low: Option<f64>, high: Option<f64>) -> Vec<f64> {
    const SHARES: [f64; 7] = [0.001, 0.1, 0.27, 0.5, 0.77, 0.93, 0.999];
    const STEPS: [f64; 9] = [0.01, 0.13, 0.71, 1.9, 3.3, 7.7, 19.0, 101.0, 4099.0];
    match (low, high) {
        (Some(low), Some(high)) => SHARES
            .iter()
            .map(|share| low + share * (high - low))
            .collect(),
        (Some(low), None) => STEPS.iter().map(|step| low + step).collect(),
        (None, Some(high)) => STEPS.iter().map(|step| high - step).collect(),
        (None, None) => STEPS.iter().flat_map(|step| [-step, *step]).collect(),
    }
}
