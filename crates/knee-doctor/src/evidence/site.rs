//! What was seen at one activation site.

use serde::{Deserialize, Serialize};

use super::file::number;
use super::histogram::Bins;
use super::moments::Moments;
use crate::finding::Histogram;

/// Fixed positions at which the output of a unit is compared from input to input.
pub(super) const FIXED: usize = 4;

/// What was seen at one activation site.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SiteEvidence {
    pub(super) inputs: u64,
    pub(super) units: Vec<UnitEvidence>,
    /// The number of units changed between calls, so nothing can be said about any of them.
    pub(super) unsteady: bool,
    /// Norm of dL/da per input.
    pub(super) gradient: Option<Moments>,
    pub(super) gradient_nonfinite: u64,
    pub(super) gradient_zero: u64,
}

/// What was seen of one unit. At a site whose function works on rows, such as softmax, all values
/// are one unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitEvidence {
    /// Inputs on which it was alive at one position at least; `None` where the function has no
    /// slope to judge by.
    pub alive: Option<u64>,
    /// The finite pre-activations.
    pub z: Moments,
    /// Pre-activations that are NaN or infinite.
    pub nonfinite: u64,
    /// Pre-activations above 0.
    pub positive: u64,
    /// Pre-activations beyond the point from which the function is constant.
    pub clipped: u64,
    /// Outputs.
    pub outputs: u64,
    /// Outputs that are exactly 0.
    pub zeros: u64,
    /// Sum of |f'| over the sampled positions.
    #[serde(with = "number")]
    pub slope_sum: f64,
    /// Positions at which |f'| was taken.
    pub sampled: u64,
    /// Histogram of the sampled pre-activations.
    pub bins: Bins,
    /// Least and greatest output at each of up to four fixed positions.
    pub(super) ends: [Ends; FIXED],
}

/// The least and the greatest of some values.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Ends {
    #[serde(with = "number")]
    low: f64,
    #[serde(with = "number")]
    high: f64,
}

impl Ends {
    const NONE: Self = Self {
        low: f64::INFINITY,
        high: f64::NEG_INFINITY,
    };

    pub(super) fn widen(&mut self, low: f64, high: f64) {
        self.low = self.low.min(low);
        self.high = self.high.max(high);
    }
}

impl UnitEvidence {
    pub(super) fn new(judged: bool) -> Self {
        Self {
            alive: judged.then_some(0),
            z: Moments::default(),
            nonfinite: 0,
            positive: 0,
            clipped: 0,
            outputs: 0,
            zeros: 0,
            slope_sum: 0.0,
            sampled: 0,
            bins: Bins::default(),
            ends: [Ends::NONE; FIXED],
        }
    }

    /// Mean |f'| over the sampled positions; `None` where it was not taken.
    pub fn slope(&self) -> Option<f64> {
        (self.sampled > 0 && self.alive.is_some()).then(|| self.slope_sum / self.sampled as f64)
    }

    /// Whether the output was the same on every input, at every fixed position.
    pub fn is_constant(&self) -> bool {
        let mut ends = self.ends.iter();
        // Positions that were not seen, or had nothing but NaN, are empty.
        ends.clone().any(|ends| ends.low == ends.high) && ends.all(|ends| ends.low >= ends.high)
    }

    fn merge(&mut self, other: &Self) {
        self.alive = self
            .alive
            .zip(other.alive)
            .map(|(mine, theirs)| mine + theirs);
        self.z.merge(&other.z);
        self.nonfinite += other.nonfinite;
        self.positive += other.positive;
        self.clipped += other.clipped;
        self.outputs += other.outputs;
        self.zeros += other.zeros;
        self.slope_sum += other.slope_sum;
        self.sampled += other.sampled;
        self.bins.merge(&other.bins);
        for (mine, theirs) in self.ends.iter_mut().zip(other.ends) {
            mine.widen(theirs.low, theirs.high);
        }
    }
}

impl SiteEvidence {
    /// Independent inputs.
    pub fn inputs(&self) -> u64 {
        self.inputs
    }

    /// One entry per unit; empty when their number changed between calls.
    pub fn units(&self) -> &[UnitEvidence] {
        if self.unsteady { &[] } else { &self.units }
    }

    /// Norm of dL/da per input, over the inputs on which it was finite; `None` when no gradient
    /// reached the site's output.
    pub fn gradient(&self) -> Option<&Moments> {
        self.gradient.as_ref()
    }

    /// Inputs whose gradient had a NaN or an infinity.
    pub fn gradient_nonfinite(&self) -> u64 {
        self.gradient_nonfinite
    }

    /// Inputs whose gradient was exactly 0.
    pub fn gradient_zero(&self) -> u64 {
        self.gradient_zero
    }

    /// Share of the outputs that are exactly 0.
    pub fn zeros(&self) -> Option<f64> {
        let outputs: u64 = self.units().iter().map(|u| u.outputs).sum();
        let zeros: u64 = self.units().iter().map(|u| u.zeros).sum();
        (outputs > 0).then(|| zeros as f64 / outputs as f64)
    }

    /// The pre-activations of all units together.
    pub fn z(&self) -> Moments {
        self.units()
            .iter()
            .fold(Moments::default(), |mut all, unit| {
                all.merge(&unit.z);
                all
            })
    }

    /// The histogram of the pre-activations of some units, or of all when none is named.
    pub fn histogram(&self, units: &[u64]) -> Option<Histogram> {
        let mut bins = Bins::default();
        if units.is_empty() {
            self.units().iter().for_each(|unit| bins.merge(&unit.bins));
        } else {
            let named = units
                .iter()
                .filter_map(|&unit| self.units().get(unit as usize));
            named.for_each(|unit| bins.merge(&unit.bins));
        }
        let seen = bins.counts().iter().any(|&count| count > 0);
        seen.then(|| Histogram {
            edges: super::edges(),
            counts: bins.counts().to_vec(),
        })
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.inputs += other.inputs;
        self.unsteady |= other.unsteady;
        if self.units.is_empty() {
            self.units.clone_from(&other.units);
        } else if self.units.len() == other.units.len() {
            for (mine, theirs) in self.units.iter_mut().zip(&other.units) {
                mine.merge(theirs);
            }
        } else if !other.units.is_empty() {
            self.unsteady = true;
        }
        super::merge_option(&mut self.gradient, other.gradient.as_ref(), Moments::merge);
        self.gradient_nonfinite += other.gradient_nonfinite;
        self.gradient_zero += other.gradient_zero;
        if self.unsteady {
            self.units.clear();
        }
    }

    /// Whether lists read from a file belong together.
    pub(super) fn is_valid(&self) -> bool {
        self.units.iter().all(|unit| unit.bins.is_valid())
    }
}
