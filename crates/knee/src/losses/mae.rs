use super::reduction::{Blocks, ElementLoss, Elements, elementwise};
use super::{LossError, Reduction};
use crate::element::Element;
use crate::lane::Lane;
use crate::rowwise::Work;

/// The absolute error `|x - y|`, for real numbers; its gradient is the sign of `x - y`, 0 where they are equal.
/// `torch.nn.L1Loss`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mae {
    /// What becomes of the elements' losses.
    pub reduction: Reduction,
}

impl Mae {
    /// The public name.
    pub const NAME: &'static str = "mae";

    elementwise!(T for any);

    fn evaluate<T: Element>(self, elements: Elements<'_, T>) -> Result<(), LossError> {
        elements.evaluate(Self::NAME, self.reduction, self)
    }
}

impl ElementLoss for Mae {
    fn work(blocks: Blocks<Self>) -> Work<'static> {
        Work::Mae(blocks)
    }

    #[inline(always)]
    fn at<L: Lane>(&self, x: L, y: L) -> (L, L) {
        let (error, zero) = (x - y, L::of(0.0));
        let sign = L::of(1.0).copysign(error);
        // Neither below nor above zero: zero itself, or NaN.
        let level = L::select(error.le(zero), zero, error);
        let either = L::select(zero.lt(error.abs()), sign, level);
        (error.abs(), either)
    }
}
