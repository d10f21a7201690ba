use alloc::vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::beside_zero;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::lane::Lane;

/// Where the slope is zero: root of `(x + 2) exp(x) = 1` found with 400 bits.
const ROOT: [f64; 3] = [-0.4428544010023886, 1.4810791653201162e-17, -1.0322863355391758e-33];

declare! {
    /// ELU times the piecewise linear sigmoid of knots -1 and 1: the identity beyond 1, zero below -1.
    ///
    /// # Formula
    /// `x * clip((x + 1) / 2, 0, 1) if x >= 0 else (exp(x) - 1) * clip((x + 1) / 2, 0, 1)`
    /// # Derivative
    /// `0 if x <= -1 else ((x + 2) * exp(x) - 1) / 2 if x < 0 else x + 1 / 2 if x < 1 else 1`; zero at `x = -0.4429`. At -1
    /// it is `0`, at 1 it is `1`: the outer slopes.
    /// # Numerics
    /// `exp(x) - 1` is computed as one function. The derivative has its zero as a factor.
    /// # Origin
    /// Basirat and Roth 2018, <https://arxiv.org/abs/1808.00783>
    pub struct HardElish {}
}

impl Activation for HardElish {
    const NAME: &'static str = "hard_elish";
    const LATEX: &'static str = r"\operatorname{elu}(x) \min\left(\max\left(\frac{x + 1}{2}, 0\right), 1\right)";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.09967315152874262, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Times(0),
            kinks: vec![Kink::new(-1.0, 0.0), Kink::new(1.0, 1.0)],
            flat: vec![Interval::open(f64::NEG_INFINITY, -1.0)],
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.5),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of convolutional networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let gate = (x.at_least(-1.0).at_most(1.0) + L::of(1.0)) * L::of(0.5);
        let left = x.at_most(0.0).exp_m1() * gate;
        let far = L::select(x.lt(L::of(0.0)), left, x * gate);
        let value = beside_zero(x, L::of(0.5), far);
        L::select(x.le(L::of(-1.0)), L::of(-0.0), value)
    }

    /// Between -1 and 0 it is `((x + 2) exp(x) - 1) / 2`, and `(x0 + 2) exp(x0) = 1`. With `d = x - x0` the difference of the
    /// two is `exp(x0) (d + (exp(d) - 1) (x + 2))`, and both terms have the sign of `d`.
    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let bounded = x.at_least(-1.0).at_most(0.0);
        let d = -bounded.subtracted_from(ROOT);
        // exp(x0) / 2
        let half = L::of_pair(0.3211003520299369, -1.0099039544284894e-17);
        let left = half * (d + d.exp_m1() * (bounded + L::of(2.0)));
        let left = L::select(x.le(L::of(-1.0)), L::of(0.0), left);
        let right = L::select(L::of(1.0).le(x), L::of(1.0), x + L::of(0.5));
        L::select(x.lt(L::of(0.0)), left, right)
    }
}
