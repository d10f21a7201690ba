//! Softmin.

use super::RowActivation;
use crate::declare::declare;
use crate::element::Element;
use crate::exponentials::{Shares, SharesGradient};
use crate::foreign::{Foreign, torch};
use crate::rowwise::{self, How, Work};
use crate::simd::{Input, Output};

declare! {
    /// Softmin: the softmax of the negated elements, the smallest has the largest share.
    ///
    /// # Formula
    /// `exp(-x_i) / sum_j exp(-x_j)`
    /// # Derivative
    /// `dy_i / dx_j = -y_i ((i = j) - y_j)`; backward is `-y_i (dy_i - sum_j y_j dy_j)`
    /// # Numerics
    /// As softmax, whose bits it has. An element that is `inf` takes no share; a row with `-inf` or NaN in it, and one of `inf` only,
    /// gives NaN.
    /// # Origin
    /// Without origin.
    pub struct Softmin {}
}

impl RowActivation for Softmin {
    const NAME: &'static str = "softmin";
    const LATEX: &'static str = r"\frac{e^{-x_i}}{\sum_j e^{-x_j}}";
    const FOREIGN: &'static [Foreign] = &[torch("nn.Softmin", &[])];
    const ABSENT: f64 = f64::INFINITY;

    fn forward<T: Element>(&self, how: How, length: usize, x: Input<'_, T>, y: Output<'_, T>) {
        rowwise::each(Work::Shares(Shares { bias: 0.0 }), how.negated(), &[x], length, y);
    }

    fn backward_from_output<T: Element>(
        &self,
        how: How,
        length: usize,
        inputs: [Input<'_, T>; 2],
        dx: Output<'_, T>,
    ) {
        let how = how.negated();
        rowwise::each(Work::SharesGradient(SharesGradient { whole: true }), how, &inputs, length, dx);
    }
}
