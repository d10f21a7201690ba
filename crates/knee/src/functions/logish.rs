use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{Root, beside_zero, ln_1p_ratio};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::{Lane, Polynomial};

/// The root of the slope. The quotient: degree 11, relative error 2^-53.6; degree 15, 2^-71.0.
const ROOT: Root<12, 5, 11> = Root {
    at: [-1.3724541370256922, 7.791774027651745e-17, -2.8780500737322957e-33],
    radius: 0.25,
    quotient: Polynomial {
        single: [
            0.18341467184783952, 0.1086792851437427, 0.0031532229721759246, -0.014993584924536323,
            -0.003679910632192863, 0.0010926871791779077, 0.0006480648748901566, 2.620145533026256e-06,
            -6.977633611499448e-05, -1.313178413308429e-05, 4.787522603413042e-06, 2.129120812769996e-06,
        ],
        quick: &[],
        head: [
            (0.18341467184783952, 7.50550126430698e-18), (0.1086792851437427, -5.9448182703479114e-18),
            (0.00315322297217942, -1.4482090999396837e-19), (-0.014993584924528795, 1.0729722094631079e-19),
            (-0.0036799106328445604, 1.0110903722735682e-21),
        ],
        tail: [
            0.001092687177772181, 0.0006480649192723765, 2.620241563586971e-06, -6.977769931008732e-05,
            -1.3134751271942766e-05, 4.806718593637803e-06, 2.171438820758596e-06, -9.921812715385853e-08,
            -2.276532401412854e-07, -2.696949386275903e-08, 1.6701418921184507e-08,
        ],
    },
};

declare! {
    /// `x` times the logarithm of 1 plus its sigmoid.
    ///
    /// # Formula
    /// `x * log(1 + sigmoid(x))`
    /// # Derivative
    /// `log(1 + s) + x * s * (1 - s) / (1 + s)` with `s = sigmoid(x)`; zero at `x = -1.3725`.
    /// # Numerics
    /// `log(1 + s) = s log(1 + s) / s` with a smooth quotient; on the left `s = e / (1 + e)` with `e = exp(x)`, which is
    /// scaled last. Beside the root the derivative is a polynomial with the root as a factor.
    /// # Origin
    /// Zhu et al., Logish, Neurocomputing 2021.
    pub struct Logish {}
}

impl Activation for Logish {
    const NAME: &'static str = "logish";
    const LATEX: &'static str = r"x \log(1 + \sigma(x))";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.25276881678944035, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: core::f64::consts::LN_2 },
            centre: Centre::BothSigns,
            lipschitz: Some(0.7463111804127397),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of convolutional networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let negative = x.lt(L::of(0.0));
        let e = (-x.abs()).exp();
        let u = e.value();
        let one = L::of(1.0);
        let sigmoid = L::select(negative, u, one) / (one + u);
        let bend = ln_1p_ratio(sigmoid);
        let left = e.times(x.at_least(-1300.0) * bend / (one + u));
        let far = L::select(negative, left, x * (sigmoid * bend));
        // log(3/2)
        beside_zero(x, L::of_pair(0.4054651081081644, -2.8811380259626426e-18), far)
    }

    /// `s (1 - s) / (1 + s)` is `e / ((1 + e) (1 + 2 e))` on the left and, with `e = exp(-x)`, `e / ((1 + e) (2 + e))` on the
    /// right.
    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let bounded = x.at_least(-1300.0).at_most(1300.0);
        let negative = x.lt(L::of(0.0));
        let e = (-bounded.abs()).exp();
        let u = e.value();
        let (one, two) = (L::of(1.0), L::of(2.0));
        let inverse = one / (one + u);
        let sigmoid = L::select(negative, u, one) * inverse;
        let bend = ln_1p_ratio(sigmoid);
        let left = e.times(inverse * (bend + bounded / (one + two * u)));
        let right = sigmoid * bend + bounded * u * inverse / (two + u);
        ROOT.slope(x, L::select(negative, left, right))
    }
}
