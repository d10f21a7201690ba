//! Softmax with something added to the denominator.

use super::RowActivation;
use crate::declare::declare;
use crate::element::Element;
use crate::exponentials::{first_largest, less};
use crate::lane::Lane;

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

    fn forward<T: Element>(&self, x: &[T], y: &mut [T]) {
        let mut top = x[first_largest(x)].widen();
        if self.denominator_bias > 0.0 && less::<T>(top, T::Wide::of(0.0)) {
            top = T::Wide::of(0.0);
        }
        let mut sum = (-top).exp().times(T::Wide::of(self.denominator_bias));
        for x in x {
            sum = sum + (x.widen() - top).exp().value();
        }
        // An infinite element makes the sum NaN here, because `exp` takes it for a number that is only very large.
        let inverse = T::Wide::of(1.0) / (sum + top * T::Wide::of(0.0));
        for (y, x) in y.iter_mut().zip(x) {
            *y = T::narrow((x.widen() - top).exp().times(inverse));
        }
    }

    fn backward_from_output<T: Element>(&self, y: &[T], dy: &[T], dx: &mut [T]) {
        let mut sum = T::Wide::of(0.0);
        for (y, dy) in y.iter().zip(dy) {
            sum = sum + y.widen() * dy.widen();
        }
        for ((dx, y), dy) in dx.iter_mut().zip(y).zip(dy) {
            *dx = T::narrow(y.widen() * (dy.widen() - sum));
        }
    }
}
