//! The logarithm of softmax.

use super::{RowActivation, rest, winner};
use crate::declare::declare;
use crate::element::Element;
use crate::elementary;
use crate::foreign::{Foreign, onnx, torch};
use crate::lane::Lane;

declare! {
    /// The logarithm of softmax: log-probabilities from logits.
    ///
    /// # Formula
    /// `x_i - m - log(sum_j exp(x_j - m))`, `m` the largest element
    /// # Derivative
    /// `dy_i / dx_j = (i = j) - exp(y_j)`; backward is `dy_i - exp(y_i) sum_j dy_j`
    /// # Numerics
    /// The sum is 1 for the largest element plus the rest, so its logarithm is `log1p` of the rest: a clear winner keeps its
    /// digits, where `log(1 + rest)` would be 0.
    /// # Origin
    /// Without origin.
    pub struct LogSoftmax {}
}

impl RowActivation for LogSoftmax {
    const NAME: &'static str = "log_softmax";
    const LATEX: &'static str = r"x_i - \log \sum_j e^{x_j}";
    const FOREIGN: &'static [Foreign] = &[onnx("LogSoftmax", &[]), torch("nn.LogSoftmax", &[])];

    fn forward<T: Element>(x: &[T], y: &mut [T]) {
        let best = winner(x);
        let top = x[best].widen();
        let logarithm = elementary::ln_1p(rest(x, best));
        for (y, x) in y.iter_mut().zip(x) {
            *y = T::narrow((x.widen() - top) - logarithm);
        }
    }

    fn backward_from_output<T: Element>(y: &[T], dy: &[T], dx: &mut [T]) {
        let mut sum = T::Wide::of(0.0);
        for dy in dy {
            sum = sum + dy.widen();
        }
        for ((dx, y), dy) in dx.iter_mut().zip(y).zip(dy) {
            *dx = T::narrow(dy.widen() - y.widen().exp().times(sum));
        }
    }
}
