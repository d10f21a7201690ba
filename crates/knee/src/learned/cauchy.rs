use super::LearnedActivation;
use crate::declare::declare;
use crate::lane::Lane;

declare! {
    /// The activation of Cauchy's integral formula: a bump and an odd wave, both of a learned height and one learned width.
    ///
    /// # Formula
    /// `l1 * x / (x^2 + d^2) + l2 / (x^2 + d^2)`
    /// # Derivative
    /// `(l1 * (d^2 - x^2) - 2 * l2 * x) / (x^2 + d^2)^2`. In `l1`: `x / (x^2 + d^2)`, in `l2`: `1 / (x^2 + d^2)`, in `d`:
    /// `-2 * d * (l1 * x + l2) / (x^2 + d^2)^2`.
    /// # Numerics
    /// Beyond 1e75 everything is divided by powers of `x`, so that the square does not overflow. The value has a root at `-l2 / l1`,
    /// the derivative has two; beside them, closer than a share of `2^-40`, an `f64` has fewer digits. For `d = 0` it has a pole at 0, where it is
    /// what the formula gives in IEEE arithmetic.
    /// # Origin
    /// Li, Zhang and Chen 2024, <https://arxiv.org/abs/2409.19221>
    pub struct Cauchy {
        /// The height of the odd wave.
        l1: Finite = 1.0,
        /// The height of the bump.
        l2: Finite = 1.0,
        /// The width.
        d: Finite = 1.0,
    }
}

/// Beyond it everything is a series in `1/x`.
const FAR: f64 = 1e75;

/// At one point, with `t = 1/x` far out and 1 elsewhere, and `z = t x`, which is then 1: `l1 x + l2` times `t`,
/// `1 / (x^2 + d^2)` without a factor `t^2`, and `t`.
struct Parts<L> {
    t: L,
    z: L,
    line: L,
    inverse: L,
    /// `d` times `t`.
    width: L,
}

impl Cauchy {
    #[inline(always)]
    fn parts<L: Lane>(self, x: L) -> Parts<L> {
        let one = L::of(1.0);
        let far = L::of(FAR).lt(x.abs());
        let t = one / L::select(far, x, one);
        let z = L::select(far, one, x);
        let width = L::of(self.d) * t;
        Parts {
            t,
            z,
            line: L::of(self.l1) * z + L::of(self.l2) * t,
            inverse: one / (z * z + width * width),
            width,
        }
    }
}

impl LearnedActivation for Cauchy {
    const NAME: &'static str = "cauchy";
    const LATEX: &'static str = r"\frac{\lambda_1 x + \lambda_2}{x^2 + d^2}";

    #[inline(always)]
    fn value<L: Lane>(&self, x: L) -> L {
        let Parts {
            t, line, inverse, ..
        } = self.parts(x);
        line * inverse * t
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let Parts {
            t,
            z,
            inverse,
            width,
            ..
        } = self.parts(x);
        let odd = L::of(self.l1) * (width - z) * (width + z);
        let even = L::of(2.0) * L::of(self.l2) * z * t;
        (odd - even) * inverse * inverse * t * t
    }

    #[inline(always)]
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]) {
        let Parts {
            t,
            z,
            line,
            inverse,
            width,
        } = self.parts(x);
        gradient[0] = z * inverse * t;
        gradient[1] = inverse * t * t;
        gradient[2] = L::of(-2.0) * width * line * inverse * inverse * t * t;
    }
}
