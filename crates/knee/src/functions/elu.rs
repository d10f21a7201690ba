use alloc::vec;

use crate::activation::{Activation, InSingle};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, keras, maps, onnx, torch};
use crate::lane::Lane;

declare! {
    /// Exponential linear unit: the identity on the right, a saturating exponential on the left.
    ///
    /// # Formula
    /// `x if x > 0 else alpha * (exp(x) - 1)`
    /// # Derivative
    /// `1 if x > 0 else alpha * exp(x)`. At 0 it is `alpha`, the slope of the left branch.
    /// # Numerics
    /// `exp(x) - 1` is computed as one function: the subtraction would lose every digit of a small `x`. The derivative is
    /// computed from `x`, not as `y + alpha`.
    /// # Origin
    /// Clevert, Unterthiner and Hochreiter 2015, <https://arxiv.org/abs/1511.07289>
    pub struct Elu {
        /// The values on the left approach `-alpha`.
        alpha: NonNegative = 1.0,
    }
}

impl Activation for Elu {
    const NAME: &'static str = "elu";
    const LATEX: &'static str = r"\max(x, 0) + \alpha (e^{\min(x, 0)} - 1)";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Elu", &[maps("alpha", 1.0, "alpha")]), torch("nn.ELU", &[maps("alpha", 1.0, "alpha")]),
        jax("jax.nn.elu", &[maps("alpha", 1.0, "alpha")]),
        keras("elu", &[maps("alpha", 1.0, "alpha")]),
    ];
    const FROM_OUTPUT: Option<f64> = Some(0.51);
    const IN_SINGLE: InSingle = InSingle::Fast;

    fn facts(&self) -> Facts {
        let alpha = self.alpha;
        let range = if alpha > 0.0 { Interval::open(-alpha, f64::INFINITY) } else { Interval::closed(0.0, f64::INFINITY) };
        let smoothness = Smoothness::Times(u8::from(alpha == 1.0));
        let kinks = if alpha == 1.0 { vec![] } else { vec![Kink::new(0.0, alpha)] };
        let flat = if alpha == 0.0 { vec![Interval::open(f64::NEG_INFINITY, 0.0)] } else { vec![] };
        Facts {
            range,
            monotone: Monotone::NonDecreasing,
            smoothness,
            kinks,
            flat,
            left: Tail::Saturates { limit: -alpha },
            right: Tail::Linear { slope: 1.0 },
            centre: if alpha > 0.0 { Centre::BothSigns } else { Centre::OneSided },
            lipschitz: Some(alpha.max(1.0)),
            initialisation: Initialisation::He,
            typical_use: "hidden layers, where a mean activation near zero helps",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        // For x > 0 the selection discards it. A limit at 0 before the one inside of `exp_m1` would lose the sign of a zero:
        // LLVM merges two limits of a widened f32 wrongly.
        let left = L::of(self.alpha) * x.exp_m1();
        L::select(L::of(0.0).lt(x), x, left)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let left = x.at_most(0.0).exp().times(L::of(self.alpha));
        L::select(L::of(0.0).lt(x), L::of(1.0), left)
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        L::select(L::of(0.0).lt(y), L::of(1.0), y + L::of(self.alpha))
    }
}
