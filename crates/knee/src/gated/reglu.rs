use super::GatedActivation;
use crate::activation::Activation;
use crate::declare::declare;
use crate::functions::Relu;
use crate::lane::Lane;

declare! {
    /// Gated linear unit with ReLU: the other half passes where the gate is positive, in proportion to it.
    ///
    /// # Formula
    /// `relu(gate) * up`
    /// # Derivative
    /// In `gate`: `up if gate > 0 else 0`; at 0 it is 0. In `up`: `relu(gate)`.
    /// # Numerics
    /// Products, rounded once. A closed gate times an infinite or NaN other half is NaN, as in IEEE arithmetic.
    /// # Origin
    /// Shazeer 2020, <https://arxiv.org/abs/2002.05202>
    pub struct Reglu {}
}

impl GatedActivation for Reglu {
    const NAME: &'static str = "reglu";
    const LATEX: &'static str = r"\max(g, 0) \, u";

    #[inline(always)]
    fn forward<L: Lane>(&self, gate: L, up: L) -> L {
        Relu::default().forward(gate) * up
    }

    #[inline(always)]
    fn slope_times<L: Lane>(&self, gate: L, factor: L) -> L {
        Relu::default().derivative(gate) * factor
    }
}
