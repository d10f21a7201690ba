//! Count, mean and variance that merge.

use serde::{Deserialize, Serialize};

use super::file::number;

/// Count, mean, sum of squared deviations, least and greatest of the finite values seen.
///
/// Blocks are combined by the update of Chan, Golub and `LeVeque` (1979), which is stable: one pass
/// and merged pieces agree to 1e-12.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    /// Values.
    pub count: u64,
    /// Their mean; 0 without values.
    #[serde(with = "number")]
    pub mean: f64,
    /// Sum of the squared deviations from the mean.
    #[serde(with = "number")]
    pub m2: f64,
    /// The least value; infinity without values.
    #[serde(with = "number")]
    pub min: f64,
    /// The greatest value; minus infinity without values.
    #[serde(with = "number")]
    pub max: f64,
}

impl Default for Moments {
    fn default() -> Self {
        Self {
            count: 0,
            mean: 0.0,
            m2: 0.0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
        }
    }
}

impl Moments {
    /// The moments of one value; none of a value that is not finite.
    pub fn of(value: f64) -> Self {
        if !value.is_finite() {
            return Self::default();
        }
        Self {
            count: 1,
            mean: value,
            m2: 0.0,
            min: value,
            max: value,
        }
    }

    /// Moments from sums of `d = x - shift` over `count` values.
    pub(super) fn from_sums(
        count: u64,
        shift: f64,
        sum: f64,
        squares: f64,
        min: f64,
        max: f64,
    ) -> Self {
        if count == 0 {
            return Self::default();
        }
        let offset = sum / count as f64;
        Self {
            count,
            mean: shift + offset,
            m2: (squares - sum * offset).max(0.0),
            min,
            max,
        }
    }

    /// Adds one value; one that is not finite is left out.
    pub fn push(&mut self, value: f64) {
        self.merge(&Self::of(value));
    }

    /// Takes in the moments of other values.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let (mine, theirs) = (self.count as f64, other.count as f64);
        let both = mine + theirs;
        let delta = other.mean - self.mean;
        // Both means weighted alike, so that merging in either order gives nearly the same bits.
        self.mean = (self.mean * mine + other.mean * theirs) / both;
        self.m2 += other.m2 + delta * delta * (mine * theirs / both);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.count += other.count;
    }

    /// The variance of the values; `None` without values.
    pub fn variance(&self) -> Option<f64> {
        (self.count > 0).then(|| self.m2 / self.count as f64)
    }

    /// The standard deviation of the values; `None` without values.
    pub fn sd(&self) -> Option<f64> {
        self.variance().map(f64::sqrt)
    }
}
