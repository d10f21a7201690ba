use alloc::vec;

use crate::activation::{Activation, Budget, InSingle};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf, jax, keras, maps, onnx, torch};
use crate::lane::Lane;

declare! {
    /// Leaky rectified linear unit: a small slope on the left keeps the gradient alive.
    ///
    /// # Formula
    /// `x if x > 0 else negative_slope * x`
    /// # Derivative
    /// `1 if x > 0 else negative_slope`. At 0 it is `negative_slope`.
    /// # Traps
    /// The default slope is 0.01 in `PyTorch`, JAX and ONNX, 0.2 in the functions of Keras and TensorFlow, and 0.3 in the layer of
    /// Keras 2.
    /// # Numerics
    /// One rounding. The slope is used as the `f64` that it is, also for `f32`.
    /// # Origin
    /// Maas, Hannun and Ng, ICML 2013.
    pub struct LeakyRelu {
        /// The slope on the left.
        negative_slope: Finite = 0.01,
    }
}

impl Activation for LeakyRelu {
    const NAME: &'static str = "leaky_relu";
    const ALIASES: &'static [&'static str] = &["lrelu"];
    const LATEX: &'static str = r"\max(x, 0) + \alpha \min(x, 0)";
    const FOREIGN: &'static [Foreign] = &[
        onnx("LeakyRelu", &[maps("alpha", 0.01, "negative_slope")]),
        torch("nn.LeakyReLU", &[maps("negative_slope", 0.01, "negative_slope")]),
        jax("jax.nn.leaky_relu", &[maps("negative_slope", 0.01, "negative_slope")]),
        keras("leaky_relu", &[maps("negative_slope", 0.2, "negative_slope")]),
        hf("leaky_relu"),
    ];
    const BUDGET: Budget = Budget::EXACT;
    const IN_SINGLE: InSingle = InSingle::Fast;

    fn facts(&self) -> Facts {
        let slope = self.negative_slope;
        let range = if slope > 0.0 { Interval::ALL } else { Interval::closed(0.0, f64::INFINITY) };
        let monotone = if slope >= 0.0 { Monotone::NonDecreasing } else { Monotone::No };
        let smoothness = if slope == 1.0 { Smoothness::Infinite } else { Smoothness::Times(0) };
        let kinks = if slope == 1.0 { vec![] } else { vec![Kink::differing(0.0, slope, 1.0)] };
        let flat = if slope == 0.0 { vec![Interval::open(f64::NEG_INFINITY, 0.0)] } else { vec![] };
        let left = if slope == 0.0 { Tail::Saturates { limit: 0.0 } } else { Tail::Linear { slope } };
        Facts {
            range,
            monotone,
            smoothness,
            kinks,
            flat,
            left,
            right: Tail::Linear { slope: 1.0 },
            centre: if slope == 1.0 { Centre::Odd } else if slope > 0.0 { Centre::BothSigns } else { Centre::OneSided },
            lipschitz: Some(slope.abs().max(1.0)),
            initialisation: Initialisation::He,
            typical_use: "hidden layers that must not die; discriminators of adversarial networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        // With a slope of 0 the limit on the left is 0, where an infinity times 0 would be NaN.
        let left = if self.negative_slope == 0.0 { x.at_least(-1.0) } else { x };
        L::select(L::of(0.0).lt(x), x, left * L::of(self.negative_slope))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let slope = L::select(L::of(0.0).lt(x), L::of(1.0), L::of(self.negative_slope));
        L::select(x.le(x), slope, x)
    }
}
