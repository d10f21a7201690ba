use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::{Exponential, Lane};

declare! {
    /// A bell: the radial basis function.
    ///
    /// # Formula
    /// `exp(-x^2 / (2 * sigma^2))`
    /// # Derivative
    /// `-x / sigma^2 * exp(-x^2 / (2 * sigma^2))`
    /// # Numerics
    /// The square goes into the exponential unrounded, and the power of two is applied last, so that the far tails
    /// are rounded once. Some libraries have `exp(-x^2)`, which is `sigma = 0.7071`.
    /// # Origin
    /// Broomhead and Lowe 1988, Multivariable functional interpolation and adaptive networks.
    pub struct Gaussian {
        /// The width: the slope is steepest there.
        sigma: Positive = 1.0,
    }
}

impl Activation for Gaussian {
    const NAME: &'static str = "gaussian";
    const LATEX: &'static str = r"\exp\left(-\frac{x^2}{2 \sigma^2}\right)";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval { low: 0.0, high: 1.0, low_closed: false, high_closed: true },
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Saturates { limit: 0.0 },
            centre: Centre::OneSided,
            lipschitz: Some(0.6065306597126335 / self.sigma),
            initialisation: Initialisation::None,
            typical_use: "radial basis function networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        self.bell(x).value()
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        // Where the bell is below every subnormal number, the factor must not lift it.
        let reach = L::of(60.0) * L::of(self.sigma);
        let bounded = L::select(x.lt(-reach), -reach, L::select(reach.lt(x), reach, x));
        let square = L::of(self.sigma) * L::of(self.sigma);
        let far = self.bell(x).times(-(bounded / square));
        // A subnormal quotient is scaled last.
        let near = -(x.scale(L::of(600.0)) / square).scale(L::of(-600.0));
        L::select(x.abs().lt(L::of(1e-100)), near, far)
    }
}

impl Gaussian {
    /// `exp(-z^2 / 2)` with `z = x / sigma`, limited to 60: there it is below every subnormal number.
    #[inline(always)]
    fn bell<L: Lane>(self, x: L) -> Exponential<L> {
        let z = (x.abs() / L::of(self.sigma)).at_most(60.0);
        (z * z * L::of(-0.5)).exp()
    }
}
