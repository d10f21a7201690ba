use super::error::{length, rows, weights};
use super::reduction::{Reducer, Reduction};
use super::{LossError, cross_entropy};
use crate::element::Element;
use crate::lane::Lane;

/// The negative log-likelihood of classes, from log-probabilities: `-w[y] x[y]`; its gradient is `-w[y]` at the label, else 0.
/// `torch.nn.NLLLoss`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nll<'a, T> {
    /// The weight of each class; the mean divides by the sum of the weights of the labels.
    pub weights: Option<&'a [T]>,
    /// The label of rows that do not count.
    pub ignore_index: Option<usize>,
    /// What becomes of the rows' losses.
    pub reduction: Reduction,
}

impl<T> Default for Nll<'_, T> {
    fn default() -> Self {
        Self {
            weights: None,
            ignore_index: None,
            reduction: Reduction::default(),
        }
    }
}

impl<T> Nll<'_, T> {
    /// The public name.
    pub const NAME: &'static str = "nll";
}

impl<T: Element> Nll<'_, T> {
    /// Writes the loss: one element, or with [`Reduction::None`] one for each row of `classes` elements.
    pub fn loss(
        &self,
        input: &[T],
        classes: usize,
        labels: &[usize],
        loss: &mut [T],
    ) -> Result<(), LossError> {
        self.evaluate(input, classes, labels, loss, None)
    }

    /// Writes the loss and the gradient in `input`, which is that of the mean or of the sum; with [`Reduction::None`] each
    /// row's own.
    pub fn loss_and_gradient(
        &self,
        input: &[T],
        classes: usize,
        labels: &[usize],
        loss: &mut [T],
        gradient: &mut [T],
    ) -> Result<(), LossError> {
        self.evaluate(input, classes, labels, loss, Some(gradient))
    }

    fn evaluate(
        &self,
        input: &[T],
        classes: usize,
        labels: &[usize],
        loss: &mut [T],
        mut gradient: Option<&mut [T]>,
    ) -> Result<(), LossError> {
        let rows = rows(Self::NAME, "input", input.len(), classes)?;
        length(Self::NAME, "labels", labels.len(), rows)?;
        if let Some(values) = self.weights {
            length(Self::NAME, "weights", values.len(), classes)?;
            weights(Self::NAME, "weights", values)?;
        }
        cross_entropy::labels(Self::NAME, labels, classes, self.ignore_index)?;
        let weight = |label: usize| match self.weights {
            Some(weights) => weights[label].widen(),
            None => T::Wide::of(1.0),
        };
        let counted = |label: &&usize| Some(**label) != self.ignore_index;
        let total = labels
            .iter()
            .filter(counted)
            .fold(T::Wide::of(0.0), |sum, &label| sum + weight(label));
        let mut reducer = Reducer::new(Self::NAME, self.reduction, loss, rows, total)?;
        let scale = reducer.scale();
        if let Some(gradient) = &mut gradient {
            length(Self::NAME, "gradient", gradient.len(), input.len())?;
            gradient.fill(T::default());
        }
        for (row, label) in labels.iter().enumerate() {
            let counts = counted(&label);
            if !counts {
                reducer.take(row, T::Wide::of(0.0));
                continue;
            }
            let at = row * classes + label;
            reducer.take(row, -(weight(*label) * input[at].widen()));
            if let Some(gradient) = &mut gradient {
                gradient[at] = T::narrow(-(weight(*label) * scale));
            }
        }
        reducer.finish();
        Ok(())
    }
}
