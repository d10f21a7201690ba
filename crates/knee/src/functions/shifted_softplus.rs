use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{LN_2, ln_1p_ratio, logistic};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;

declare! {
    /// Softplus moved down so that it passes through 0.
    ///
    /// # Formula
    /// `softplus(x) - log(2)`, which is `log((exp(x) + 1) / 2)`
    /// # Derivative
    /// `1 / (1 + exp(-x))`
    /// # Numerics
    /// Up to 1 it is `log(1 + v)` with `v = (exp(x) - 1) / 2` computed as one function each, so that the zero at 0
    /// costs no digit; beyond, `x + log(1 + exp(-x)) - log(2)`.
    /// # Origin
    /// Schütt, Kindermans, Sauceda, Chmiela, Tkatchenko and Müller 2017, <https://arxiv.org/abs/1706.08566>
    pub struct ShiftedSoftplus {}
}

impl Activation for ShiftedSoftplus {
    const NAME: &'static str = "shifted_softplus";
    const LATEX: &'static str = r"\log\left(\frac{1}{2} e^x + \frac{1}{2}\right)";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::open(-LN_2.0, f64::INFINITY),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: -LN_2.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.0),
            initialisation: Initialisation::He,
            typical_use: "networks for the energy of molecules, whose second derivative matters",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let v = x.at_most(1.0).exp_m1() * L::of(0.5);
        let e = (-x.abs()).exp();
        let right = x + (e.times(ln_1p_ratio(e.value())) - L::of_pair(LN_2.0, LN_2.1));
        L::select(L::of(1.0).lt(x), right, v * ln_1p_ratio(v))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        logistic(x)
    }
}
