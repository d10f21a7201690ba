use super::GatedActivation;
use super::product::{gelu_slope_times, gelu_times};
use crate::declare::declare;
use crate::lane::Lane;

declare! {
    /// Gated linear unit with GELU, in its exact form.
    ///
    /// # Formula
    /// `gelu(gate) * up`
    /// # Derivative
    /// In `gate`: `up` times the derivative of GELU. In `up`: `gelu(gate)`.
    /// # Numerics
    /// On the left the product is formed before the power of two of the exponential is applied, below -37 with the asymptotic series
    /// of the normal tail, so that it keeps its digits where GELU alone has none. In `f64` a product of gate and other half
    /// beyond the range is infinite, and a gate below -52.89 gives 0.
    /// # Origin
    /// Shazeer 2020, <https://arxiv.org/abs/2002.05202>
    pub struct Geglu {}
}

impl GatedActivation for Geglu {
    const NAME: &'static str = "geglu";
    const LATEX: &'static str = r"\operatorname{GELU}(g) \, u";

    #[inline(always)]
    fn forward<L: Lane>(&self, gate: L, up: L) -> L {
        gelu_times(gate, up)
    }

    #[inline(always)]
    fn slope_times<L: Lane>(&self, gate: L, factor: L) -> L {
        gelu_slope_times(gate, factor)
    }
}
