use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::inverse_square;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, keras, onnx, torch};
use crate::lane::Lane;

declare! {
    /// A smooth step from -1 to 1 that saturates slowly.
    ///
    /// # Formula
    /// `x / (1 + |x|)`
    /// # Derivative
    /// `1 / (1 + |x|)^2`
    /// # Numerics
    /// The slope from `x` and scaled last: as a function of the value it loses its digits in the tails. At the
    /// infinities a limit on `|x|` avoids a quotient of infinities.
    /// # Origin
    /// Elliott 1993, University of Maryland TR 93-8; Glorot and Bengio, AISTATS 2010.
    pub struct Softsign {}
}

impl Activation for Softsign {
    const NAME: &'static str = "softsign";
    const ALIASES: &'static [&'static str] = &["elliot", "soft_sign"];
    const LATEX: &'static str = r"\frac{x}{1 + |x|}";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Softsign", &[]),
        torch("nn.Softsign", &[]),
        jax("jax.nn.soft_sign", &[]),
        keras("softsign", &[]),
    ];
    const FROM_OUTPUT: Option<f64> = Some(0.51);

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::open(-1.0, 1.0),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(1),
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: -1.0 },
            right: Tail::Saturates { limit: 1.0 },
            centre: Centre::Odd,
            lipschitz: Some(1.0),
            initialisation: Initialisation::Glorot,
            typical_use: "recurrent networks and reinforcement learning, in place of tanh",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let bounded = x.at_least(-f64::MAX).at_most(f64::MAX);
        bounded / (L::of(1.0) + bounded.abs())
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        inverse_square(1.0, L::of(1.0) + x.abs())
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        let rest = L::of(1.0) - y.abs();
        rest * rest
    }
}
