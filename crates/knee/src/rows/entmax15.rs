//! Entmax with alpha 1.5.

use super::RowActivation;
use crate::declare::declare;
use crate::element::Element;
use crate::rowwise::{self, How};
use crate::simd::{Input, Output};
use crate::lane::Lane;
use crate::pair::Pair;
use crate::simplex::{Candidates, square_root};

declare! {
    /// Entmax with alpha 1.5: between softmax (alpha 1) and sparsemax (alpha 2), smooth, with shares that are exactly 0.
    ///
    /// # Formula
    /// `max(x_i / 2 - t, 0)^2`, `t` such that the sum is 1
    /// # Derivative
    /// `dy_i / dx_j = s_i ((i = j) - s_j / sum_l s_l)` with `s_i = sqrt(y_i)`; backward is `s_i (dy_i - sum_j s_j dy_j / sum_l s_l)`
    /// # Numerics
    /// The elements are sorted; mean and squared deviation of the `k` largest halves are updated in pairs (Welford), and
    /// `t = mean - sqrt((1 - deviation) / k)` for the largest `k` whose `k`-th half is above it. A share is a square, so its relative
    /// error is twice that of `x_i / 2 - t`, an absolute `2^-100`: every share of an `f32` is rounded once, and one of an
    /// `f64` above `1e-26`.
    /// # Origin
    /// Peters, Niculae and Martins 2019, <https://arxiv.org/abs/1905.05702>
    pub struct Entmax15 {}
}

impl RowActivation for Entmax15 {
    const NAME: &'static str = "entmax15";
    const ALIASES: &'static [&'static str] = &["alpha-entmax"];
    const LATEX: &'static str = r"\max\left(\frac{x_i}{2} - \tau, 0\right)^2";

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
        let Some(candidates) = Candidates::of(x, 0.5) else {
            y.fill(T::from_f64(f64::NAN));
            return;
        };
        let (one, zero) = (Pair::of(1.0), Pair::of(0.0));
        let (mut mean, mut deviation, mut shares) = (zero, zero, 0.0);
        let mut threshold = Pair::of(-1.0);
        for distance in candidates.sorted(x) {
            shares += 1.0;
            let from_mean = distance - mean;
            mean = mean + from_mean / Pair::of(shares);
            deviation = deviation + from_mean * (distance - mean);
            let next = mean - square_root((one - deviation) / Pair::of(shares));
            if one.lt(deviation) || !next.lt(distance) {
                break;
            }
            threshold = next;
        }
        for (y, x) in y.iter_mut().zip(x) {
            let root = candidates.distance(*x).map_or(zero, |d| d - threshold);
            let root = Pair::select(root.lt(zero), zero, root);
            *y = T::from_f64((root * root).head());
        }
    }

/// The gradient of one row.
fn backward<T: Element>(y: &[T], dy: &[T], dx: &mut [T]) {
        let root = |y: &T| square_root(Pair::of(y.to_f64()));
        let (mut sum, mut weighted) = (Pair::of(0.0), Pair::of(0.0));
        for (y, dy) in y.iter().zip(dy).filter(|(y, _)| y.to_f64() > 0.0) {
            sum = sum + root(y);
            weighted = weighted + root(y) * Pair::of(dy.to_f64());
        }
        let mean = weighted / sum;
        for ((dx, y), dy) in dx.iter_mut().zip(y).zip(dy) {
            // A share of 0, or NaN, is its own derivative.
            *dx = if y.to_f64() > 0.0 {
                T::from_f64((root(y) * (Pair::of(dy.to_f64()) - mean)).head())
            } else {
                *y
            };
        }
    }
