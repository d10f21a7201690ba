//! Histograms with edges that are the same for every unit of every network, so that they merge.

use serde::{Deserialize, Serialize};

/// Magnitudes below 2^LOW share the middle bin, those from 2^HIGH on the outer bins.
const LOW: i32 = -5;
const HIGH: i32 = 6;
/// Each octave has 2^`SPLIT` bins, told apart by the leading bits of the fraction.
const SPLIT: u32 = 2;
/// Bins per sign between the middle one and the outer one.
const SIDE: i32 = (HIGH - LOW) << SPLIT;
const BINS: usize = 2 * SIDE as usize + 3;
/// Bits of an f32 below those that choose the bin.
const SHIFT: u32 = 23 - SPLIT;

/// The edges of the bins: minus infinity, -64 ... -1/32, 1/32 ... 64, infinity.
pub fn edges() -> Vec<f64> {
    let per_octave = 1 << SPLIT;
    let side = |k: i32| {
        let octave = f64::from(LOW + k / per_octave);
        octave.exp2() * (1.0 + f64::from(k % per_octave) / f64::from(per_octave))
    };
    let mut edges: Vec<f64> = (0..=SIDE).map(side).collect();
    edges.push(f64::INFINITY);
    let negative = edges.iter().rev().map(|edge| -edge);
    negative.chain(edges.iter().copied()).collect()
}

/// Counts per bin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bins {
    counts: Vec<u64>,
}

impl Default for Bins {
    fn default() -> Self {
        Self {
            counts: vec![0; BINS],
        }
    }
}

impl Bins {
    /// Counts a value; NaN is left out.
    pub fn push(&mut self, value: f32) {
        if !value.is_nan() {
            self.counts[bin(value)] += 1;
        }
    }

    /// Takes in other counts.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
    }

    /// The counts, one fewer than there are edges.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Whether a file has the number of bins that this version uses.
    pub(super) fn is_valid(&self) -> bool {
        self.counts.len() == BINS
    }
}

/// The bin of a value, read from its bits: the exponent and the leading bits of the fraction are
/// the logarithm to the base 2, made of straight pieces.
fn bin(value: f32) -> usize {
    let lowest = ((127 + LOW) as u32) << SPLIT;
    let step = (value.abs().to_bits() >> SHIFT) + 1;
    let step = step.saturating_sub(lowest).cast_signed().min(SIDE + 1);
    // The sign as 1 or -1 by arithmetic: it is as good as random, and a branch would be guessed.
    let sign = 1 - 2 * (value.to_bits() >> 31).cast_signed();
    (SIDE + 1 + sign * step) as usize
}
