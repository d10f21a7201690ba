use super::GatedActivation;
use super::product::{swish_slope_times, swish_times};
use crate::activation::Budget;
use crate::declare::declare;
use crate::lane::Lane;

declare! {
    /// Gated linear unit with SiLU: the feed-forward layer of most language models.
    ///
    /// # Formula
    /// `gate * sigmoid(gate) * up`
    /// # Derivative
    /// In `gate`: `up * s * (1 + gate * (1 - s))` with `s = sigmoid(gate)`. In `up`: `gate * s`.
    /// # Numerics
    /// The product is formed before the power of two of the exponential is applied, so that it keeps its digits where SiLU
    /// alone has none. The derivative in the gate has its zero at `-1.2785` as a factor; beside it 53 bits leave an `f32` an error of
    /// 0.05 ulp before it is rounded. At a gate of `-inf` the result is a zero,
    /// and NaN where the other half is infinite: 0 times infinity.
    /// # Origin
    /// Shazeer 2020, <https://arxiv.org/abs/2002.05202>
    pub struct Swiglu {}
}

impl GatedActivation for Swiglu {
    const NAME: &'static str = "swiglu";
    const LATEX: &'static str = r"g \, \sigma(g) \, u";
    const BUDGET: Budget = Budget {
        forward: 0.51,
        derivative: 0.55,
    };

    #[inline(always)]
    fn forward<L: Lane>(&self, gate: L, up: L) -> L {
        swish_times(gate, gate, up)
    }

    #[inline(always)]
    fn slope_times<L: Lane>(&self, gate: L, factor: L) -> L {
        swish_slope_times(gate, factor)
    }
}
