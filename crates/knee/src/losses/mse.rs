use super::reduction::{Blocks, ElementLoss, Elements, elementwise};
use super::{LossError, Reduction};
use crate::element::Element;
use crate::lane::Lane;
use crate::rowwise::Work;

/// The squared error `(x - y)^2`, for real numbers; its gradient is `2 (x - y)`. `torch.nn.MSELoss`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mse {
    /// What becomes of the elements' losses.
    pub reduction: Reduction,
}

impl Mse {
    /// The public name.
    pub const NAME: &'static str = "mse";

    elementwise!(T for any);

    fn evaluate<T: Element>(self, elements: Elements<'_, T>) -> Result<(), LossError> {
        elements.evaluate(Self::NAME, self.reduction, self)
    }
}

impl ElementLoss for Mse {
    fn work(blocks: Blocks<Self>) -> Work<'static> {
        Work::Mse(blocks)
    }

    #[inline(always)]
    fn at<L: Lane>(&self, x: L, y: L) -> (L, L) {
        let error = x - y;
        (error * error, L::of(2.0) * error)
    }
}
