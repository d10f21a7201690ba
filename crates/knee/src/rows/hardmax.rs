//! Hardmax.

use super::RowActivation;
use crate::declare::declare;
use crate::element::Element;
use crate::rowwise::{self, How};
use crate::simd::{Input, Output};
use crate::exponentials::first_largest;
use crate::foreign::{Foreign, onnx};
use crate::lane::Lane;

declare! {
    /// Hardmax: 1 for the first largest element, 0 for all others.
    ///
    /// # Formula
    /// `y_i = (i = w)`, `w` the index of the first largest element
    /// # Derivative
    /// `0`, at a tie as well
    /// # Numerics
    /// Exact. A row with NaN in it gives NaN; infinities are numbers like any other. An upstream gradient that is infinite or NaN
    /// gives NaN, because it is multiplied by 0.
    /// # Origin
    /// ONNX.
    pub struct Hardmax {}
}

impl RowActivation for Hardmax {
    const NAME: &'static str = "hardmax";
    const LATEX: &'static str = r"[\,i = \min \operatorname{argmax}_j x_j\,]";
    const FOREIGN: &'static [Foreign] = &[onnx("Hardmax", &[])];

    fn forward<T: Element>(&self, how: How, length: usize, x: Input<'_, T>, y: Output<'_, T>) {
        rowwise::by_slices(how, length, [x], y, |[x], y| forward(x, y));
    }

    fn backward_from_output<T: Element>(
        &self,
        how: How,
        length: usize,
        inputs: [Input<'_, T>; 2],
        dx: Output<'_, T>,
    ) {
        rowwise::gradients_by_slices(how, length, inputs, dx, backward);
    }
}

/// The function of one row.
fn forward<T: Element>(x: &[T], y: &mut [T]) {
        if let Some(nan) = x.iter().find(|x| x.to_f64().is_nan()) {
            y.fill(*nan);
            return;
        }
        y.fill(T::from_f64(0.0));
        y[first_largest(x)] = T::from_f64(1.0);
    }

/// The gradient of one row.
fn backward<T: Element>(y: &[T], dy: &[T], dx: &mut [T]) {
        let mut sum = T::Wide::of(0.0);
        for (y, dy) in y.iter().zip(dy) {
            sum = sum + (y.widen() * dy.widen()) * T::Wide::of(0.0);
        }
        dx.fill(T::narrow(sum.abs()));
    }
