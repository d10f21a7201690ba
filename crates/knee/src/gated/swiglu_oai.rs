use super::GatedActivation;
use super::product::{swish_slope_times, swish_times};
use crate::activation::Budget;
use crate::declare::declare;
use crate::lane::Lane;

declare! {
    /// Gated linear unit of gpt-oss: clamped, with a sigmoid of `alpha * gate`, and 1 added to the other half.
    ///
    /// There the two halves are interleaved: [`Layout::INTERLEAVED`](super::Layout::INTERLEAVED).
    ///
    /// # Formula
    /// `min(gate, limit) * sigmoid(alpha * min(gate, limit)) * (clip(up, -limit, limit) + 1)`
    /// # Derivative
    /// With `g = min(gate, limit)`, `u = clip(up, -limit, limit)` and `s = sigmoid(alpha * g)`: in `gate`
    /// `s * (1 + alpha * g * (1 - s)) * (u + 1)`, and 0 from the limit on; in `up` `g * s`, and 0 from the limits outward, at the limits
    /// as well.
    /// # Numerics
    /// As `swiglu`. The derivative in the gate has its zero at `alpha * gate = -1.2785` as a factor; the product `alpha * gate` of an
    /// `f32` is rounded to 53 bits.
    /// # Origin
    /// The reference implementation of gpt-oss, `gpt_oss/torch/model.py`, 2025.
    pub struct SwigluOai {
        /// The factor of the gate in the sigmoid.
        alpha: Positive = 1.702,
        /// The largest gate, and the largest absolute value of the other half.
        limit: Positive = 7.0,
    }
}

impl SwigluOai {
    /// The gate and the other half within the limits.
    #[inline(always)]
    fn limited<L: Lane>(&self, gate: L, up: L) -> (L, L) {
        (
            gate.at_most(self.limit),
            up.at_least(-self.limit).at_most(self.limit),
        )
    }
}

impl GatedActivation for SwigluOai {
    const NAME: &'static str = "swiglu_oai";
    const LATEX: &'static str = r"g \, \sigma(\alpha g) \, (u + 1)";
    const BUDGET: Budget = Budget {
        forward: 0.51,
        derivative: 0.6,
    };

    #[inline(always)]
    fn forward<L: Lane>(&self, gate: L, up: L) -> L {
        let (gate, up) = self.limited(gate, up);
        swish_times(gate, gate * L::of(self.alpha), up + L::of(1.0))
    }

    #[inline(always)]
    fn slope_times<L: Lane>(&self, gate: L, factor: L) -> L {
        let inside = swish_slope_times(gate.at_most(self.limit) * L::of(self.alpha), factor);
        let outside = factor * L::of(0.0);
        L::select(L::of(self.limit).le(gate), outside, inside)
    }

    #[inline(always)]
    fn gradients<L: Lane>(&self, gate: L, up: L, dy: L) -> (L, L) {
        let limits = L::of(self.limit).le(up.abs());
        let (bounded, other) = self.limited(gate, up);
        let inside = swish_times(bounded, bounded * L::of(self.alpha), dy);
        (
            self.slope_times(gate, (other + L::of(1.0)) * dy),
            L::select(limits, inside * L::of(0.0), inside),
        )
    }
}
