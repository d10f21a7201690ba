//! Losses and their gradients, by knee.

use knee::losses::{Bce, BceWithLogits, CrossEntropy, Mae, Mse, Target};
use knee_doctor::LossKind;

use crate::data::Targets;
use crate::run::Stop;

/// What is minimised: a mean over positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Cross-entropy of logits.
    CrossEntropy,
    /// Binary cross-entropy of logits.
    BceWithLogits,
    /// Binary cross-entropy of probabilities.
    Bce,
    /// Mean squared error.
    Mse,
    /// Mean absolute error.
    Mae,
}

/// What the outputs should be: a class for each row, or as many numbers as there are outputs.
#[derive(Clone, Debug, PartialEq)]
pub enum Answers {
    /// A class for each row.
    Classes(Vec<usize>),
    /// Numbers.
    Values(Vec<f32>),
}

impl Answers {
    /// The answers of some samples.
    pub fn of(targets: &Targets, samples: &[usize]) -> Self {
        match targets {
            Targets::Classes { per_sample, of, .. } => {
                let rows = samples
                    .iter()
                    .flat_map(|at| &of[at * per_sample..(at + 1) * per_sample]);
                Self::Classes(rows.copied().collect())
            }
            Targets::Values { width, of } => {
                let rows = samples
                    .iter()
                    .flat_map(|at| &of[at * width..(at + 1) * width]);
                Self::Values(rows.copied().collect())
            }
        }
    }

    /// One number for each output: a single output of a class is the class itself, several are 1 at the class and 0 elsewhere.
    pub fn values(&self, width: usize) -> Vec<f32> {
        match self {
            Self::Values(values) => values.clone(),
            Self::Classes(classes) if width == 1 => {
                classes.iter().map(|class| *class as f32).collect()
            }
            Self::Classes(classes) => {
                let row = |class: &usize| {
                    (0..width)
                        .map(|at| f32::from(at == *class))
                        .collect::<Vec<f32>>()
                };
                classes.iter().flat_map(row).collect()
            }
        }
    }
}

impl Loss {
    /// The doctor's name of it.
    pub fn kind(self) -> LossKind {
        match self {
            Self::CrossEntropy => LossKind::CrossEntropy,
            Self::BceWithLogits => LossKind::BceWithLogits,
            Self::Bce => LossKind::Bce,
            Self::Mse => LossKind::Mse,
            Self::Mae => LossKind::Mae,
        }
    }

    /// The mean loss of rows of `width` outputs, and its gradient.
    pub fn evaluate(
        self,
        outputs: &[f32],
        width: usize,
        answers: &Answers,
    ) -> Result<(f32, Vec<f32>), Stop> {
        let mut loss = [0.0];
        let mut gradient = vec![0.0; outputs.len()];
        let values = || answers.values(width);
        match (self, answers) {
            (Self::CrossEntropy, Answers::Classes(classes)) => {
                let target = Target::Classes(classes);
                CrossEntropy::default().loss_and_gradient(
                    outputs,
                    width,
                    target,
                    &mut loss,
                    &mut gradient,
                )
            }
            (Self::CrossEntropy, Answers::Values(values)) => {
                let target = Target::Probabilities(values);
                CrossEntropy::default().loss_and_gradient(
                    outputs,
                    width,
                    target,
                    &mut loss,
                    &mut gradient,
                )
            }
            (Self::BceWithLogits, _) => BceWithLogits::default().loss_and_gradient(
                outputs,
                &values(),
                &mut loss,
                &mut gradient,
            ),
            (Self::Bce, _) => {
                Bce::default().loss_and_gradient(outputs, &values(), &mut loss, &mut gradient)
            }
            (Self::Mse, _) => {
                Mse::default().loss_and_gradient(outputs, &values(), &mut loss, &mut gradient)
            }
            (Self::Mae, _) => {
                Mae::default().loss_and_gradient(outputs, &values(), &mut loss, &mut gradient)
            }
        }
        .map_err(|error| Stop::Impossible(format!("the loss cannot be computed: {error}")))?;
        Ok((loss[0], gradient))
    }
}

/// How many rows are answered wrongly: the largest output is not at the class; with a single output, its side of `threshold` is
/// not the class's. Nothing where the answers are numbers.
pub fn wrong(outputs: &[f32], width: usize, answers: &Answers, threshold: f32) -> Option<usize> {
    let Answers::Classes(classes) = answers else {
        return None;
    };
    let rows = outputs.chunks_exact(width).zip(classes);
    let is_wrong = |(row, class): &(&[f32], &usize)| {
        let given = if width == 1 {
            usize::from(row[0] > threshold)
        } else {
            let largest =
                (1..width).fold(0, |best, at| if row[at] > row[best] { at } else { best });
            if row[largest].is_nan() {
                usize::MAX
            } else {
                largest
            }
        };
        given != **class
    };
    Some(rows.filter(is_wrong).count())
}
