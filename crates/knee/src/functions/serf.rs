use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{Root, beside_zero, erf, erf_ratio, ln_1p_ratio};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::{Lane, Polynomial};

/// The root of the slope. The quotient: degree 11, relative error 2^-51.7; degree 15, 2^-68.7.
const ROOT: Root<12, 5, 11> = Root {
    at: [-1.193059968928188, 3.096701676302884e-17, -2.5427465889445786e-33],
    radius: 0.25,
    quotient: Polynomial {
        single: [
            0.3015048893629912, 0.23161220121136641, 0.047545691042669515, -0.023334206031326566,
            -0.018713084025965384, -0.004524531640500755, 0.0008716953174001138, 0.0010481495150718753,
            0.00033212614925820906, -1.2214506714258703e-06, -4.494116601860211e-05, -1.8072102008891855e-05,
        ],
        quick: &[],
        head: [
            (0.30150488936299114, -5.271306604335556e-18), (0.23161220121136644, 3.105761521838737e-18),
            (0.04754569104272783, -1.932585651701594e-18), (-0.02333420603137727, -1.118305995950037e-18),
            (-0.018713084036873256, 4.942653478188283e-19),
        ],
        tail: [
            -0.004524531631039619, 0.0008716960652284686, 0.001048148869724672, 0.000332102885581557,
            -1.2015685549776729e-06, -4.4604602854195216e-05, -1.835391492112686e-05, -1.8890215713591981e-06,
            1.487255769102559e-06, 8.022871527113735e-07, 1.3436953372637597e-07,
        ],
    },
};

declare! {
    /// `x` times the error function of its softplus.
    ///
    /// # Formula
    /// `x * erf(softplus(x))`
    /// # Derivative
    /// `erf(p) + 2 / sqrt(pi) * x * exp(-(p^2)) * sigmoid(x)` with `p = softplus(x)`; zero at `x = -1.1931`.
    /// # Numerics
    /// On the left `p = u log(1 + u) / u` and `erf(p) = p erf(p) / p` with `u = exp(x)`: two smooth quotients, and `u` is
    /// scaled last. Beside the root the derivative is a polynomial with the root as a factor.
    /// # Origin
    /// Nag and Bhattacharyya 2021, <https://arxiv.org/abs/2108.09598>
    pub struct Serf {}
}

impl Activation for Serf {
    const NAME: &'static str = "serf";
    const LATEX: &'static str = r"x \operatorname{erf}(\log(1 + e^x))";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.3484374587596064, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.086125444150997),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of convolutional networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let e = (-x.abs()).exp();
        let u = e.value();
        let bend = ln_1p_ratio(u);
        let left = e.times(x.at_least(-1300.0) * bend * erf_ratio(u * bend));
        let right = x * erf(x.at_most(40.0) + u * bend);
        let far = L::select(x.lt(L::of(0.0)), left, right);
        // erf(log 2)
        beside_zero(x, L::of_pair(0.673041289742525, -3.655571463062963e-17), far)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let bounded = x.at_least(-1300.0).at_most(30.0);
        let e = (-bounded.abs()).exp();
        let u = e.value();
        let bend = ln_1p_ratio(u);
        let negative = x.lt(L::of(0.0));
        let p = u * bend + L::select(negative, L::of(0.0), bounded);
        // 2 / sqrt(pi)
        let scale = L::of_pair(1.1283791670955126, 1.533545961316588e-17);
        let second = scale * bounded * (-(p * p)).exp().value() / (L::of(1.0) + u);
        let left = e.times(bend * erf_ratio(p) + second);
        ROOT.slope(x, L::select(negative, left, erf(p) + second))
    }
}
