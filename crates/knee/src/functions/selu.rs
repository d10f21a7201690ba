use alloc::vec;

use crate::activation::{Activation, InSingle};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, keras, maps, onnx, torch};
use crate::lane::Lane;

declare! {
    /// Scaled exponential linear unit: its two constants keep mean 0 and variance 1 from layer to layer.
    ///
    /// # Formula
    /// `scale * (x if x > 0 else alpha * (exp(x) - 1))`
    /// # Derivative
    /// `scale if x > 0 else scale * alpha * exp(x)`. At 0 it is `scale * alpha`, the slope of the left branch.
    /// # Traps
    /// The constants have all their digits here and in `PyTorch`; ONNX rounds them to `f32` since opset 6 and had 1.6732 and 1.0507
    /// in opset 1; tract and tinygrad have 1.67326 and 1.0507.
    /// # Numerics
    /// As for ELU; the products are rounded once.
    /// # Origin
    /// Klambauer, Unterthiner, Mayr and Hochreiter 2017, <https://arxiv.org/abs/1706.02515>
    pub struct Selu {
        /// The values on the left approach `-scale * alpha`.
        alpha: NonNegative = 1.6732632423543772,
        /// The slope on the right.
        scale: Positive = 1.0507009873554805,
    }
}

impl Activation for Selu {
    const NAME: &'static str = "selu";
    const LATEX: &'static str = r"\lambda \left(\max(x, 0) + \alpha (e^{\min(x, 0)} - 1)\right)";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Selu", &[maps("alpha", 1.6732, "alpha"), maps("gamma", 1.0507, "scale")]).in_opsets(1, 5),
        onnx("Selu", &[maps("alpha", 1.6732631921768188, "alpha"), maps("gamma", 1.0507010221481323, "scale")])
            .in_opsets(6, u32::MAX),
        torch("nn.SELU", &[]),
        jax("jax.nn.selu", &[]),
        keras("selu", &[]),
    ];
    const FROM_OUTPUT: Option<f64> = Some(0.51);
    const IN_SINGLE: InSingle = InSingle::Fast;

    fn facts(&self) -> Facts {
        let steep = self.scale * self.alpha;
        let range = if steep > 0.0 { Interval::open(-steep, f64::INFINITY) } else { Interval::closed(0.0, f64::INFINITY) };
        let smoothness = Smoothness::Times(u8::from(self.alpha == 1.0));
        let kinks = if self.alpha == 1.0 { vec![] } else { vec![Kink::new(0.0, steep)] };
        let flat = if steep == 0.0 { vec![Interval::open(f64::NEG_INFINITY, 0.0)] } else { vec![] };
        Facts {
            range,
            monotone: Monotone::NonDecreasing,
            smoothness,
            kinks,
            flat,
            left: Tail::Saturates { limit: -steep },
            right: Tail::Linear { slope: self.scale },
            centre: if steep > 0.0 { Centre::BothSigns } else { Centre::OneSided },
            lipschitz: Some(steep.max(self.scale)),
            initialisation: Initialisation::LeCun,
            typical_use: "deep fully connected networks without normalisation",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        // For x > 0 the selection discards it. A limit at 0 before the one inside of `exp_m1` would lose the sign of a zero:
        // LLVM merges two limits of a widened f32 wrongly.
        // The product of the constants comes first: a subnormal `x` is multiplied, and so rounded, once.
        let left = self.steep::<L>() * x.exp_m1();
        L::select(L::of(0.0).lt(x), L::of(self.scale) * x, left)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let left = x.at_most(0.0).exp().times(self.steep());
        L::select(L::of(0.0).lt(x), L::of(self.scale), left)
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        L::select(L::of(0.0).lt(y), L::of(self.scale), y + self.steep())
    }
}

impl Selu {
    /// How steep the left branch is at 0.
    #[inline(always)]
    fn steep<L: Lane>(&self) -> L {
        if L::DIGITS > 24 { L::of(self.alpha) * L::of(self.scale) } else { L::of(self.alpha * self.scale) }
    }
}
