use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{swish, swish_slope};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, maps, onnx};
use crate::lane::Lane;

declare! {
    /// `x` times the sigmoid of `beta * x`: half the identity for `beta = 0`, ReLU for a large `beta`.
    ///
    /// # Formula
    /// `x / (1 + exp(-beta * x))`
    /// # Derivative
    /// `s * (1 + beta * x * (1 - s))` with `s = sigmoid(beta * x)`: the derivative of SiLU at `beta * x`.
    /// # Traps
    /// `beta = 1.702` is `quick_gelu`, and `beta = 1` is `silu`.
    /// # Numerics
    /// As for SiLU, with `beta * x` as an exact product.
    /// # Origin
    /// Ramachandran, Zoph and Le 2017, <https://arxiv.org/abs/1710.05941>
    pub struct SwishBeta {
        /// The sharpness of the bend.
        beta: Finite = 1.0,
    }
}

impl Activation for SwishBeta {
    const NAME: &'static str = "swish_beta";
    const LATEX: &'static str = r"\frac{x}{1 + e^{-\beta x}}";
    const FOREIGN: &'static [Foreign] = &[onnx("Swish", &[maps("alpha", 1.0, "beta")])];

    fn facts(&self) -> Facts {
        let beta = self.beta;
        let dip = -0.2784645427610738 / beta;
        let (identity, zero) = (Tail::Linear { slope: 1.0 }, Tail::Saturates { limit: 0.0 });
        let half = Tail::Linear { slope: 0.5 };
        let (range, monotone, left, right) = if beta > 0.0 {
            (Interval::closed(dip, f64::INFINITY), Monotone::No, zero, identity)
        } else if beta < 0.0 {
            (Interval::closed(f64::NEG_INFINITY, dip), Monotone::No, identity, zero)
        } else {
            (Interval::ALL, Monotone::NonDecreasing, half, half)
        };
        Facts {
            range,
            monotone,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left,
            right,
            centre: if beta == 0.0 { Centre::Odd } else { Centre::BothSigns },
            lipschitz: Some(if beta == 0.0 { 0.5 } else { 1.099839320128867 }),
            initialisation: Initialisation::He,
            typical_use: "hidden layers, with `beta` learned or fixed",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        swish(x, self.product(x))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        swish_slope(self.product(x))
    }
}

impl SwishBeta {
    /// `beta * x`; the limit to finite numbers makes it 0 for `beta = 0` at the infinities as well.
    #[inline(always)]
    pub(crate) fn product<L: Lane>(self, x: L) -> L {
        L::of(self.beta) * x.at_least(-f64::MAX).at_most(f64::MAX)
    }
}
