use alloc::vec::Vec;

use crate::activation::{Activation, Budget};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf, jax, keras, onnx, torch};
use crate::lane::Lane;

declare! {
    /// The identity: what a layer without an activation function computes.
    ///
    /// # Formula
    /// `x`
    /// # Derivative
    /// `1`
    /// # Numerics
    /// Exact.
    /// # Origin
    /// Without origin.
    pub struct Identity {}
}

impl Activation for Identity {
    const NAME: &'static str = "identity";
    const ALIASES: &'static [&'static str] = &["linear", "none"];
    const LATEX: &'static str = "x";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Identity", &[]),
        torch("nn.Identity", &[]),
        jax("jax.nn.identity", &[]),
        keras("linear", &[]),
        hf("linear"),
    ];
    const BUDGET: Budget = Budget { forward: 0.0, derivative: 0.0 };

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::ALL,
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Linear { slope: 1.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::Odd,
            lipschitz: Some(1.0),
            initialisation: Initialisation::Glorot,
            typical_use: "the output of a regression network",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        x
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        L::select(x.le(x), L::of(1.0), x)
    }
}
