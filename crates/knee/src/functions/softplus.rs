use alloc::vec;
use alloc::vec::Vec;

use crate::activation::{Activation, InSingle};
use crate::declare::declare;
use crate::elementary::{ln_1p_ratio_of_fraction, logistic, logistic_of_multiple};
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, keras, maps, onnx, torch};
use crate::lane::Lane;
use crate::pair::Pair;

declare! {
    /// A smooth ReLU: the integral of the sigmoid.
    ///
    /// # Formula
    /// `x if beta * x > threshold else log(1 + exp(beta * x)) / beta`
    /// # Derivative
    /// `1 if beta * x > threshold else sigmoid(beta * x)`
    /// # Traps
    /// `PyTorch` alone has a threshold, 20: beyond it its softplus is the identity, and its values jump by 2e-9 there.
    /// # Numerics
    /// `max(z, 0) + log(1 + exp(-|z|))` with the logarithm computed as one function; the left tail is scaled last. The
    /// threshold is infinite, that is, absent, unless asked for: `PyTorch` has one at 20, where its values jump by 2e-9.
    /// # Origin
    /// Dugas, Bengio, Belisle, Nadeau and Garcia, NIPS 2000.
    pub struct Softplus {
        /// The sharpness of the bend.
        beta: Positive = 1.0,
        /// Beyond it the function is the identity.
        threshold: Extended = f64::INFINITY,
    }
}

impl Activation for Softplus {
    const NAME: &'static str = "softplus";
    const LATEX: &'static str = r"\frac{1}{\beta} \log(1 + e^{\beta x})";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Softplus", &[]),
        torch("nn.Softplus", &[maps("beta", 1.0, "beta"), maps("threshold", 20.0, "threshold")]),
        jax("jax.nn.softplus", &[]),
        keras("softplus", &[]),
    ];
    const IN_SINGLE: InSingle = InSingle::Fast;

    fn facts(&self) -> Facts {
        let whole = self.threshold == f64::INFINITY;
        let range = Interval::open(0.0, f64::INFINITY);
        // At the threshold the values step down by log(1 + exp(-threshold)) / beta.
        let monotone = if whole { Monotone::NonDecreasing } else { Monotone::No };
        let smoothness = if whole { Smoothness::Infinite } else { Smoothness::Discontinuous };
        // There the slope steps up to 1 as well; a step below a thousandth is no kink to anybody.
        let slope = logistic(Pair::new(self.threshold.min(700.0), 0.0)).head();
        let kinks = if 1.0 - slope > 1e-3 { vec![Kink::new(self.threshold / self.beta, slope)] } else { Vec::new() };
        Facts {
            range,
            monotone,
            smoothness,
            kinks,
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::OneSided,
            lipschitz: Some(1.0),
            initialisation: Initialisation::He,
            typical_use: "positive outputs: variances, rates",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let z = L::of(self.beta) * x;
        let e = (-x.abs()).exp_of_multiple(self.beta);
        let inverse_beta = L::of(1.0) / L::of(self.beta);
        let bend = e.times(ln_1p_ratio_of_fraction(e.value()) * inverse_beta);
        let smooth = L::select(z.lt(L::of(0.0)), bend, x + bend);
        L::select(L::of(self.threshold).lt(z), x, smooth)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let z = L::of(self.beta) * x;
        L::select(L::of(self.threshold).lt(z), L::of(1.0), logistic_of_multiple(x, self.beta))
    }

    fn conflict(&self) -> Option<&'static str> {
        (self.threshold <= 0.0).then_some("`threshold` must be greater than 0; beyond it the function is the identity")
    }
}
