use super::reduction::{Elements, elementwise};
use super::{LossError, Reduction};
use crate::element::Element;
use crate::lane::Lane;

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
        elements.reduce(Self::NAME, self.reduction, |_, x, y| {
            let (error, zero) = (x - y, T::Wide::of(0.0));
            let sign = T::Wide::of(1.0).copysign(error);
            // Neither below nor above zero: zero itself, or NaN.
            let level = T::Wide::select(error.le(zero), zero, error);
            let either = T::Wide::select(zero.lt(error.abs()), sign, level);
            (error.abs(), either)
        })
    }
}
