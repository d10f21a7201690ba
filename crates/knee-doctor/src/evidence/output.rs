//! What entered the loss, and what the labels were.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::layout::{Layout, Values};
use super::moments::Moments;
use crate::loss::Labels;

/// How far a sum of probabilities may be from 1, and a log-sum-exp from 0. Probabilities in f16
/// sum to 1 within 1e-3.
const TOLERANCE: f64 = 1e-3;

/// What entered the loss. A row runs over the class axis (or over the features of an input).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OutputEvidence {
    /// Independent inputs.
    pub inputs: u64,
    /// Rows.
    pub rows: u64,
    /// Length of a row; `None` when it varied or no row was seen.
    pub width: Option<u64>,
    /// The finite values.
    pub values: Moments,
    /// Values that are NaN or infinite.
    pub nonfinite: u64,
    /// Values above 0.
    pub positive: u64,
    /// Values outside [0, 1].
    pub outside_unit: u64,
    /// Values that are exactly 0.
    pub zeros: u64,
    /// Rows that are 0 throughout.
    pub rows_of_zeros: u64,
    /// Rows without a negative value.
    pub rows_nonnegative: u64,
    /// Rows that sum to 1 within 1e-3.
    pub rows_sum_one: u64,
    /// Rows without a negative value that sum to 1 within 1e-3.
    pub rows_probability: u64,
    /// Rows whose log-sum-exp is 0 within 1e-3: log-probabilities.
    pub rows_normalised_log: u64,
}

/// What the labels were.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TargetEvidence {
    /// Independent inputs.
    pub inputs: u64,
    /// Whether they are class indices.
    pub classes: bool,
    /// The finite values; of classes the indices.
    pub values: Moments,
    /// Values that are NaN or infinite.
    pub nonfinite: u64,
    /// Values outside [0, 1].
    pub outside_unit: u64,
    /// Rows; 0 for class indices.
    pub rows: u64,
    /// Rows that sum to 1 within 1e-3.
    pub rows_sum_one: u64,
    /// Rows of nothing but 0 and 1.
    pub rows_binary: u64,
    /// Rows of nothing but 0 and 1 with a single 1.
    pub rows_one_hot: u64,
    /// How far values lie outside the range of the output activation.
    pub excess: Excess,
}

/// How far values lie outside an interval, counted by powers of two, so that counts of pieces
/// add up though the scale of all values is known only at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Excess {
    /// Exponent of the distance, and how many values.
    octaves: BTreeMap<i32, u64>,
}

impl OutputEvidence {
    pub(super) fn record(&mut self, values: Values<'_>, layout: Layout) {
        self.inputs += layout.inputs as u64;
        let width = Some(layout.units as u64);
        self.width = if self.rows == 0 {
            width
        } else {
            self.width.filter(|_| self.width == width)
        };
        for_each_row(values, layout, |row| self.row(row));
    }

    fn row(&mut self, row: &[f64]) {
        self.rows += 1;
        let mut moments = RowSums::default();
        for &x in row {
            moments.add(x);
            self.nonfinite += u64::from(!x.is_finite());
            self.positive += u64::from(x > 0.0);
            self.outside_unit += u64::from(!(0.0..=1.0).contains(&x));
            self.zeros += u64::from(x == 0.0);
        }
        let nonnegative = moments.values.min >= 0.0;
        let sums_to_one = moments.sums_to_one();
        let greatest = moments.values.max;
        let log_sum = greatest + row.iter().map(|x| (x - greatest).exp()).sum::<f64>().ln();
        self.values.merge(&moments.values);
        self.rows_of_zeros += u64::from(row.iter().all(|&x| x == 0.0));
        self.rows_nonnegative += u64::from(nonnegative);
        self.rows_sum_one += u64::from(sums_to_one);
        self.rows_probability += u64::from(nonnegative && sums_to_one);
        self.rows_normalised_log += u64::from(log_sum.abs() <= TOLERANCE);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.width = match (self.rows, other.rows) {
            (0, _) => other.width,
            (_, 0) => self.width,
            _ => self.width.filter(|_| self.width == other.width),
        };
        self.values.merge(&other.values);
        let mine = [
            &mut self.inputs,
            &mut self.rows,
            &mut self.nonfinite,
            &mut self.positive,
            &mut self.outside_unit,
            &mut self.zeros,
            &mut self.rows_of_zeros,
            &mut self.rows_nonnegative,
            &mut self.rows_sum_one,
            &mut self.rows_probability,
            &mut self.rows_normalised_log,
        ];
        let theirs = [
            other.inputs,
            other.rows,
            other.nonfinite,
            other.positive,
            other.outside_unit,
            other.zeros,
            other.rows_of_zeros,
            other.rows_nonnegative,
            other.rows_sum_one,
            other.rows_probability,
            other.rows_normalised_log,
        ];
        mine.into_iter()
            .zip(theirs)
            .for_each(|(mine, theirs)| *mine += theirs);
    }
}

