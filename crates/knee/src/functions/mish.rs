use alloc::vec::Vec;

use crate::activation::{Activation, InSingle};
use crate::declare::declare;
use crate::elementary::{beside_root, exp_falling, rise_from_root};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf, jax, keras, onnx, torch};
use crate::lane::Lane;

/// Where the slope is zero, and `exp(ROOT)`: root found with 300 bits.
const ROOT: [f64; 3] = [-1.1924312145154952, -4.8484829848031044e-17, -1.898915114090381e-33];

const ROOT_EXP: (f64, f64) = (0.3034825352815289, 1.981117434764409e-17);

declare! {
    /// `x` times the hyperbolic tangent of its softplus.
    ///
    /// # Formula
    /// `x * tanh(log(1 + exp(x)))`
    /// # Derivative
    /// `t + x * (1 - t^2) * sigmoid(x)` with `t = tanh(log(1 + exp(x)))`; zero at `x = -1.1924`.
    /// # Numerics
    /// With `e = exp(-|x|)` the tangent is a quotient of polynomials in `e`: `e (e + 2) / (e (e + 2) + 2)` on the left,
    /// `(1 + 2 e) / (1 + 2 e + 2 e^2)` on the right. The derivative has its zero as a factor.
    /// # Origin
    /// Misra 2019, <https://arxiv.org/abs/1908.08681>
    pub struct Mish {}
}

impl Activation for Mish {
    const NAME: &'static str = "mish";
    const LATEX: &'static str = r"x \tanh(\log(1 + e^x))";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Mish", &[]), torch("nn.Mish", &[]),
        jax("jax.nn.mish", &[]),
        keras("mish", &[]),
        hf("mish"),
    ];
    const IN_SINGLE: InSingle = InSingle::Fast;

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.308843413017250433, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.088498161251728),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of object detectors",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let e = exp_falling(-x.abs());
        let u = e.value();
        let (one, two) = (L::of(1.0), L::of(2.0));
        let left = (x.at_least(-1300.0) * (u + two)).over(u.mul_add(u + two, two));
        let right = (x * two.mul_add(u, one)).over((two * u).mul_add(u + one, one));
        L::select(x.lt(L::of(0.0)), e.times(left), right).within(-0.308843413017250433, x)
    }

    /// On the left the slope is `e w / (e^2 + 2 e + 2)^2` with `w(x) = 4 (x + 1) + 4 e^2 + e^3 + e (4 x + 6)`, which is zero at
    /// `x0`. With `d = x - x0`, `w(x) = w(x) - w(x0) = 4 d + 4 e d + (e - e0) (4 (e + e0) + e^2 + e e0 + e0^2 + 4 x0 + 6)`: every
    /// term has the sign of `d`, and `e - e0 = e0 (exp(d) - 1)`.
    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let bounded = x.at_least(-1300.0).at_most(1300.0);
        let e = exp_falling(-bounded.abs());
        let u = e.value();
        let (one, two, four) = (L::of(1.0), L::of(2.0), L::of(4.0));

        let (x0, e0) = (L::of_pair(ROOT[0], ROOT[1]), L::of_pair(ROOT_EXP.0, ROOT_EXP.1));
        let d = -bounded.at_most(0.0).subtracted_from(ROOT);
        let bracket = four * (u + e0) + u * u + u * e0 + e0 * e0 + four * x0 + L::of(6.0);
        let of_rise = (e0 * rise_from_root(d)).mul_add(bracket, four * u.mul_add(d, d));
        let slope = four.mul_add(bounded, L::of(6.0));
        let direct = (u * u).mul_add(u + four, u.mul_add(slope, four.mul_add(bounded, four)));
        let w = beside_root(d, of_rise, direct);
        // The divisor's square: two on the left, one on the right, and what is added to it.
        let (rising, falling) = (u + two, (u + u) * (u + one));
        let sum = u.mul_add(rising, two);
        let left = e.times(w * sum.inverse_square_of_sum(u.mul_add(rising, two - sum)));

        let (x4, u2) = (four * bounded, u * u);
        let numerator = u2.mul_add(u.mul_add(x4 + four, x4 + L::of(6.0)), u.mul_add(four, one));
        let sum = one + falling;
        let right = numerator * sum.inverse_square_of_sum(falling - (sum - one));
        L::select(x.lt(L::of(0.0)), left, right)
    }
}
