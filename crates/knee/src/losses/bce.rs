use super::error::{length, probabilities};
use super::reduction::{Blocks, ElementLoss, Elements, elementwise};
use super::{LossError, Reduction};
use crate::element::Element;
use crate::elementary::ln_1p;
use crate::lane::Lane;
use crate::rowwise::Work;

/// The binary cross-entropy of probabilities: `-(y log(p) + (1 - y) log(1 - p))`, each logarithm at least -100; its gradient
/// is `(p - y) / max(p (1 - p), 1e-12)`. Both limits are those of `torch.nn.BCELoss`.
///
/// A probability that a sigmoid has rounded to 0 or 1 is lost: from logits, use [`BceWithLogits`](super::BceWithLogits).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bce {
    /// What becomes of the elements' losses.
    pub reduction: Reduction,
}

impl Bce {
    /// The public name.
    pub const NAME: &'static str = "bce";

    elementwise!(T for any);

    fn evaluate<T: Element>(self, elements: Elements<'_, T>) -> Result<(), LossError> {
        length(
            Self::NAME,
            "target",
            elements.target.len(),
            elements.input.len(),
        )?;
        probabilities(Self::NAME, "input", elements.input)?;
        probabilities(Self::NAME, "target", elements.target)?;
        elements.evaluate(Self::NAME, self.reduction, self)
    }
}

/// `-log(p)` as `log(1 + q/p)` for `q = 1 - p`, at most 100.
#[inline(always)]
fn surprise<L: Lane>(p: L, q: L) -> L {
    // exp(-100) is 3.7e-44.
    ln_1p(q / p.at_least(1e-50)).at_most(100.0)
}

impl ElementLoss for Bce {
    fn work(blocks: Blocks<Self>) -> Work<'static> {
        Work::Bce(blocks)
    }

    #[inline(always)]
    fn at<L: Lane>(&self, p: L, y: L) -> (L, L) {
        let one = L::of(1.0);
        let (other, weight) = (one - p, one - y);
        let loss = y * surprise(p, other) + weight * surprise(other, p);
        (loss, (p - y) / (p * other).at_least(1e-12))
    }
}
