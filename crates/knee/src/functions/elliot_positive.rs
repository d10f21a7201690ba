use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::inverse_square;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;

declare! {
    /// Softsign moved to values between 0 and 1.
    ///
    /// # Formula
    /// `0.5 * x / (1 + |x|) + 0.5`
    /// # Derivative
    /// `0.5 / (1 + |x|)^2`
    /// # Numerics
    /// With `h = 0.5 / (1 + |x|)` the value is `h` on the left and `1 - h` on the right, so the left tail keeps its
    /// digits. The slope is scaled last.
    /// # Origin
    /// Elliott 1993, University of Maryland TR 93-8.
    pub struct ElliotPositive {}
}

impl Activation for ElliotPositive {
    const NAME: &'static str = "elliot_positive";
    const LATEX: &'static str = r"\frac{1}{2} \left(\frac{x}{1 + |x|} + 1\right)";
    const FROM_OUTPUT: Option<f64> = Some(0.51);

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::open(0.0, 1.0),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(1),
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Saturates { limit: 1.0 },
            centre: Centre::OneSided,
            lipschitz: Some(0.5),
            initialisation: Initialisation::None,
            typical_use: "gates, in place of the sigmoid, where an exponential is expensive",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let tail = L::of(0.5) / (L::of(1.0) + x.abs());
        L::select(x.lt(L::of(0.0)), tail, L::of(1.0) - tail)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        inverse_square(0.5, L::of(1.0) + x.abs())
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        let rest = L::select(y.lt(L::of(0.5)), y, L::of(1.0) - y);
        (rest + rest) * rest
    }
}
