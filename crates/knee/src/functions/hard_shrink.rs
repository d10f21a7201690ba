use crate::activation::{Activation, Budget};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, keras, maps, onnx, requires, torch};
use crate::functions::shrink::{Shrink, knots, zone};
use crate::lane::Lane;

declare! {
    /// The identity without a zone around 0.
    ///
    /// # Formula
    /// `x if |x| > lambd else 0`
    /// # Derivative
    /// `1 if |x| > lambd else 0`. At both knots it is `0`.
    /// # Numerics
    /// Exact. What becomes zero keeps its sign.
    /// # Origin
    /// Donoho and Johnstone 1994, Ideal spatial adaptation by wavelet shrinkage.
    pub struct HardShrink {
        /// Half the width of the zone.
        lambd: NonNegative = 0.5,
    }
}

impl Activation for HardShrink {
    const NAME: &'static str = "hard_shrink";
    const ALIASES: &'static [&'static str] = &["hardshrink"];
    const LATEX: &'static str = r"\begin{cases} x & |x| > \lambda \\ 0 & |x| \le \lambda \end{cases}";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Shrink", &[maps("lambd", 0.5, "lambd"), requires("bias", 0.0, 0.0)]),
        torch("nn.Hardshrink", &[maps("lambd", 0.5, "lambd")]),
        keras("hard_shrink", &[maps("threshold", 0.5, "lambd")]),
    ];
    const BUDGET: Budget = Budget { forward: 0.0, derivative: 0.0 };
    const FROM_OUTPUT: Option<f64> = Some(0.0);

    fn facts(&self) -> Facts {
        let knot = self.lambd;
        Facts {
            range: Interval::ALL,
            monotone: Monotone::NonDecreasing,
            smoothness: if knot == 0.0 { Smoothness::Times(0) } else { Smoothness::Discontinuous },
            kinks: knots(knot),
            flat: zone(knot),
            left: Tail::Linear { slope: 1.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::Odd,
            lipschitz: (knot == 0.0).then_some(1.0),
            initialisation: Initialisation::None,
            typical_use: "sparse codes and denoising",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        Shrink::new(self.lambd, 0.0).forward(x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        Shrink::new(self.lambd, 0.0).derivative(x)
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        L::select(L::of(0.0).lt(y.abs()), L::of(1.0), y.abs())
    }
}
