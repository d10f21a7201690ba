use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{tanh, tanh_slope};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;

declare! {
    /// A hyperbolic tangent that is the identity near 0 and limited to a cap.
    ///
    /// # Formula
    /// `cap * tanh(x / cap)`
    /// # Derivative
    /// `1 - tanh(x / cap)^2`
    /// # Numerics
    /// The slope as `4 e / (1 + e)^2` with `e = exp(-2 |x| / cap)`. Where `|x|` is below 1e-12 of the cap it is the
    /// identity to every digit.
    /// # Origin
    /// Gemma Team, Gemma 2, 2024, <https://arxiv.org/abs/2408.00118>
    pub struct Softcap {
        /// The limit of the values. Frameworks that take 0 for "no cap" mean the identity.
        cap: Positive = 50.0,
    }
}

impl Activation for Softcap {
    const NAME: &'static str = "softcap";
    const ALIASES: &'static [&'static str] = &["logit_softcapping", "tanh_softcap"];
    const LATEX: &'static str = r"c \tanh(x / c)";
    const FROM_OUTPUT: Option<f64> = Some(0.51);

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::open(-self.cap, self.cap),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: -self.cap },
            right: Tail::Saturates { limit: self.cap },
            centre: Centre::Odd,
            lipschitz: Some(1.0),
            initialisation: Initialisation::None,
            typical_use: "logits of attention and of the output in language models",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let z = x / L::of(self.cap);
        L::select(z.abs().lt(L::of(1e-12)), x, L::of(self.cap) * tanh(z))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        tanh_slope(x / L::of(self.cap))
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        let cap = L::of(self.cap);
        ((cap - y) / cap) * ((cap + y) / cap)
    }
}
