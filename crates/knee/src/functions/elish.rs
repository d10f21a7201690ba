use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{beside_zero, swish, swish_slope};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;

/// `log(sqrt(2) - 1)`, where the slope is zero, computed with 400 bits.
const ROOT: [f64; 3] = [-0.881373587019543, 2.250545892825866e-17, -2.9665892654081693e-34];
/// `sqrt(2) - 1` and `sqrt(2) + 1`.
const ROOT_EXP: (f64, f64) = (0.41421356237309503, 1.4349369327986523e-17);
const OTHER: (f64, f64) = (2.414213562373095, 1.2537167179050217e-16);

declare! {
    /// SiLU on the right, ELU times the sigmoid on the left.
    ///
    /// # Formula
    /// `x * sigmoid(x) if x >= 0 else (exp(x) - 1) * sigmoid(x)`
    /// # Derivative
    /// `s * (1 + x * (1 - s)) if x >= 0 else s * (exp(x) + (exp(x) - 1) * (1 - s))` with `s = sigmoid(x)`; zero at
    /// `x = log(sqrt(2) - 1)`.
    /// # Numerics
    /// The left tail is `exp(x) (exp(x) - 1) / (1 + exp(x))`, scaled last, with `exp(x) - 1` computed as one function. The
    /// derivative has its zero as a factor.
    /// # Origin
    /// Basirat and Roth 2018, <https://arxiv.org/abs/1808.00783>
    pub struct Elish {}
}

impl Activation for Elish {
    const NAME: &'static str = "elish";
    const LATEX: &'static str = r"\begin{cases} x\,\sigma(x) & x \ge 0 \\ (e^x - 1)\,\sigma(x) & x < 0 \end{cases}";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.1715728752538099, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Times(1),
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.099839320128867),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of convolutional networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let bounded = x.at_most(0.0);
        let e = bounded.exp();
        let left = e.times(bounded.exp_m1() / (L::of(1.0) + e.value()));
        let far = L::select(x.lt(L::of(0.0)), left, swish(x, x));
        beside_zero(x, L::of(0.5), far)
    }

    /// On the left, with `e = exp(x)`, it is `e (e^2 + 2 e - 1) / (1 + e)^2`. The bracket is `(e - e0) (e + e0 + 2)` with
    /// `e0 = sqrt(2) - 1`, and `e - e0 = e0 (exp(x - x0) - 1)`.
    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let bounded = x.at_most(0.0);
        let e = bounded.exp();
        let u = e.value();
        let inverse = L::of(1.0) / (L::of(1.0) + u);
        let difference = L::of_pair(ROOT_EXP.0, ROOT_EXP.1) * (-bounded.subtracted_from(ROOT)).exp_m1();
        let other = u + L::of_pair(OTHER.0, OTHER.1);
        let left = e.times(difference * other * inverse * inverse);
        L::select(x.lt(L::of(0.0)), left, swish_slope(x))
    }
}
