//! The logarithm of softmax.

use super::RowActivation;
use crate::declare::declare;
use crate::element::Element;
use crate::elementary;
use crate::foreign::{Foreign, jax, keras, onnx, torch};
use crate::lane::Lane;
use crate::rowwise::{self, How, Work};
use crate::simd::{Input, Output};

declare! {
    /// The logarithm of softmax: log-probabilities from logits.
    ///
    /// # Formula
    /// `x_i - m - log(sum_j exp(x_j - m))`, `m` the largest element
    /// # Derivative
    /// `dy_i / dx_j = (i = j) - exp(y_j)`; backward is `dy_i - exp(y_i) sum_j dy_j`
    /// # Traps
    /// Before opset 13 ONNX flattens everything from axis 1 on into one row; from opset 13 on it works along one axis, the last unless
    /// told otherwise.
    /// # Numerics
    /// The sum is 1 for the largest element plus the rest, so its logarithm is `log1p` of the rest: a clear winner keeps its
    /// digits, where `log(1 + rest)` would be 0. In the gradient `1 - exp(y_i)` of a likely element is an `expm1`, for the same
    /// reason.
    /// # Origin
    /// Without origin.
    pub struct LogSoftmax {}
}

impl RowActivation for LogSoftmax {
    const NAME: &'static str = "log_softmax";
    const LATEX: &'static str = r"x_i - \log \sum_j e^{x_j}";
    const FOREIGN: &'static [Foreign] = &[
        onnx("LogSoftmax", &[]),
        torch("nn.LogSoftmax", &[]),
        jax("jax.nn.log_softmax", &[]),
        keras("log_softmax", &[]),
    ];

    fn forward<T: Element>(&self, how: How, length: usize, x: Input<'_, T>, y: Output<'_, T>) {
        rowwise::each(Work::LogShares, how, &[x], length, y);
    }

    fn backward_from_output<T: Element>(
        &self,
        how: How,
        length: usize,
        inputs: [Input<'_, T>; 2],
        dx: Output<'_, T>,
    ) {
        rowwise::each(Work::LogSoftmaxGradient, how, &inputs, length, dx);
    }

    fn equal_share<L: Lane>(elements: f64) -> L {
        if elements == 0.0 {
            L::of(f64::NEG_INFINITY)
        } else {
            -elementary::ln_1p(L::of(elements) - L::of(1.0))
        }
    }
}
