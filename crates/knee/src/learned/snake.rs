use super::LearnedActivation;
use crate::declare::declare;
use crate::lane::Lane;

declare! {
    /// The identity with a ripple whose frequency is learned, for periodic signals.
    ///
    /// # Formula
    /// `x + sin(a * x)^2 / a if a > 0 else x + sin(a * x)^2 / a if a < 0 else x`
    /// # Derivative
    /// `1 + sin(2 * a * x)`: never negative, it touches 0 where `2 a x = -pi / 2`, and again after every whole turn. In `a`:
    /// `x * sin(2 * a * x) / a - sin(a * x)^2 / a^2`, for `a = 0` the limit `x^2`.
    /// # Numerics
    /// `a * x` is reduced as an exact product. Where the sine is negative, the derivative is `cos^2 / (1 - sin)`, which has its
    /// double zeros as factors. The gradient of `a` is `s / a * (2 x c - s / a)`; it has a root where `tan(a x) = 2 a x`, infinitely
    /// often, and beside one, closer than a share of `2^-40`, an `f64` has fewer digits. At an infinity the value is
    /// that infinity, the derivative and the gradient are NaN: they have no limit. For `a = 0` it is the identity.
    /// # Origin
    /// Ziyin, Hartwig and Ueda 2020, <https://arxiv.org/abs/2006.08195>
    pub struct Snake {
        /// The frequency of the ripple.
        a: Finite = 1.0,
    }
}

impl LearnedActivation for Snake {
    const NAME: &'static str = "snake";
    const LATEX: &'static str = r"x + \frac{\sin^2(a x)}{a}";

    #[inline(always)]
    fn value<L: Lane>(&self, x: L) -> L {
        if self.a == 0.0 {
            return x;
        }
        let sine = x.sin_cos(self.a).0;
        let infinite = L::of(f64::INFINITY).le(x.abs());
        L::select(infinite, x, x + sine / L::of(self.a) * sine)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        if self.a == 0.0 {
            return L::of(1.0);
        }
        let (sine, cosine) = x.sin_cos(2.0 * self.a);
        let one = L::of(1.0);
        L::select(
            sine.lt(L::of(0.0)),
            cosine * cosine / (one - sine),
            one + sine,
        )
    }

    #[inline(always)]
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]) {
        if self.a == 0.0 {
            gradient[0] = x * x;
            return;
        }
        let (sine, cosine) = x.sin_cos(self.a);
        let part = sine / L::of(self.a);
        gradient[0] = part * (L::of(2.0) * x * cosine - part);
    }
}
