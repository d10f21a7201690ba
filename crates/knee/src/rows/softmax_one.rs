//! Softmax with something added to the denominator.

use super::RowActivation;
use crate::declare::declare;
use crate::element::Element;
use crate::exponentials::{Shares, SharesGradient};
use crate::rowwise::{self, How, Work};
use crate::simd::{Input, Output};

declare! {
    /// Softmax with 1 more in the denominator: a row may have little to say, and then its shares are all small.
    ///
    /// # Formula
    /// `exp(x_i) / (denominator_bias + sum_j exp(x_j))`
    /// # Derivative
    /// `dy_i / dx_j = y_i ((i = j) - y_j)`; backward is `y_i (dy_i - sum_j y_j dy_j)`
    /// # Numerics
    /// Numerator and denominator are multiplied by `exp(-m)`, `m` the largest of 0 and the elements: with the largest element alone
    /// the bias would overflow where all are far below 0. A row of `-inf` only gives 0; a row with `inf` or NaN in it gives NaN.
    /// # Origin
    /// Miller 2023, "Attention is off by one". With a learned bias for each head it is an attention sink.
    pub struct SoftmaxOne {
        /// What is added to the denominator: the exponential of one more element that is left out of the result. 0 gives softmax.
        denominator_bias: NonNegative = 1.0,
    }
}

impl RowActivation for SoftmaxOne {
    const NAME: &'static str = "softmax_one";
    const ALIASES: &'static [&'static str] = &["quiet_softmax", "softmax_off_by_one", "softmax1"];
    const LATEX: &'static str = r"\frac{e^{x_i}}{b + \sum_j e^{x_j}}";

    fn forward<T: Element>(&self, how: How, length: usize, x: Input<'_, T>, y: Output<'_, T>) {
        let bias = self.denominator_bias;
        rowwise::each(Work::Shares(Shares { bias }), how, &[x], length, y);
    }

    fn backward_from_output<T: Element>(
        &self,
        how: How,
        length: usize,
        inputs: [Input<'_, T>; 2],
        dx: Output<'_, T>,
    ) {
        rowwise::each(Work::SharesGradient(SharesGradient { whole: false }), how, &inputs, length, dx);
    }
}
