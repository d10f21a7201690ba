use super::LossError;
use super::entropy::Entropy;
use super::error::{BETWEEN_0_AND_1, length, probabilities, rows, weights};
use super::reduction::{Reducer, Reduction, Scale};
use crate::element::Element;
use crate::elementary::ln_1p;
use crate::exponentials::{Exponentials, first_largest};
use crate::lane::Lane;
use crate::rowwise::{How, Work};
use crate::simd::{Input, Output};

/// What the rows should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target<'a, T> {
    /// One class for each row.
    Classes(&'a [usize]),
    /// A probability for each class of each row. Their sum is not checked; a probability of 0 asks nothing of its logit, even if
    /// that is `-inf`.
    Probabilities(&'a [T]),
}

/// The cross-entropy of classes from logits: `sum_c t_c (log(sum_j exp(x_j)) - x_c)` with the target `t`; its gradient is
/// `p_c sum_j t_j - t_c` with `p = softmax(x)`: `p - y` for a label. `torch.nn.CrossEntropyLoss`.
///
/// With label smoothing `e`, class weights `w` and `C` classes, `t_c` is `w_y ((1 - e) [c = y]) + w_c e / C` for a label `y`, and
/// `w_c ((1 - e) y_c + e / C)` for probabilities. The mean divides by the sum of the labels' weights, for probabilities by the
/// number of rows. No term of the loss is negative, and the differences to the largest logit are exact in the wider type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrossEntropy<'a, T> {
    /// The weight of each class.
    pub weights: Option<&'a [T]>,
    /// The share of the target that is spread over all classes, between 0 and 1.
    pub label_smoothing: f64,
    /// The label of rows that do not count; only labels can have it.
    pub ignore_index: Option<usize>,
    /// What becomes of the rows' losses.
    pub reduction: Reduction,
}

impl<T> Default for CrossEntropy<'_, T> {
    fn default() -> Self {
        Self {
            weights: None,
            label_smoothing: 0.0,
            ignore_index: None,
            reduction: Reduction::default(),
        }
    }
}

impl<T> CrossEntropy<'_, T> {
    /// The public name.
    pub const NAME: &'static str = "cross_entropy";
}

impl<T: Element> CrossEntropy<'_, T> {
    /// Writes the loss: one element, or with [`Reduction::None`] one for each row of `classes` elements.
    pub fn loss(
        &self,
        logits: &[T],
        classes: usize,
        target: Target<'_, T>,
        loss: &mut [T],
    ) -> Result<(), LossError> {
        self.evaluate(logits, classes, target, loss, None)
    }

    /// Writes the loss and the gradient in the logits, which is that of the mean or of the sum; with [`Reduction::None`]
    /// each row's own. A row that is ignored has a gradient of 0.
    pub fn loss_and_gradient(
        &self,
        logits: &[T],
        classes: usize,
        target: Target<'_, T>,
        loss: &mut [T],
        gradient: &mut [T],
    ) -> Result<(), LossError> {
        self.evaluate(logits, classes, target, loss, Some(gradient))
    }

    fn evaluate(
        &self,
        logits: &[T],
        classes: usize,
        target: Target<'_, T>,
        loss: &mut [T],
        mut gradient: Option<&mut [T]>,
    ) -> Result<(), LossError> {
        let rows = self.check(logits, classes, target)?;
        if let Some(gradient) = &gradient {
            length(Self::NAME, "gradient", gradient.len(), logits.len())?;
        }
        let mut reducer = Reducer::new(
            Self::NAME,
            self.reduction,
            loss,
            rows,
            self.total(target, rows),
        )?;
        if let (Target::Classes(labels), None) = (target, self.weights) {
            let counted = labels
                .iter()
                .filter(|&&label| Some(label) != self.ignore_index);
            let entropy = Entropy {
                labels,
                ignored: self.ignore_index,
                smoothing: self.label_smoothing,
                scale: Scale::of(self.reduction, counted.count()),
            };
            let output = gradient.map_or(Output::new(&mut []), Output::new);
            let take = &mut |row, loss| reducer.take(row, loss);
            let (how, input) = (How::exact(), [Input::new(logits)]);
            T::rows(Work::Entropy(entropy), how, &input, classes, output, take);
            reducer.finish();
            return Ok(());
        }
        let scale = reducer.scale();
        for row in 0..rows {
            let at = row * classes..(row + 1) * classes;
            let own = gradient.as_mut().map(|gradient| &mut gradient[at.clone()]);
            let label = match target {
                Target::Classes(labels) => Some(labels[row]),
                Target::Probabilities(_) => None,
            };
            if label.is_some() && label == self.ignore_index {
                reducer.take(row, T::Wide::of(0.0));
                if let Some(own) = own {
                    own.fill(T::default());
                }
                continue;
            }
            let wanted = |class: usize| match target {
                Target::Classes(labels) => self.wanted_of_label(class, labels[row], classes),
                Target::Probabilities(y) => {
                    self.wanted_of_probability(class, y[at.start + class], classes)
                }
            };
            reducer.take(row, fused(&logits[at.clone()], wanted, scale, own));
        }
        reducer.finish();
        Ok(())
    }

    /// Checks the options and the slices; gives the number of rows.
    fn check(
        &self,
        logits: &[T],
        classes: usize,
        target: Target<'_, T>,
    ) -> Result<usize, LossError> {
        let rows = rows(Self::NAME, "logits", logits.len(), classes)?;
        if !(0.0..=1.0).contains(&self.label_smoothing) {
            return Err(LossError::OutOfDomain {
                loss: Self::NAME,
                parameter: "label_smoothing",
                position: None,
                found: self.label_smoothing,
                expected: BETWEEN_0_AND_1,
            });
        }
        if let Some(values) = self.weights {
            length(Self::NAME, "weights", values.len(), classes)?;
            weights(Self::NAME, "weights", values)?;
        }
        match target {
            Target::Classes(given) => {
                length(Self::NAME, "labels", given.len(), rows)?;
                labels(Self::NAME, given, classes, self.ignore_index)?;
            }
            Target::Probabilities(given) => {
                length(Self::NAME, "probabilities", given.len(), logits.len())?;
                probabilities(Self::NAME, "probabilities", given)?;
            }
        }
        Ok(rows)
    }

    /// What the mean divides by.
    fn total(&self, target: Target<'_, T>, rows: usize) -> T::Wide {
        match target {
            Target::Classes(labels) => labels
                .iter()
                .filter(|&&label| Some(label) != self.ignore_index)
                .fold(T::Wide::of(0.0), |sum, &label| sum + self.weight(label)),
            Target::Probabilities(_) => T::Wide::of(rows as f64),
        }
    }

    fn weight(&self, class: usize) -> T::Wide {
        match self.weights {
            Some(weights) => weights[class].widen(),
            None => T::Wide::of(1.0),
        }
    }

    /// `w_y (1 - e) [c = y] + w_c e / C`.
    fn wanted_of_label(&self, class: usize, label: usize, classes: usize) -> T::Wide {
        let hit = if class == label {
            T::Wide::of(1.0) - T::Wide::of(self.label_smoothing)
        } else {
            T::Wide::of(0.0)
        };
        self.weight(class) * (hit + self.spread(classes))
    }

    /// `w_c ((1 - e) y_c + e / C)`.
    fn wanted_of_probability(&self, class: usize, probability: T, classes: usize) -> T::Wide {
        let kept = T::Wide::of(1.0) - T::Wide::of(self.label_smoothing);
        self.weight(class) * (kept * probability.widen() + self.spread(classes))
    }

    /// `e / C`.
    fn spread(&self, classes: usize) -> T::Wide {
        T::Wide::of(self.label_smoothing) / T::Wide::of(classes as f64)
    }
}

