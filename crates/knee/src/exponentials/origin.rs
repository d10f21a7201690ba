//! From where exponents are counted.

use crate::element::Element;
use crate::elementary::{exp_between, exp_falling, exp_of_sum};
use crate::lane::{Exponential, LOG2_E, Lane};
use crate::simd::{Lanes, RowPort};

/// What the exponents of a row's elements are: `scale * x`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exponents {
    scale: f64,
    /// Whether the scale is not 1; known when a loop is compiled.
    scaled: bool,
}

impl Exponents {
    /// The elements themselves.
    pub(crate) const PLAIN: Self = Self {
        scale: 1.0,
        scaled: false,
    };

    #[inline(always)]
    pub(crate) fn scaled(scale: f64) -> Self {
        Self {
            scale,
            scaled: true,
        }
    }

    #[inline(always)]
    pub(crate) fn are_scaled(self) -> bool {
        self.scaled
    }

    /// The element whose exponential is 0.
    #[inline(always)]
    pub(crate) fn absent<T: Element>(self) -> T {
        T::from_f64(if self.scale < 0.0 {
            f64::INFINITY
        } else {
            f64::NEG_INFINITY
        })
    }

    /// The exponents, rounded to the lane.
    #[inline(always)]
    pub(crate) fn of<L: Lane>(self, x: L) -> L {
        if self.scaled {
            x * L::of(self.scale)
        } else {
            x
        }
    }

    /// What the lane has lost of them, where they are between -256 and 256.
    #[inline(always)]
    fn lost<L: Lane>(self, x: L, rounded: L) -> L {
        let head = f64::from(self.scale as f32);
        let error = x.mul_add(L::of(head), -rounded);
        x.mul_add(L::of(self.scale - head), error)
    }
}

/// The number from which the exponents of a chunk are counted, chosen so that no difference is rounded.
///
/// In 24 bits the difference of two elements is exact where the larger one is beyond 256 and the smaller near enough to matter; below
/// that exponents are counted from 0, and the power of two nearest to the largest exponential is taken out.
#[derive(Clone, Copy)]
pub(crate) struct Origin<L, N> {
    base: L,
    /// The largest exponent, seen from `base`.
    highest: L,
    /// An exponent that is not above it, seen from `base`, gives 0.
    least: L,
    exponent: L,
    base_number: N,
    exponent_number: N,
}

impl<L: Lane, N: Lane<Mask = bool>> Origin<L, N> {
    /// For exponents of which `top` is the largest.
    #[inline(always)]
    pub(crate) fn at<T: Lanes>(top: N) -> Self
    where
        L: RowPort<T, Number = N>,
    {
        let zero = N::of(0.0);
        // Without any element that has a share every origin is good.
        let base = N::select(top.le(N::of(f64::NEG_INFINITY)), zero, top);
        if L::DIGITS > 24 {
            return Self {
                base: L::all(base),
                highest: L::of(0.0),
                least: L::of(-L::REACH),
                exponent: L::of(0.0),
                base_number: base,
                exponent_number: zero,
            };
        }
        let near = base.abs().lt(N::of(256.0));
        let exponent = N::select(near, (base * N::of(LOG2_E)).round(), zero);
        let highest = N::select(near, base, zero);
        let base = N::select(near, zero, base);
        Self {
            base: L::all(base),
            highest: L::all(highest),
            least: L::all(highest - N::of(110.0)),
            exponent: L::all(exponent),
            base_number: base,
            exponent_number: exponent,
        }
    }

    /// `exp(z)` by that of the origin.
    #[inline(always)]
    pub(crate) fn exp(self, exponents: Exponents, x: L) -> L {
        let z = exponents.of(x);
        let distance = z - self.base;
        if L::DIGITS > 24 {
            return exp_falling(distance).value();
        }
        // What has no share is 0 from the start: a processor takes a hundred times as long to find that a number is too small for its
        // type.
        let far = distance.le(self.least);
        let bounded = L::select(far, self.highest, distance);
        let e = if exponents.scaled {
            let lost = exponents.lost(x, z);
            exp_of_sum(bounded, L::select(far, L::of(0.0), lost))
        } else {
            exp_between(bounded)
        };
        L::select(
            far,
            L::of(0.0),
            e.mantissa.scale(e.exponent - self.exponent),
        )
    }

    /// The same times a factor, scaled last.
    #[inline(always)]
    pub(crate) fn exp_times(self, exponents: Exponents, x: L, factor: L) -> L {
        exp_falling(exponents.of(x) - self.base).times(factor)
    }

    /// The exponential of the origin by that of `top`.
    #[inline(always)]
    pub(crate) fn weight(self, top: N) -> N {
        let distance = self.base_number - top;
        if L::DIGITS > 24 && distance.le(N::of(0.0)) && N::of(0.0).le(distance) {
            return N::of(1.0);
        }
        let e = distance.exp();
        Exponential {
            exponent: e.exponent + self.exponent_number,
            ..e
        }
        .value()
    }
}
