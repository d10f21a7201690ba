//! How much a value varies from input to input.

use serde::{Deserialize, Serialize};

use super::layout::{Layout, Values};
use super::moments::Moments;

/// Positions per unit at which a signal is looked at.
const POSITIONS: usize = 4;

/// Moments over inputs, at up to four evenly spaced positions of each unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SignalEvidence {
    moments: Vec<Moments>,
}

impl SignalEvidence {
    /// The standard deviation across inputs, its square averaged over units and positions;
    /// `None` with fewer than two inputs.
    pub fn sd(&self) -> Option<f64> {
        let seen = || self.moments.iter().filter(|m| m.count > 1);
        let count = seen().count();
        let sum: f64 = seen().filter_map(Moments::variance).sum();
        (count > 0).then(|| (sum / count as f64).sqrt())
    }

    /// The least value seen.
    pub fn min(&self) -> f64 {
        self.moments
            .iter()
            .fold(f64::INFINITY, |least, m| least.min(m.min))
    }

    pub(super) fn record(&mut self, values: Values<'_>, layout: Layout) {
        let positions = layout.spaced(POSITIONS);
        let wanted = positions.len() * layout.units;
        if self.moments.len() < wanted {
            self.moments.resize(wanted, Moments::default());
        }
        for input in 0..layout.inputs {
            for (k, &position) in positions.iter().enumerate() {
                let base = layout.index(input, position, 0);
                for unit in 0..layout.units {
                    let value = values.at(base + unit * layout.inner);
                    self.moments[k * layout.units + unit].push(value);
                }
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if self.moments.len() < other.moments.len() {
            self.moments.resize(other.moments.len(), Moments::default());
        }
        for (mine, theirs) in self.moments.iter_mut().zip(&other.moments) {
            mine.merge(theirs);
        }
    }
}
