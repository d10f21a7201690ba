use super::LearnedActivation;
use crate::activation::Activation;
use crate::elementary::logistic_slope_times;
use crate::foreign::Foreign;
pub use crate::functions::SwishBeta;
use crate::lane::Lane;

/// The function of the element-wise list, with the gradient of `beta`: `x^2 s (1 - s)` with `s = sigmoid(beta * x)`, never
/// negative. Far out it is zero, as the limit is; for `beta = 0` it is `x^2 / 4`.
impl LearnedActivation for SwishBeta {
    const NAME: &'static str = <Self as Activation>::NAME;
    const LATEX: &'static str = <Self as Activation>::LATEX;
    const FOREIGN: &'static [Foreign] = <Self as Activation>::FOREIGN;

    #[inline(always)]
    fn value<L: Lane>(&self, x: L) -> L {
        Activation::forward(self, x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        Activation::derivative(self, x)
    }

    #[inline(always)]
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]) {
        gradient[0] = logistic_slope_times(x * x, self.product(x));
    }
}
