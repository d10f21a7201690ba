use alloc::vec;

use crate::activation::{Activation, Budget};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, keras, maps, onnx, torch};
use crate::lane::Lane;

declare! {
    /// Piecewise linear sigmoid with slope 1/6, as in `MobileNetV3`.
    ///
    /// # Formula
    /// `min(max(exact(alpha) * x + beta, 0), 1)`, where `exact` takes the number nearest to `1/n` as `1/n`
    /// # Derivative
    /// `exact(alpha) if |exact(alpha) * x + beta - 0.5| < 0.5 else 0`. At the knots, `-3` and `3` by default, it is `0`.
    /// # Traps
    /// The slope is 1/6 in `PyTorch`, JAX, Keras 3 and candle; ONNX without attributes and Keras 2 mean slope 0.2, which is
    /// `hard_sigmoid_02`.
    /// # Numerics
    /// An `alpha` that is the nearest number to `1/n` is taken as `1/n`, so that the knots lie where the formula has them.
    /// # Origin
    /// Howard et al. 2019, <https://arxiv.org/abs/1905.02244>
    pub struct HardSigmoid {
        /// The slope between the knots.
        alpha: Positive = 1.0 / 6.0,
        /// The value at 0, before it is limited.
        beta: Finite = 0.5,
    }
}

impl Activation for HardSigmoid {
    const NAME: &'static str = "hard_sigmoid";
    const ALIASES: &'static [&'static str] = &["hardsigmoid"];
    const LATEX: &'static str = r"\min(\max(\alpha x + \beta, 0), 1)";
    const FOREIGN: &'static [Foreign] = &[
        onnx("HardSigmoid", &[maps("alpha", 0.2, "alpha"), maps("beta", 0.5, "beta")]),
        torch("nn.Hardsigmoid", &[]),
        jax("jax.nn.hard_sigmoid", &[]),
        keras("hard_sigmoid", &[]),
    ];
    const BUDGET: Budget = Budget { forward: 0.51, derivative: 0.5 };

    fn facts(&self) -> Facts {
        let (numerator, denominator) = self.slope();
        let knot = |level: f64| (level - self.beta) * denominator / numerator;
        let (low, high) = (knot(0.0), knot(1.0));
        Facts {
            range: Interval::closed(0.0, 1.0),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(0),
            kinks: vec![Kink::new(low, 0.0), Kink::new(high, 0.0)],
            flat: vec![Interval::open(f64::NEG_INFINITY, low), Interval::open(high, f64::INFINITY)],
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Saturates { limit: 1.0 },
            centre: Centre::OneSided,
            lipschitz: Some(self.alpha),
            initialisation: Initialisation::Glorot,
            typical_use: "gates and attention in mobile networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let denominator = self.slope().1;
        let line = self.line(x).at_least(0.0).at_most(denominator);
        if L::DIGITS > 53 {
            return line / L::of(denominator);
        }
        // A quotient and its correction: as a division rounds, in less time.
        let (divisor, inverse) = (L::of(denominator), L::of(1.0 / denominator));
        let quotient = line * inverse;
        (-quotient).mul_add(divisor, line).mul_add(inverse, quotient)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let (numerator, denominator) = self.slope();
        let line = self.line(x);
        let inner = L::of(numerator) / L::of(denominator);
        let below = L::select(line.lt(L::of(denominator)), inner, L::of(0.0));
        let slope = L::select(L::of(0.0).lt(line), below, L::of(0.0));
        L::select(x.le(x), slope, x)
    }
}

impl HardSigmoid {
    /// With parameters that are known to be in their domains.
    pub(super) const fn new(alpha: f64, beta: f64) -> Self {
        Self { alpha, beta }
    }

    /// `alpha` as a quotient: `1 / n` if it is the number nearest to that, else `alpha / 1`.
    ///
    /// The number nearest to 1/6 is a little less than 1/6; taken as it is, it would move the knot at -3.
    #[inline(always)]
    fn slope(self) -> (f64, f64) {
        let n = Lane::round((1.0 / self.alpha).min(1e9));
        if self.alpha == 1.0 / n { (1.0, n) } else { (self.alpha, 1.0) }
    }

    /// The line before it is limited, times the denominator of its slope.
    #[inline(always)]
    fn line<L: Lane>(self, x: L) -> L {
        let (numerator, denominator) = self.slope();
        x * L::of(numerator) + L::of(self.beta) * L::of(denominator)
    }
}
