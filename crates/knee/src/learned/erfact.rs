use super::LearnedActivation;
use crate::declare::declare;
use crate::elementary::erf;
use crate::lane::{Exponential, Lane};

declare! {
    /// `x` times the error function of a learned exponential.
    ///
    /// # Formula
    /// `x * erf(a * exp(b * x))`
    /// # Derivative
    /// `erf(u) + 2 / sqrt(pi) * exp(-u^2) * b * x * u` with `u = a * exp(b * x)`. In `a`: `2 / sqrt(pi) * x * exp(b x - u^2)`, in `b`:
    /// `2 / sqrt(pi) * a * x^2 * exp(b x - u^2)`.
    /// # Numerics
    /// For a small `u` the error function is `2 u / sqrt(pi)`, scaled last, so that the left tail keeps its digits. The derivative has
    /// a root whose place depends on the parameters; beside it, closer than a share of `2^-40`, an `f64` has fewer digits.
    /// # Origin
    /// Biswas, Kumar, Banerjee and Pandey 2021, <https://arxiv.org/abs/2109.04386>
    pub struct Erfact {
        /// The factor of the exponential.
        a: Finite = 0.75,
        /// The rate of the exponential.
        b: Finite = 0.75,
    }
}

/// `2 / sqrt(pi)`.
const SLOPE: (f64, f64) = (1.1283791670955126, 1.533545961316588e-17);
/// Below it `erf(u)` is `2 u / sqrt(pi)` to 65 bits.
const SMALL: f64 = 1.5e-10;
/// Beyond it `exp(-u^2)` is zero in every type.
const LARGE: f64 = 40.0;

/// What all results are made of, at one point.
struct Parts<L> {
    /// `b x`, between -1400 and 300.
    y: L,
    /// `exp(y)`.
    e: Exponential<L>,
    /// `a exp(y)`.
    u: L,
    /// `x`, or 0 where `exp(b x)` is zero in every type.
    x: L,
}

impl Erfact {
    #[inline(always)]
    fn parts<L: Lane>(self, x: L) -> Parts<L> {
        let y = L::of(self.b) * x.at_least(-f64::MAX).at_most(f64::MAX);
        let gone = y.lt(L::of(-1400.0));
        let y = y.at_least(-1400.0).at_most(300.0);
        let e = y.exp();
        Parts {
            y,
            e,
            u: L::of(self.a) * e.value(),
            x: L::select(gone, L::of(0.0).copysign(x), x),
        }
    }
}

impl<L: Lane> Parts<L> {
    fn tail(&self) -> L::Mask {
        self.u.abs().lt(L::of(SMALL))
    }

    /// `2 / sqrt(pi) * factor * exp(b x - u^2)`.
    #[inline(always)]
    fn bell(&self, factor: L) -> L {
        let u = self.u.at_least(-LARGE).at_most(LARGE);
        let exponential = (self.y - u * u).exp();
        let bell = exponential.times(L::of_pair(SLOPE.0, SLOPE.1) * factor);
        L::select(
            L::of(LARGE).lt(self.u.abs()),
            L::of(0.0).copysign(factor),
            bell,
        )
    }
}

impl LearnedActivation for Erfact {
    const NAME: &'static str = "erfact";
    const LATEX: &'static str = r"x \operatorname{erf}(a e^{b x})";

    #[inline(always)]
    fn value<L: Lane>(&self, x: L) -> L {
        if self.a == 0.0 {
            return L::of(0.0).copysign(x);
        }
        let parts = self.parts(x);
        let tail = parts
            .e
            .times(L::of_pair(SLOPE.0, SLOPE.1) * L::of(self.a) * parts.x);
        L::select(parts.tail(), tail, parts.x * erf(parts.u))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let parts = self.parts(x);
        let a = L::of(self.a);
        let tail = parts
            .e
            .times(L::of_pair(SLOPE.0, SLOPE.1) * a * (L::of(1.0) + parts.y));
        L::select(parts.tail(), tail, erf(parts.u) + parts.bell(a * parts.y))
    }

    #[inline(always)]
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]) {
        let parts = self.parts(x);
        gradient[0] = parts.bell(parts.x);
        gradient[1] = if self.a == 0.0 {
            L::of(0.0)
        } else {
            parts.bell(L::of(self.a) * parts.x * parts.x)
        };
    }
}
