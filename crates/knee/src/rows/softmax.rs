//! Softmax.

use super::RowActivation;
use crate::declare::declare;
use crate::element::Element;
use crate::exponentials::{Shares, SharesGradient};
use crate::foreign::{Foreign, jax, keras, onnx, torch};
use crate::rowwise::{self, How, Work};
use crate::simd::{Input, Output};

declare! {
    /// Softmax: positive numbers with sum 1, in the proportion of the exponentials.
    ///
    /// # Formula
    /// `exp(x_i - m) / sum_j exp(x_j - m)`, `m` the largest element
    /// # Derivative
    /// `dy_i / dx_j = y_i ((i = j) - y_j)`; backward is `y_i (dy_i - sum_j y_j dy_j)`
    /// # Traps
    /// Before opset 13 ONNX flattens everything from axis 1 on into one row; from opset 13 on it works along one axis, the last unless
    /// told otherwise.
    /// # Numerics
    /// The difference to the largest element is exact in the wider lane, where the sum is formed as well; a small result is scaled
    /// last, so it keeps its digits down to the subnormal numbers. The gradient is formed as
    /// `y_i ((dy_i - dy_w) + sum_j y_j (dy_w - dy_j))` with `w` the winner: `1 - y_w` of a clear winner would have lost its digits.
    /// # Origin
    /// Boltzmann 1868; Bridle 1990. The rounding errors: Blanchard, Higham and Higham 2021, IMA J. Numer. Anal. 41.
    pub struct Softmax {}
}

impl RowActivation for Softmax {
    const NAME: &'static str = "softmax";
    const ALIASES: &'static [&'static str] = &["softmax2d"];
    const LATEX: &'static str = r"\frac{e^{x_i}}{\sum_j e^{x_j}}";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Softmax", &[]),
        torch("nn.Softmax", &[]),
        torch("nn.Softmax2d", &[]),
        jax("jax.nn.softmax", &[]),
        keras("softmax", &[]),
    ];

    fn forward<T: Element>(&self, how: How, length: usize, x: Input<'_, T>, y: Output<'_, T>) {
        rowwise::each(Work::Shares(Shares { bias: 0.0 }), how, &[x], length, y);
    }

    fn backward_from_output<T: Element>(
        &self,
        how: How,
        length: usize,
        inputs: [Input<'_, T>; 2],
        dx: Output<'_, T>,
    ) {
        rowwise::each(Work::SharesGradient(SharesGradient { whole: true }), how, &inputs, length, dx);
    }
}
