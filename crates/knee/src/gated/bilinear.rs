use super::GatedActivation;
use crate::declare::declare;
use crate::lane::Lane;

declare! {
    /// Bilinear unit: the product of the two halves, a gated unit without an activation.
    ///
    /// # Formula
    /// `gate * up`
    /// # Derivative
    /// In `gate`: `up`. In `up`: `gate`.
    /// # Numerics
    /// The product of two numbers, rounded once; so are the gradients.
    /// # Origin
    /// Dauphin, Fan, Auli and Grangier 2016, <https://arxiv.org/abs/1612.08083>; Shazeer 2020, <https://arxiv.org/abs/2002.05202>
    pub struct Bilinear {}
}

impl GatedActivation for Bilinear {
    const NAME: &'static str = "bilinear";
    const LATEX: &'static str = r"g \, u";

    #[inline(always)]
    fn forward<L: Lane>(&self, gate: L, up: L) -> L {
        gate * up
    }

    #[inline(always)]
    fn slope_times<L: Lane>(&self, _: L, factor: L) -> L {
        factor
    }
}
