//! A slope beside one of its roots.
//!
//! There the terms of a formula cancel, and the sum keeps only their errors. So the distance `d` from the root is formed first,
//! from a root in three parts, and the slope is `d` times a polynomial: as many digits as anywhere else.

use crate::lane::{Lane, Polynomial};

/// A root of a slope, and the slope divided by the distance from it.
pub(crate) struct Root<const SINGLE: usize, const HEAD: usize, const TAIL: usize> {
    /// Where it is: found with 400 bits.
    pub(crate) at: [f64; 3],
    /// How far the polynomial reaches to both sides.
    pub(crate) radius: f64,
    /// The slope divided by the distance, as a polynomial in the distance: interpolation at the Chebyshev points with 400 bits.
    pub(crate) quotient: Polynomial<SINGLE, HEAD, TAIL>,
}

impl<const SINGLE: usize, const HEAD: usize, const TAIL: usize> Root<SINGLE, HEAD, TAIL> {
    /// The slope at `x`, for which `elsewhere` is right beyond the radius.
    #[inline(always)]
    pub(crate) fn slope<L: Lane>(&self, x: L, elsewhere: L) -> L {
        self.join(-x.subtracted_from(self.at), L::of(1.0), elsewhere)
    }

    /// `scale` times the slope at `factor * x`, the product not rounded before the root is subtracted; `elsewhere` has the scale
    /// already.
    #[inline(always)]
    pub(crate) fn scaled_slope<L: Lane>(&self, [scale, factor]: [f64; 2], x: L, elsewhere: L) -> L {
        let [first, second, third] = self.at;
        let d = L::of(factor).mul_add(x, L::of(-first)) - L::of_pair(second, third);
        self.join(d, L::of(scale), elsewhere)
    }

    #[inline(always)]
    fn join<L: Lane>(&self, d: L, scale: L, elsewhere: L) -> L {
        let beside = scale * d * d.polynomial(&self.quotient);
        L::select(d.abs().lt(L::of(self.radius)), beside, elsewhere)
    }
}
