//! Inputs of mean 0 and standard deviation 1.

use super::dataset::{Dataset, Split, Targets};

/// The means and the standard deviations that numbers were standardised with.
#[derive(Clone, Debug, PartialEq)]
pub struct Standard {
    /// One mean for each number of a row.
    pub means: Vec<f64>,
    /// One standard deviation for each number of a row; 1 where the number is constant.
    pub deviations: Vec<f64>,
    /// Whether a number of a row is the same in all rows.
    pub constant: Vec<bool>,
}

impl Standard {
    /// That of rows of `width` numbers.
    pub fn of(rows: &[f32], width: usize) -> Self {
        let columns: Vec<(f64, f64, bool)> = (0..width)
            .map(|column| moments(&rows.iter().skip(column).step_by(width)))
            .collect();
        Self {
            means: columns.iter().map(|c| c.0).collect(),
            deviations: columns.iter().map(|c| c.1).collect(),
            constant: columns.iter().map(|c| c.2).collect(),
        }
    }

    /// The rows less the means, over the standard deviations.
    pub fn apply(&self, rows: &[f32]) -> Vec<f32> {
        let scales = self.means.iter().zip(&self.deviations).cycle();
        rows.iter()
            .zip(scales)
            .map(|(x, (mean, deviation))| ((f64::from(*x) - mean) / deviation) as f32)
            .collect()
    }
}

impl Split {
    /// Both parts with inputs of mean 0 and standard deviation 1, as they are in the training part alone: the part for testing
    /// has no influence.
    ///
    /// Samples of the shape `[width]` are standardised number by number, and a number that is constant in the training part is
    /// left out of both parts, with a note. Images and sequences have one mean and one standard deviation in all, so that
    /// neighbouring values stay comparable. Symbols remain as they are.
    #[must_use]
    pub fn standardised(self) -> Self {
        let Self { train, test } = self;
        if train.symbols.is_some() || train.inputs.is_empty() {
            return Self { train, test };
        }
        let by_number = train.shape.len() == 1;
        let width = if by_number { train.width() } else { 1 };
        let standard = Standard::of(&train.inputs, width);
        let each = |mut part: Dataset| {
            part.inputs = standard.apply(&part.inputs);
            if by_number {
                part.without(&standard.constant);
            }
            part
        };
        Self {
            train: each(train),
            test: each(test),
        }
    }

    /// Both parts with numbers to answer of mean 0 and standard deviation 1 in the training part, and what takes them back.
    /// Nothing is done to classes.
    #[must_use]
    pub fn standardised_targets(mut self) -> (Self, Option<Standard>) {
        let Targets::Values { width, of } = &self.train.targets else {
            return (self, None);
        };
        let standard = Standard::of(of, *width);
        for part in [&mut self.train, &mut self.test] {
            if let Targets::Values { of, .. } = &mut part.targets {
                *of = standard.apply(of);
            }
        }
        (self, Some(standard))
    }
}

impl Dataset {
    /// Leaves out the numbers that are marked, if any is and another remains.
    fn without(&mut self, marked: &[bool]) {
        let remaining = marked.iter().filter(|marked| !**marked).count();
        if remaining == 0 || remaining == marked.len() {
            return;
        }
        let keep = |(x, marked): (&f32, &bool)| (!marked).then_some(*x);
        self.inputs = self
            .inputs
            .iter()
            .zip(marked.iter().cycle())
            .filter_map(keep)
            .collect();
        self.shape = vec![remaining];
        self.notes.push(format!(
            "{} of {} features are constant in the training part and were left out.",
            marked.len() - remaining,
            marked.len()
        ));
    }
}

/// Mean, standard deviation, and whether all are the same.
fn moments<'a>(values: &(impl Iterator<Item = &'a f32> + Clone)) -> (f64, f64, bool) {
    let count = values.clone().count().max(1) as f64;
    let mean = values.clone().map(|x| f64::from(*x)).sum::<f64>() / count;
    let squares = values.clone().map(|x| (f64::from(*x) - mean).powi(2));
    let deviation = (squares.sum::<f64>() / count).sqrt();
    let first = values.clone().next();
    if values.clone().all(|x| Some(x) == first) {
        (mean, 1.0, true)
    } else {
        (mean, deviation, false)
    }
}
