use super::reduction::{Elements, elementwise};
use super::{LossError, Reduction};
use crate::element::Element;
use crate::lane::Lane;

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
        elements.reduce(Self::NAME, self.reduction, |_, x, y| {
            let error = x - y;
            (error * error, T::Wide::of(2.0) * error)
        })
    }
}
