use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{Root, beside_zero, exp_of_quarters};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::{Lane, Polynomial};

/// The root of the slope. The quotient: degree 13, relative error 2^-53.1; degree 17, 2^-69.6.
const ROOT: Root<14, 6, 12> = Root {
    at: [-0.5671432904097838, -3.2888566875211743e-17, 7.3961683801316895e-34],
    radius: 0.25,
    quotient: Polynomial {
        single: [
            0.473868632539215, 0.44741300296335496, -0.1857266898471163, -0.16614236916636732, 0.10451218331955967,
            0.02264502889288406, -0.0372032892022431, 0.0072426713764275966, 0.0063110232520709585,
            -0.004089543494180694, 0.0002755241014342555, 0.0007209573715505879, -0.00033910330006708814,
            7.1289351791676815e-06,
        ],
        quick: &[],
        head: [
            (0.473868632539215, -1.3887427336909532e-17), (0.447413002963355, -2.1512238867601705e-17),
            (-0.18572668984707488, 1.964318491719836e-18), (-0.16614236916638592, 8.264462789227318e-18),
            (0.10451218330895858, 1.3281536830525021e-18), (0.022645028897645164, 6.311692030858867e-19),
        ],
        tail: [
            -0.03720328818468949, 0.007242670918945236, 0.0063109767474823835, -0.004089522547217614,
            0.0002766148923742562, 0.0007204643940968578, -0.00035178357308857653, 1.289996787535522e-05,
            5.7790830176469975e-05, -2.6866296241667387e-05, 1.3261722776595477e-06, 3.647491449324781e-06,
        ],
    },
};

declare! {
    /// Gompertz linear unit: `x` times the Gompertz function, whose left tail is doubly exponential.
    ///
    /// # Formula
    /// `x * exp(-exp(-x))`
    /// # Derivative
    /// `exp(-exp(-x)) * (1 + x * exp(-x))`; zero at `x = -0.5671`.
    /// # Numerics
    /// The outer exponential multiplies the error of the inner one by up to 750, so the inner one is computed to more digits.
    /// The outer one is scaled last; from `x = -6.7` on it is zero in every type. Beside the root the derivative is a
    /// polynomial with the root as a factor.
    /// # Origin
    /// Das et al. 2025, <https://arxiv.org/abs/2502.03654>
    pub struct Golu {}
}

impl Activation for Golu {
    const NAME: &'static str = "golu";
    const ALIASES: &'static [&'static str] = &["gompertz_linear_unit"];
    const LATEX: &'static str = r"x e^{-e^{-x}}";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.09726013122763941, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.1133972752756767),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of convolutional networks and of Transformers",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let bounded = x.at_least(-6.7);
        let far = (-exp_of_quarters(-bounded)).exp().times(bounded);
        // exp(-1)
        beside_zero(x, L::of_pair(0.36787944117144233, -1.2428753672788363e-17), far)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let bounded = x.at_least(-6.7).at_most(1300.0);
        let inner = exp_of_quarters(-bounded);
        let far = (-inner).exp().times(L::of(1.0) + bounded * inner);
        ROOT.slope(x, far)
    }
}
