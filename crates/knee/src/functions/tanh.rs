use alloc::vec::Vec;

use crate::activation::{Activation, InSingle};
use crate::declare::declare;
use crate::elementary::{tanh, tanh_slope};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf, jax, keras, onnx, torch};
use crate::lane::Lane;

declare! {
    /// Hyperbolic tangent: a smooth step from -1 to 1.
    ///
    /// # Formula
    /// `tanh(x)`, that is, `(exp(x) - exp(-x)) / (exp(x) + exp(-x))`
    /// # Derivative
    /// `4 * exp(-2 * |x|) / (1 + exp(-2 * |x|))^2`, at most `1`, at 0.
    /// # Numerics
    /// From `exp(-2|x|) - 1` computed as one function, so small `x` keep their digits; the derivative never as `1 - tanh^2`,
    /// which loses them in the tails.
    /// # Origin
    /// LeCun, Bottou, Orr and Müller, Efficient `BackProp`, 1998.
    pub struct Tanh {}
}

impl Activation for Tanh {
    const NAME: &'static str = "tanh";
    const LATEX: &'static str = r"\tanh(x)";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Tanh", &[]), torch("nn.Tanh", &[]),
        jax("jax.nn.tanh", &[]),
        keras("tanh", &[]),
        hf("tanh"),
    ];
    const FROM_OUTPUT: Option<f64> = Some(0.51);
    const IN_SINGLE: InSingle = InSingle::Fast;

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::open(-1.0, 1.0),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: -1.0 },
            right: Tail::Saturates { limit: 1.0 },
            centre: Centre::Odd,
            lipschitz: Some(1.0),
            initialisation: Initialisation::Glorot,
            typical_use: "recurrent networks; outputs between -1 and 1",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        tanh(x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        tanh_slope(x)
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        (L::of(1.0) - y) * (L::of(1.0) + y)
    }
}
