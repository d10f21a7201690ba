use super::GatedActivation;
use super::product::{logistic_slope_times, logistic_times};
use crate::declare::declare;
use crate::foreign::{Foreign, jax, keras, torch};
use crate::lane::Lane;

declare! {
    /// Gated linear unit: the sigmoid of the gate times the other half.
    ///
    /// # Formula
    /// `up * sigmoid(gate)`
    /// # Derivative
    /// In `gate`: `up * s * (1 - s)` with `s = sigmoid(gate)`. In `up`: `s`.
    /// # Numerics
    /// The product is formed before the power of two of the exponential is applied, so that it keeps its digits where the sigmoid
    /// alone has none. At a gate of `-inf` the result is 0, and NaN where the other half is infinite: 0 times infinity.
    /// # Origin
    /// Dauphin, Fan, Auli and Grangier 2016, <https://arxiv.org/abs/1612.08083>
    pub struct Glu {}
}

impl GatedActivation for Glu {
    const NAME: &'static str = "glu";
    const LATEX: &'static str = r"u \, \sigma(g)";
    const FOREIGN: &'static [Foreign] = &[
        torch("nn.GLU", &[]),
        jax("jax.nn.glu", &[]),
        keras("glu", &[]),
    ];

    #[inline(always)]
    fn forward<L: Lane>(&self, gate: L, up: L) -> L {
        logistic_times(gate, up)
    }

    #[inline(always)]
    fn slope_times<L: Lane>(&self, gate: L, factor: L) -> L {
        logistic_slope_times(gate, factor)
    }
}
