use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{Root, beside_zero, ln_1p_ratio};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::{Lane, Polynomial};

/// The root of the slope. The quotient: degree 11, relative error 2^-52.9; degree 15, 2^-72.6.
const ROOT: Root<12, 5, 11> = Root {
    at: [-1.282051049260126, -1.7360430324486467e-17, 4.605861723798406e-34],
    radius: 0.25,
    quotient: Polynomial {
        single: [
            0.21841811899220048, 0.14750166868317768, 0.01845634013525648, -0.016811872319751318,
            -0.008128736505599017, -0.0006520010718192163, 0.0006125517581857655, 0.00022039732585807584,
            6.286354524126921e-06, -1.278870410004262e-05, -1.750284181660046e-06, 8.298257352935217e-07,
        ],
        quick: &[],
        head: [
            (0.2184181189922005, -9.899247807919465e-18), (0.14750166868317766, 1.3808638637454672e-17),
            (0.018456340135249202, -1.083323711410837e-18), (-0.016811872319748733, 1.327945876240784e-18),
            (-0.008128736504238994, -2.133665580434709e-20),
        ],
        tail: [
            -0.0006520010723020669, 0.0006125516651658355, 0.0002203973588093678, 6.289235216683085e-06,
            -1.2789720214997864e-05, -1.791568635569182e-06, 8.442568733634824e-07, 2.253711677500257e-07,
            -7.663175833803711e-08, -4.426592942673994e-08, -2.852790566576621e-09,
        ],
    },
};

declare! {
    /// `x` times a logarithm of a double exponential; its slope rises from 0 to `log 2`.
    ///
    /// # Formula
    /// `x * log(2 - exp(-exp(x)))`
    /// # Derivative
    /// `log(2 - g) + x * exp(x) * g / (2 - g)` with `g = exp(-exp(x))`; zero at `x = -1.2821`.
    /// # Numerics
    /// `log(1 + w)` with `w = 1 - exp(-u)` computed as one function of `u = exp(x)`: the difference `2 - g` would lose every
    /// digit on the left. There `u` is scaled last; on the right it is limited where `w` is 1. Beside the root the derivative
    /// is a polynomial with the root as a factor.
    /// # Origin
    /// Kaytan et al., Gish, 2023.
    pub struct Gish {}
}

impl Activation for Gish {
    const NAME: &'static str = "gish";
    const LATEX: &'static str = r"x \log\left(2 - e^{-e^x}\right)";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.27815946089638693, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: core::f64::consts::LN_2 },
            centre: Centre::BothSigns,
            lipschitz: Some(0.7527045710856695),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of convolutional networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let e = x.at_most(5.0).exp();
        let (w, ratio) = Self::complement(e.value());
        let bend = ln_1p_ratio(w);
        let left = e.times(x.at_least(-1300.0) * ratio * bend);
        let far = L::select(x.lt(L::of(0.0)), left, x * (w * bend));
        // log(2 - 1/e)
        beside_zero(x, L::of_pair(0.48988012564475, 1.4798225511908878e-18), far)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let bounded = x.at_least(-1300.0).at_most(5.0);
        let e = bounded.exp();
        let one = L::of(1.0);
        let (w, ratio) = Self::complement(e.value());
        let far = e.times(ratio * ln_1p_ratio(w) + bounded * (one - w) / (one + w));
        ROOT.slope(x, far)
    }
}

impl Gish {
    /// `1 - exp(-u)`, and the same divided by `u`, for `u >= 0`.
    #[inline(always)]
    fn complement<L: Lane>(u: L) -> (L, L) {
        // Below, the quotient is 1 to every digit that a lane holds.
        let u = u.at_least(1e-40);
        let w = -(-u).exp_m1();
        (w, w / u)
    }
}