/// An error at the first label that is neither a class nor ignored.
pub(super) fn labels(
    loss: &'static str,
    labels: &[usize],
    classes: usize,
    ignored: Option<usize>,
) -> Result<(), LossError> {
    let bad = labels
        .iter()
        .position(|&label| label >= classes && Some(label) != ignored);
    bad.map_or(Ok(()), |position| {
        Err(LossError::Label {
            loss,
            position,
            found: labels[position],
            classes,
        })
    })
}

/// The loss of one row, and its gradient times `scale`.
///
/// With the largest logit `m` and the sum `r` of the other exponentials, `log(sum_j exp(x_j)) - x_c` is
/// `log(1 + r) + (m - x_c)`, two terms that are not negative. The largest logit's own gradient `p t - t_m` with `p = 1 / (1 + r)` and the
/// sum `t` of the targets is `(t - t_m) - t r p`, which keeps its digits where `p` is nearly 1.
fn fused<T: Element>(
    x: &[T],
    wanted: impl Fn(usize) -> T::Wide,
    scale: T::Wide,
    gradient: Option<&mut [T]>,
) -> T::Wide {
    let (zero, one) = (T::Wide::of(0.0), T::Wide::of(1.0));
    let best = first_largest(x);
    let Exponentials { top, rest } = Exponentials::of::<T>(x.iter().map(|x| x.widen()));
    let logarithm = ln_1p(rest);
    let (mut loss, mut sum) = (zero, zero);
    for (class, value) in x.iter().enumerate() {
        let wanted = wanted(class);
        sum = sum + wanted;
        let term = wanted * (logarithm - (value.widen() - top));
        loss = loss + T::Wide::select(wanted.le(zero), zero, term);
    }
    if let Some(gradient) = gradient {
        let share = scale / (one + rest);
        for (class, (slot, value)) in gradient.iter_mut().zip(x).enumerate() {
            let wanted = wanted(class);
            let own = if class == best {
                scale * (sum - wanted) - share * (sum * rest)
            } else {
                (value.widen() - top).exp().times(share * sum) - scale * wanted
            };
            *slot = T::narrow(own);
        }
    }
    // NaN also where nothing is wanted of the row.
    T::Wide::select(rest.le(rest), loss, rest)
}
