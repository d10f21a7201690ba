use super::LearnedActivation;
use crate::declare::declare;
use crate::elementary::{logistic, swish};
use crate::lane::Lane;

declare! {
    /// A sigmoid linear unit with a sine wave on top of the line.
    ///
    /// # Formula
    /// `(x + a * sin(b * x)) * sigmoid(x)`
    /// # Derivative
    /// `(1 + a * b * cos(b * x)) * s + (x + a * sin(b * x)) * s * (1 - s)` with `s = sigmoid(x)`. In `a`: `sin(b * x) * s`, in `b`:
    /// `a * x * cos(b * x) * s`.
    /// # Numerics
    /// The sigmoid is a factor of everything, scaled last, so the left tail keeps its digits. The derivative has roots whose places
    /// depend on the parameters, the value has some for a large `a`; beside them, closer than a share of `2^-40`, an `f64` has fewer
    /// digits. Towards `inf` the derivative and the gradients oscillate: NaN.
    /// # Origin
    /// Paul, Bandyopadhyay, Yoon, Geem and Sarkar 2022, "Sinu-Sigmoidal Linear Unit", Mathematics 10(3), 337
    pub struct Sinlu {
        /// The height of the wave.
        a: Finite = 1.0,
        /// Its frequency.
        b: Finite = 1.0,
    }
}

impl Sinlu {
    /// `x + a sin(b x)`; at an infinity, where the wave does not count, the infinity.
    #[inline(always)]
    fn line<L: Lane>(self, x: L) -> L {
        let wave = L::of(self.a) * x.sin_cos(self.b).0;
        L::select(L::of(f64::INFINITY).le(x.abs()), x, x + wave)
    }
}

impl LearnedActivation for Sinlu {
    const NAME: &'static str = "sinlu";
    const LATEX: &'static str = r"(x + a \sin(b x))\, \sigma(x)";

    #[inline(always)]
    fn value<L: Lane>(&self, x: L) -> L {
        swish(self.line(x), x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let product = self.a * self.b;
        let turn = if product == 0.0 {
            L::of(0.0)
        } else {
            L::of(self.a) * L::of(self.b) * x.sin_cos(self.b).1
        };
        // Beyond 1300, 1 - s is zero, also times an infinite line.
        let line = self.line(x).at_most(f64::MAX);
        swish(L::of(1.0) + turn + line * logistic(-x), x)
    }

    #[inline(always)]
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]) {
        let (sine, cosine) = x.sin_cos(self.b);
        gradient[0] = swish(sine, x);
        gradient[1] = if self.a == 0.0 {
            L::of(0.0)
        } else {
            swish(L::of(self.a) * x * cosine, x)
        };
    }
}
