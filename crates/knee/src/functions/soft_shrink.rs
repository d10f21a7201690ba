use crate::activation::{Activation, Budget};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, keras, maps, torch};
use crate::functions::shrink::{Shrink, knots, zone};
use crate::lane::Lane;

declare! {
    /// The identity moved towards 0 by `lambd`, and zero where it would pass it.
    ///
    /// # Formula
    /// `x - lambd if x > lambd else x + lambd if x < -lambd else 0`
    /// # Derivative
    /// `1 if |x| > lambd else 0`. At both knots it is `0`.
    /// # Numerics
    /// A difference, rounded once. What becomes zero keeps its sign.
    /// # Origin
    /// Donoho 1995, De-noising by soft-thresholding.
    pub struct SoftShrink {
        /// Half the width of the zone that becomes zero.
        lambd: NonNegative = 0.5,
    }
}

impl Activation for SoftShrink {
    const NAME: &'static str = "soft_shrink";
    const ALIASES: &'static [&'static str] = &["softshrink"];
    const LATEX: &'static str = r"\operatorname{sgn}(x) \max(|x| - \lambda, 0)";
    const FOREIGN: &'static [Foreign] = &[
        torch("nn.Softshrink", &[maps("lambd", 0.5, "lambd")]),
        keras("soft_shrink", &[maps("threshold", 0.5, "lambd")]),
    ];
    const BUDGET: Budget = Budget { forward: 0.5, derivative: 0.0 };
    const FROM_OUTPUT: Option<f64> = Some(0.0);

    fn facts(&self) -> Facts {
        let knot = self.lambd;
        Facts {
            range: Interval::ALL,
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(0),
            kinks: knots(knot),
            flat: zone(knot),
            left: Tail::Linear { slope: 1.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::Odd,
            lipschitz: Some(1.0),
            initialisation: Initialisation::None,
            typical_use: "sparse codes: the step of iterative shrinkage",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        Shrink::new(self.lambd, self.lambd).forward(x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        Shrink::new(self.lambd, self.lambd).derivative(x)
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        L::select(L::of(0.0).lt(y.abs()), L::of(1.0), y.abs())
    }
}
