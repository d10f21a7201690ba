//! Two parts for training and testing.

use std::collections::BTreeMap;

use knee::random::Seed;

use super::dataset::{Dataset, Split, Targets};
use super::order::permutation;

impl Dataset {
    /// A part for testing, drawn at random, and the rest for training, both in random order.
    ///
    /// Where there is one class for each sample, each class has its share in both parts, rounded to whole samples; and at
    /// least one sample in each part, if it has two samples at all and the share is neither 0 nor 1. A share outside of 0 to 1
    /// counts as the nearer end, NaN as 0.
    pub fn split(&self, share_test: f64, seed: Seed) -> Split {
        let share = share_test.clamp(0.0, 1.0);
        let class = |sample: usize| match &self.targets {
            Targets::Classes {
                of, per_sample: 1, ..
            } => of[sample],
            _ => 0,
        };
        let mut left: BTreeMap<usize, usize> = BTreeMap::new();
        for sample in 0..self.samples() {
            *left.entry(class(sample)).or_default() += 1;
        }
        for count in left.values_mut() {
            *count = quota(*count, share);
        }
        let (mut train, mut test) = (Vec::new(), Vec::new());
        for sample in permutation(self.samples(), seed) {
            match left.get_mut(&class(sample)) {
                Some(left) if *left > 0 => {
                    *left -= 1;
                    test.push(sample);
                }
                _ => train.push(sample),
            }
        }
        Split {
            train: self.select(&train),
            test: self.select(&test),
        }
    }
}

/// How many of so many samples are for testing.
fn quota(count: usize, share: f64) -> usize {
    // NaN becomes 0.
    let rounded = ((count as f64 * share).round() as usize).min(count);
    if share > 0.0 && share < 1.0 {
        if count < 2 {
            0
        } else {
            rounded.clamp(1, count - 1)
        }
    } else {
        rounded
    }
}
