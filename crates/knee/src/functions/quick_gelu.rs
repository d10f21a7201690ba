use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{swish, swish_slope};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf, maps, onnx, requires};
use crate::lane::Lane;

declare! {
    /// The approximation of GELU by a sigmoid, `x * sigmoid(1.702 x)`; it differs from GELU by up to 0.02.
    ///
    /// # Formula
    /// `x / (1 + exp(-alpha * x))`
    /// # Derivative
    /// `s * (1 + alpha * x * (1 - s))` with `s = sigmoid(alpha * x)`: the derivative of SiLU at `alpha * x`.
    /// # Numerics
    /// As for SiLU, with `alpha * x` as an exact product.
    /// # Origin
    /// Hendrycks and Gimpel 2016, <https://arxiv.org/abs/1606.08415>; used by CLIP.
    pub struct QuickGelu {
        /// The sharpness of the bend.
        alpha: Positive = 1.702,
    }
}

impl Activation for QuickGelu {
    const NAME: &'static str = "quick_gelu";
    const ALIASES: &'static [&'static str] = &["gelu_sigmoid"];
    const LATEX: &'static str = r"\frac{x}{1 + e^{-\alpha x}}";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Swish", &[requires("alpha", 1.0, 1.702)]),
        onnx("com.microsoft.QuickGelu", &[maps("alpha", 1.702, "alpha")]),
        hf("quick_gelu"),
    ];

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.2784645427610738 / self.alpha, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.099839320128867),
            initialisation: Initialisation::He,
            typical_use: "Transformers trained with it, such as CLIP",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        swish(x, x * L::of(self.alpha))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        swish_slope(x * L::of(self.alpha))
    }
}
