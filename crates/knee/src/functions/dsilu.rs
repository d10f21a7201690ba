use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::swish_slope;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;

/// Where `a = 2 + exp(-a) (2 + a)`, the extrema at `a` and `-a`, and `exp(-a)`: root found with 400 bits.
const ROOT: [f64; 3] = [2.3993572805154675, 1.8464872855353363e-16, 1.0808311685947344e-33];
const ROOT_EXP: (f64, f64) = (0.0907762782268676, -4.307281675237286e-18);

declare! {
    /// The derivative of SiLU, as an activation: a sigmoid that overshoots on both sides.
    ///
    /// # Formula
    /// `sigmoid(x) * (1 + x * (1 - sigmoid(x)))`
    /// # Derivative
    /// `s * (1 - s) * (2 + x * (1 - 2 * s))` with `s = sigmoid(x)`; an even function, zero at `x = -2.3994` and `x = 2.3994`.
    /// # Numerics
    /// The value is the derivative of SiLU, whose zero at `x = -1.2785` is a factor. The derivative has its zeros as a factor
    /// and its tails scaled last.
    /// # Origin
    /// Elfwing, Uchibe and Doya 2017, <https://arxiv.org/abs/1702.03118>
    pub struct Dsilu {}
}

impl Activation for Dsilu {
    const NAME: &'static str = "dsilu";
    const LATEX: &'static str = r"\sigma(x) \left(1 + x (1 - \sigma(x))\right)";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.09983932012886691, 1.099839320128867),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Saturates { limit: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(0.5),
            initialisation: Initialisation::None,
            typical_use: "reinforcement learning, in place of a sigmoid",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        swish_slope(x)
    }

    /// With `a = |x|` and `e = exp(-a)` it is `e (2 - a + e (2 + a)) / (1 + e)^3`. The bracket is zero at `a0`; with
    /// `d = a0 - a` and `e0 = exp(-a0)` it is `(1 - e0) d + e0 (exp(d) - 1) (2 + a)`, where both terms have one sign.
    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let a = x.abs().at_most(1300.0);
        let e = (-a).exp();
        let inverse = L::of(1.0) / (L::of(1.0) + e.value());
        let d = a.subtracted_from(ROOT);
        let e0 = L::of_pair(ROOT_EXP.0, ROOT_EXP.1);
        let bracket = d * (L::of(1.0) - e0) + e0 * d.exp_m1() * (a + L::of(2.0));
        e.times(bracket * inverse * inverse * inverse)
    }
}
