use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;

/// The root of 3, in three parts.
const SQRT_3: [f64; 3] = [1.7320508075688772, 1.0035084221806903e-16, -1.4959542475733896e-33];

declare! {
    /// The negative second derivative of a bell: a wavelet.
    ///
    /// # Formula
    /// `(1 - x^2) * exp(-x^2 / 2)`
    /// # Derivative
    /// `(x^3 - 3 * x) * exp(-x^2 / 2)`
    /// # Numerics
    /// The roots of the value, `-1` and `1`, and of the derivative, `0` and `-sqrt(3)` and `sqrt(3)`, are factors,
    /// so that both keep their digits there. The tails are scaled last.
    /// # Origin
    /// Ricker 1953; as an activation, Zhang and Benveniste 1992, Wavelet networks.
    pub struct MexicanHat {}
}

impl Activation for MexicanHat {
    const NAME: &'static str = "mexican_hat";
    const ALIASES: &'static [&'static str] = &["ricker"];
    const LATEX: &'static str = r"(1 - x^2) e^{-x^2 / 2}";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.44626032029685964, 1.0),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Saturates { limit: 0.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.3801190461607493),
            initialisation: Initialisation::None,
            typical_use: "wavelet networks; Kolmogorov-Arnold networks of wavelets",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let a = x.abs().at_most(60.0);
        (a * a * L::of(-0.5)).exp().times((L::of(1.0) - a) * (L::of(1.0) + a))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let bounded = x.at_least(-60.0).at_most(60.0);
        let a = bounded.abs();
        let product = a.subtracted_from(SQRT_3) * (a + L::of_pair(SQRT_3[0], SQRT_3[1]));
        (a * a * L::of(-0.5)).exp().times(-(bounded * product))
    }
}