impl TargetEvidence {
    /// The greatest magnitude of a target, what tolerances are relative to.
    pub fn scale(&self) -> f64 {
        if self.values.count == 0 {
            0.0
        } else {
            self.values.min.abs().max(self.values.max.abs())
        }
    }

    /// Adds the labels of a chunk. `range` is the closure of the output activation's range.
    pub(super) fn record(&mut self, labels: &Labels, layout: Layout, range: Option<(f64, f64)>) {
        self.inputs += layout.inputs as u64;
        match labels {
            Labels::Classes(classes) => {
                self.classes = true;
                for &class in classes {
                    self.values.push(class as f64);
                    self.outside_unit += u64::from(!(0..=1).contains(&class));
                }
            }
            Labels::Rows { values, width } => {
                let same = values.len() == layout.len();
                let rows = Layout::dense(values.len().checked_div(*width).unwrap_or(0), *width);
                let layout = if same { layout } else { rows };
                for_each_row(Values::F32(values), layout, |row| self.row(row, range));
            }
        }
    }

    fn row(&mut self, row: &[f64], range: Option<(f64, f64)>) {
        self.rows += 1;
        let mut moments = RowSums::default();
        let mut ones = 0u64;
        let mut binary = true;
        for &x in row {
            moments.add(x);
            self.nonfinite += u64::from(!x.is_finite());
            self.outside_unit += u64::from(!(0.0..=1.0).contains(&x));
            ones += u64::from(x == 1.0);
            binary &= x == 0.0 || x == 1.0;
            if let Some((low, high)) = range {
                self.excess.push((low - x).max(x - high));
            }
        }
        self.values.merge(&moments.values);
        self.rows_sum_one += u64::from(moments.sums_to_one());
        self.rows_binary += u64::from(binary);
        self.rows_one_hot += u64::from(binary && ones == 1);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.inputs += other.inputs;
        self.classes |= other.classes;
        self.values.merge(&other.values);
        self.nonfinite += other.nonfinite;
        self.outside_unit += other.outside_unit;
        self.rows += other.rows;
        self.rows_sum_one += other.rows_sum_one;
        self.rows_binary += other.rows_binary;
        self.rows_one_hot += other.rows_one_hot;
        self.excess.merge(&other.excess);
    }
}

impl Excess {
    fn push(&mut self, distance: f64) {
        if distance > 0.0 && distance.is_finite() {
            *self
                .octaves
                .entry(distance.log2().floor() as i32)
                .or_default() += 1;
        }
    }

    /// Values that lie further out than `tolerance`. Those within the same power of two as the
    /// tolerance are not counted.
    pub fn beyond(&self, tolerance: f64) -> u64 {
        let octaves = self.octaves.iter();
        octaves
            .filter(|&(&k, _)| f64::from(k).exp2() > tolerance)
            .map(|(_, count)| count)
            .sum()
    }

    fn merge(&mut self, other: &Self) {
        for (octave, count) in &other.octaves {
            *self.octaves.entry(*octave).or_default() += count;
        }
    }
}

/// The sum of a row and the moments of its finite values.
#[derive(Default)]
struct RowSums {
    sum: f64,
    values: Moments,
}

impl RowSums {
    fn add(&mut self, x: f64) {
        self.sum += x;
        self.values.push(x);
    }

    fn sums_to_one(&self) -> bool {
        (self.sum - 1.0).abs() <= TOLERANCE
    }
}

/// Hands over the values along the axis of units, for every input and position.
fn for_each_row(values: Values<'_>, layout: Layout, mut each: impl FnMut(&[f64])) {
    let mut row = vec![0.0; layout.units];
    for input in 0..layout.inputs {
        for position in 0..layout.positions() {
            let base = layout.index(input, position, 0);
            for (unit, x) in row.iter_mut().enumerate() {
                *x = values.at(base + unit * layout.inner);
            }
            each(&row);
        }
    }
}
