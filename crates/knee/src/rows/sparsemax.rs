//! Sparsemax.

use super::RowActivation;
use crate::declare::declare;
use crate::element::Element;
use crate::rowwise::{self, How};
use crate::simd::{Input, Output};
use crate::foreign::{Foreign, keras};
use crate::lane::Lane;
use crate::pair::Pair;
use crate::simplex::Candidates;

declare! {
    /// Sparsemax: the nearest point of the probability simplex, where most shares are exactly 0.
    ///
    /// # Formula
    /// `max(x_i - t, 0)`, `t` such that the sum is 1
    /// # Derivative
    /// `dy_i / dx_j = (i = j) - 1/k` among the `k` elements with a share, else 0; backward is `dy_i` minus the mean of `dy` over
    /// the elements with a share
    /// # Numerics
    /// The elements are sorted; the `k` largest have a share for the largest `k` with `1 + k x_k > sum_(j <= k) x_j`, and an element that
    /// would have exactly 0 is not among them. With the sum `S` of the `k` a share is `(1 - S + k x_i) / k`: nothing is rounded
    /// before the division where the sums fit into 100 bits, so a small share keeps its digits.
    /// # Origin
    /// Martins and Astudillo 2016, <https://arxiv.org/abs/1602.02068>
    pub struct Sparsemax {}
}

impl RowActivation for Sparsemax {
    const NAME: &'static str = "sparsemax";
    const LATEX: &'static str = r"\operatorname{argmin}_{p \in \Delta} \lVert p - x \rVert^2";
    const FOREIGN: &'static [Foreign] = &[keras("sparsemax", &[])];

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
        let Some(candidates) = Candidates::of(x, 1.0) else {
            y.fill(T::from_f64(f64::NAN));
            return;
        };
        let (mut sum, mut shares) = (Pair::of(0.0), 0.0);
        for distance in candidates.sorted(x) {
            let next = Pair::of(shares + 1.0);
            if !(sum + distance).lt(Pair::of(1.0) + next * distance) {
                break;
            }
            (sum, shares) = (sum + distance, shares + 1.0);
        }
        let left = Pair::of(1.0) - sum;
        for (y, x) in y.iter_mut().zip(x) {
            let share = candidates.distance(*x).map_or(0.0, |distance| {
                ((left + Pair::of(shares) * distance) / Pair::of(shares)).head()
            });
            *y = T::from_f64(share.max(0.0));
        }
    }

/// The gradient of one row.
fn backward<T: Element>(y: &[T], dy: &[T], dx: &mut [T]) {
        let (mut sum, mut shares) = (T::Wide::of(0.0), 0.0);
        for (y, dy) in y.iter().zip(dy) {
            if y.to_f64() > 0.0 {
                (sum, shares) = (sum + dy.widen(), shares + 1.0);
            }
        }
        let mean = sum / T::Wide::of(shares);
        for ((dx, y), dy) in dx.iter_mut().zip(y).zip(dy) {
            // A share of 0, or NaN, is its own derivative.
            *dx = if y.to_f64() > 0.0 {
                T::narrow(dy.widen() - mean)
            } else {
                *y
            };
        }
    }
