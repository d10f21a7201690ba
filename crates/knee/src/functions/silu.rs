use alloc::vec::Vec;

use crate::activation::{Activation, InSingle};
use crate::declare::declare;
use crate::elementary::{swish_of_itself, swish_slope};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf, jax, keras, onnx, requires, torch};
use crate::lane::Lane;

declare! {
    /// Sigmoid-weighted linear unit: `x` times its own sigmoid.
    ///
    /// # Formula
    /// `x / (1 + exp(-x))`
    /// # Derivative
    /// `s * (1 + x * (1 - s))` with `s = sigmoid(x)`; zero at `x = -1.2785`.
    /// # Numerics
    /// The left tail is `x * exp(x)`, scaled last. The derivative has its zero as a factor, so that it keeps its digits there.
    /// # Origin
    /// Elfwing, Uchibe and Doya 2017, <https://arxiv.org/abs/1702.03118>; Ramachandran, Zoph and Le 2017,
    /// <https://arxiv.org/abs/1710.05941>
    pub struct Silu {}
}

impl Activation for Silu {
    const NAME: &'static str = "silu";
    const ALIASES: &'static [&'static str] = &["swish", "swish1"];
    const LATEX: &'static str = r"\frac{x}{1 + e^{-x}}";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Swish", &[requires("alpha", 1.0, 1.0)]), torch("nn.SiLU", &[]),
        jax("jax.nn.silu", &[]),
        jax("jax.nn.swish", &[]),
        keras("silu", &[]),
        hf("silu"),
        hf("swish"),
    ];
    const IN_SINGLE: InSingle = InSingle::Fast;

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.2784645427610738, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.099839320128867),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of convolutional networks and of Transformers (as a gate)",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        swish_of_itself(x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        swish_slope(x)
    }
}
