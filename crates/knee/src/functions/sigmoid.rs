use alloc::vec::Vec;

use crate::activation::{Activation, InSingle};
use crate::declare::declare;
use crate::elementary::{logistic, logistic_slope};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf, jax, keras, onnx, torch};
use crate::lane::Lane;

declare! {
    /// Logistic function: a smooth step from 0 to 1.
    ///
    /// # Formula
    /// `1 / (1 + exp(-x))`
    /// # Derivative
    /// `exp(-|x|) / (1 + exp(-|x|))^2`, at most `1/4`, at 0.
    /// # Numerics
    /// From `exp(-|x|)`, so nothing overflows and the left tail keeps its digits; the derivative never as `s (1 - s)`, which
    /// loses them.
    /// # Origin
    /// Verhulst 1838; Rumelhart, Hinton and Williams 1986.
    pub struct Sigmoid {}
}

impl Activation for Sigmoid {
    const NAME: &'static str = "sigmoid";
    const ALIASES: &'static [&'static str] = &["logistic", "softstep"];
    const LATEX: &'static str = r"\frac{1}{1 + e^{-x}}";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Sigmoid", &[]), torch("nn.Sigmoid", &[]),
        jax("jax.nn.sigmoid", &[]),
        keras("sigmoid", &[]),
        hf("sigmoid"),
    ];
    const FROM_OUTPUT: Option<f64> = Some(0.51);
    const IN_SINGLE: InSingle = InSingle::Fast;

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::open(0.0, 1.0),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Saturates { limit: 1.0 },
            centre: Centre::OneSided,
            lipschitz: Some(0.25),
            initialisation: Initialisation::Glorot,
            typical_use: "probabilities at the output; gates",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        logistic(x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        logistic_slope(x)
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        y * (L::of(1.0) - y)
    }
}
