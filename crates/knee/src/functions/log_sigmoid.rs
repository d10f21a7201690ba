use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::logistic;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, keras, torch};
use crate::functions::Softplus;
use crate::lane::Lane;

declare! {
    /// The logarithm of the sigmoid: a log-probability from a logit.
    ///
    /// # Formula
    /// `-log(1 + exp(-x))`, the logarithm of `sigmoid(x)`
    /// # Derivative
    /// `sigmoid(-x)`
    /// # Numerics
    /// The negative of softplus at `-x`: the logarithm of a rounded sigmoid would be 0 above 17 and lose digits before.
    /// # Origin
    /// Without origin.
    pub struct LogSigmoid {}
}

impl Activation for LogSigmoid {
    const NAME: &'static str = "log_sigmoid";
    const ALIASES: &'static [&'static str] = &["logsigmoid"];
    const LATEX: &'static str = r"-\log(1 + e^{-x})";
    const FOREIGN: &'static [Foreign] = &[
        torch("nn.LogSigmoid", &[]),
        jax("jax.nn.log_sigmoid", &[]),
        keras("log_sigmoid", &[]),
    ];
    const FROM_OUTPUT: Option<f64> = Some(0.51);

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::open(f64::NEG_INFINITY, 0.0),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Linear { slope: 1.0 },
            right: Tail::Saturates { limit: 0.0 },
            centre: Centre::OneSided,
            lipschitz: Some(1.0),
            initialisation: Initialisation::None,
            typical_use: "log-probabilities from logits",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        -Softplus::default().forward(-x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        logistic(-x)
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        -y.exp_m1()
    }
}
