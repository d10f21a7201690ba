//! Softmin.

use super::RowActivation;
use crate::declare::declare;
use crate::element::Element;
use crate::exponentials::{Exponentials, softmax_gradient};
use crate::foreign::{Foreign, torch};

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

    fn forward<T: Element>(&self, x: &[T], y: &mut [T]) {
        let negated = || x.iter().map(|x| -x.widen());
        Exponentials::of::<T>(negated()).write_shares(negated(), y);
    }

    fn backward_from_output<T: Element>(&self, y: &[T], dy: &[T], dx: &mut [T]) {
        softmax_gradient(y, dy, |wide| -wide, dx);
    }
}
