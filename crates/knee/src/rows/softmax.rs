//! Softmax.

use super::{RowActivation, rest, winner};
use crate::declare::declare;
use crate::element::Element;
use crate::foreign::{Foreign, onnx, torch};
use crate::lane::Lane;

declare! {
    /// Softmax: positive numbers with sum 1, in the proportion of the exponentials.
    ///
    /// # Formula
    /// `exp(x_i - m) / sum_j exp(x_j - m)`, `m` the largest element
    /// # Derivative
    /// `dy_i / dx_j = y_i ((i = j) - y_j)`; backward is `y_i (dy_i - sum_j y_j dy_j)`
    /// # Numerics
    /// The difference to the largest element is exact in the wider lane, where the sum is formed as well; a small result is scaled
    /// last, so it keeps its digits down to the subnormal numbers.
    /// # Origin
    /// Boltzmann 1868; Bridle 1990.
    pub struct Softmax {}
}

impl RowActivation for Softmax {
    const NAME: &'static str = "softmax";
    const LATEX: &'static str = r"\frac{e^{x_i}}{\sum_j e^{x_j}}";
    const FOREIGN: &'static [Foreign] = &[onnx("Softmax", &[]), torch("nn.Softmax", &[])];

    fn forward<T: Element>(x: &[T], y: &mut [T]) {
        let best = winner(x);
        let top = x[best].widen();
        let inverse = T::Wide::of(1.0) / (T::Wide::of(1.0) + rest(x, best));
        for (y, x) in y.iter_mut().zip(x) {
            *y = T::narrow((x.widen() - top).exp().times(inverse));
        }
    }

    fn backward_from_output<T: Element>(y: &[T], dy: &[T], dx: &mut [T]) {
        let mut sum = T::Wide::of(0.0);
        for (y, dy) in y.iter().zip(dy) {
            sum = sum + y.widen() * dy.widen();
        }
        for ((dx, y), dy) in dx.iter_mut().zip(y).zip(dy) {
            *dx = T::narrow(y.widen() * (dy.widen() - sum));
        }
    }
}
