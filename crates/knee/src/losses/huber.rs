use super::reduction::{Blocks, ElementLoss, Elements, elementwise};
use super::{LossError, Reduction};
use crate::element::Element;
use crate::lane::Lane;
use crate::rowwise::Work;

/// The Huber loss: with `e = x - y`, `e^2 / 2` where `|e| <= delta`, else `delta (|e| - delta / 2)`; its gradient is `e`, at
/// most `delta` in absolute value. `torch.nn.HuberLoss`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Huber {
    /// Where the square becomes a line; a finite number greater than 0.
    pub delta: f64,
    /// What becomes of the elements' losses.
    pub reduction: Reduction,
}

impl Default for Huber {
    fn default() -> Self {
        Self {
            delta: 1.0,
            reduction: Reduction::default(),
        }
    }
}

impl Huber {
    /// The public name.
    pub const NAME: &'static str = "huber";

    elementwise!(T for any);

    fn evaluate<T: Element>(self, elements: Elements<'_, T>) -> Result<(), LossError> {
        let bound = self.delta;
        if !(bound.is_finite() && bound > 0.0) {
            return Err(LossError::OutOfDomain {
                loss: Self::NAME,
                parameter: "delta",
                position: None,
                found: bound,
                expected: "a finite number greater than 0",
            });
        }
        elements.evaluate(Self::NAME, self.reduction, self)
    }
}

impl ElementLoss for Huber {
    fn work(blocks: Blocks<Self>) -> Work<'static> {
        Work::Huber(blocks)
    }

    #[inline(always)]
    fn at<L: Lane>(&self, x: L, y: L) -> (L, L) {
        let (error, delta, half) = (x - y, L::of(self.delta), L::of(0.5));
        let size = error.abs();
        let line = delta * (size - delta * half);
        let loss = L::select(delta.lt(size), line, error * error * half);
        (loss, error.at_least(-self.delta).at_most(self.delta))
    }
}
