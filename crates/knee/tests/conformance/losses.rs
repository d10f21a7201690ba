//! Losses of classes: knee's, and the textbook in `f64`.

use knee::losses::{CrossEntropy, LossError, Nll, Reduction, Target};

use super::cases::{Case, Tensor};
use super::judge::Answer;
use super::rows;

/// A loss of rows: what is given, and the rows gathered so that the classes of one lie side by side.
struct Rows<'a> {
    /// The positions of the classes of each row in the scores.
    lines: Vec<Vec<usize>>,
    classes: usize,
    scores: &'a Tensor,
    target: &'a Tensor,
    weights: Option<&'a Tensor>,
    ignored: Option<f64>,
    reduction: Reduction,
}

impl<'a> Rows<'a> {
    /// The inputs of a case in their order: scores of shape `[N, C, d1, d2, ...]` or `[C]`, target, perhaps weights.
    fn of(case: &'a Case) -> Self {
        let (scores, target) = (&case.inputs[0], &case.inputs[1]);
        let axis = usize::from(scores.shape.len() > 1);
        let reduction = match case.text("reduction").unwrap_or("mean") {
            "none" => Reduction::None,
            "sum" => Reduction::Sum,
            "mean" => Reduction::Mean,
            other => panic!("{}: no reduction is called {other}", case.name),
        };
        Self {
            lines: rows::along(&scores.shape, axis as f64),
            classes: scores.shape[axis],
            scores,
            target,
            weights: case.inputs.get(2),
            ignored: case.number("ignore_index"),
            reduction,
        }
    }

    /// A target of the shape of the scores holds probabilities.
    fn has_labels(&self) -> bool {
        self.target.shape != self.scores.shape
    }

    /// A label as an index: a negative one, which only an ignored row has, as a large one.
    fn index(label: f64) -> usize {
        (label as isize).cast_unsigned()
    }

    fn labels(&self) -> Vec<usize> {
        self.target
            .data
            .iter()
            .map(|&label| Self::index(label))
            .collect()
    }

    fn gathered(&self, tensor: &Tensor) -> Vec<f32> {
        self.lines
            .iter()
            .flatten()
            .map(|&index| tensor.data[index] as f32)
            .collect()
    }

    fn room(&self) -> Vec<f32> {
        vec![
            0.0;
            if self.reduction == Reduction::None {
                self.lines.len()
            } else {
                1
            }
        ]
    }

    fn weight(&self, class: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights.data[class])
    }

    /// `-sum_c w_c t_c y_c` of each row and what it weighs in the mean, reduced.
    fn textbook(&self, log_probabilities: &[f64]) -> Vec<f64> {
        let row = |(row, line): (usize, &Vec<usize>)| {
            if !self.has_labels() {
                let terms = line.iter().enumerate().map(|(class, &at)| {
                    -self.weight(class) * self.target.data[at] * log_probabilities[at]
                });
                return (terms.sum(), 1.0);
            }
            let label = self.target.data[row];
            if Some(label) == self.ignored {
                return (0.0, 0.0);
            }
            let weight = self.weight(label as usize);
            (-weight * log_probabilities[line[label as usize]], weight)
        };
        let (losses, weights): (Vec<f64>, Vec<f64>) =
            self.lines.iter().enumerate().map(row).unzip();
        let sum: f64 = losses.iter().sum();
        match self.reduction {
            Reduction::None => losses,
            Reduction::Sum => vec![sum],
            Reduction::Mean => vec![sum / weights.iter().sum::<f64>()],
        }
    }
}

fn answer<'a>(found: Vec<f32>, truth: Vec<f64>) -> Answer<'a> {
    Answer {
        found: found.into_iter().map(f64::from).collect(),
        truth: Box::new(move |index| truth[index]),
    }
}

/// The cross-entropy, and the logarithms of the probabilities if they are recorded as well.
pub(super) fn softmax_cross_entropy(case: &Case) -> Result<Vec<Answer<'_>>, LossError> {
    let rows = Rows::of(case);
    let weights = rows.weights.map(Tensor::singles);
    let loss = CrossEntropy {
        weights: weights.as_deref(),
        ignore_index: rows.ignored.map(Rows::index),
        reduction: rows.reduction,
        ..CrossEntropy::default()
    };
    let (labels, probabilities);
    let target = if rows.has_labels() {
        labels = rows.labels();
        Target::Classes(&labels)
    } else {
        probabilities = rows.gathered(rows.target);
        Target::Probabilities(&probabilities)
    };
    let mut found = rows.room();
    loss.loss(
        &rows.gathered(rows.scores),
        rows.classes,
        target,
        &mut found,
    )?;
    let logarithms = rows::each(&rows.scores.data, &rows.lines, rows::log_softmax);
    let mut answers = vec![answer(found, rows.textbook(&logarithms))];
    if case.outputs.len() == 2 {
        let found = rows::each(&rows.scores.singles(), &rows.lines, |row| {
            let mut y = vec![0.0; row.len()];
            knee::RowFunction::LogSoftmax.forward(row, row.len(), &mut y);
            y
        });
        answers.push(answer(found, logarithms));
    }
    Ok(answers)
}

/// The negative log-likelihood.
pub(super) fn negative_log_likelihood(case: &Case) -> Result<Answer<'_>, LossError> {
    let rows = Rows::of(case);
    let weights = rows.weights.map(Tensor::singles);
    let loss = Nll {
        weights: weights.as_deref(),
        ignore_index: rows.ignored.map(Rows::index),
        reduction: rows.reduction,
    };
    let mut found = rows.room();
    loss.loss(
        &rows.gathered(rows.scores),
        rows.classes,
        &rows.labels(),
        &mut found,
    )?;
    Ok(answer(found, rows.textbook(&rows.scores.data)))
}
