use alloc::vec::Vec;

use crate::activation::{Activation, InSingle};
use crate::declare::declare;
use crate::elementary::{beside_root, inverse_square_of_1_plus, rise_from_root};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf, jax, keras, onnx, requires, torch};
use crate::lane::{Exponential, Lane};

/// Where the slope is zero at `-ROOT`, and `exp(-2 u(ROOT))`: root found with 300 bits.
const ROOT: [f64; 3] = [0.7524614220710163, -3.635560509207687e-17, 2.5415595389660457e-33];

const ROOT_EXP: (f64, f64) = (0.29195521191476714, -8.582607951729513e-18);

declare! {
    /// The approximation of GELU by a hyperbolic tangent; it differs from GELU by up to 0.0005.
    ///
    /// # Formula
    /// `x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))`
    /// # Derivative
    /// `s + 2 * x * s * (1 - s) * sqrt(2 / pi) * (1 + 0.134145 * x^2)` with `s = sigmoid(2 * u)` and
    /// `u = sqrt(2 / pi) * (x + 0.044715 * x^3)`; zero at `x = -0.7525`.
    /// # Traps
    /// In JAX, candle, tinygrad and `NNlib` `gelu` without an argument is this approximation, not the exact function.
    /// # Numerics
    /// `x * sigmoid(2 u)`, because `1 + tanh` loses every digit on the left. The derivative has its zero as a factor, and
    /// `u'` is limited where `s (1 - s)` is zero, so that no infinity meets it.
    /// # Origin
    /// Hendrycks and Gimpel 2016, <https://arxiv.org/abs/1606.08415>
    pub struct GeluTanh {}
}

impl Activation for GeluTanh {
    const NAME: &'static str = "gelu_tanh";
    const ALIASES: &'static [&'static str] = &["gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_accurate"];
    const LATEX: &'static str = r"\frac{x}{2} \left(1 + \tanh\left(\sqrt{2/\pi}\,(x + 0.044715 x^3)\right)\right)";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Gelu", &[requires("approximate", 0.0, 1.0)]),
        onnx("com.microsoft.FastGelu", &[]),
        torch("nn.GELU", &[requires("approximate", 0.0, 1.0)]),
        jax("jax.nn.gelu", &[requires("approximate", 1.0, 1.0)]),
        keras("gelu", &[requires("approximate", 0.0, 1.0)]),
        hf("gelu_new"),
        hf("gelu_fast"),
        hf("gelu_pytorch_tanh"),
        hf("gelu_python_tanh"),
        hf("gelu_accurate"),
    ];
    const IN_SINGLE: InSingle = InSingle::Fast;

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.17004075057125406, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.1289930686587717),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of Transformers, where the weights were trained with it",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let e = Self::exponential(x.abs().at_most(FAR));
        let right = x.at_least(-FAR).over(L::of(1.0) + e.value());
        L::select(x.lt(L::of(0.0)), e.times(right), right).within(-0.17004075057125406, x)
    }

    /// With `a = |x|`, `z(a) = 2 u(a)`, `e = exp(-z)` and `v(a) = a z'(a)`: on the left the slope is `e (1 + e - v) / (1 + e)^2`.
    /// The bracket is zero at `a0`, so it equals `(e - e0) + (v0 - v)`; with `d = a0 - a` both differences have `d` as a factor
    /// and the same sign.
    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let a = x.abs().at_most(FAR);
        let (scale, cubic) = (Self::scale::<L>(), Self::cubic::<L>());
        let root = L::of_pair(ROOT[0], ROOT[1]);
        let d = a.subtracted_from(ROOT);
        // (a0^3 - a^3) / (a0 - a)
        let cubes = cubic * (root * root + root * a + a * a);
        let scaled = scale * d;
        let z_difference = scaled.mul_add(cubes, scaled);
        let v_difference = scaled.mul_add(L::of(3.0) * cubes, scaled);
        let of_rise = L::of_pair(ROOT_EXP.0, ROOT_EXP.1).mul_add(rise_from_root(z_difference), v_difference);
        let e = Self::exponential(a);
        let factor = (scale * cubic * L::of(3.0)).mul_add(a * a, scale);
        let direct = (-a).mul_add(factor, L::of(1.0) + e.value());
        let bracket = beside_root(z_difference, of_rise, direct);
        let left = e.times(bracket * inverse_square_of_1_plus(e.value()));
        L::select(x.lt(L::of(0.0)), left, L::of(1.0) - left)
    }
}

/// Beyond it the sigmoid is 0 or 1 in every lane, and the cube does not overflow.
const FAR: f64 = 60.0;

/// `2 sqrt(2 / pi)`, and that times 0.044715.
const LINEAR: (f64, f64) = (1.5957691216057308, -9.96930880911092e-17);
const CUBIC: (f64, f64) = (0.07135481627260025, -6.175149918155315e-19);

impl GeluTanh {
    /// `exp(-2 u)`, with the argument `u = sqrt(2 / pi) (a + 0.044715 a^3)` of the tangent.
    #[inline(always)]
    fn exponential<L: Lane>(a: L) -> Exponential<L> {
        (-a).exp_of_cubic(LINEAR, CUBIC)
    }

    /// `2 sqrt(2 / pi)`.
    #[inline(always)]
    fn scale<L: Lane>() -> L {
        L::of_pair(LINEAR.0, LINEAR.1)
    }

    /// 0.044715, the decimal number itself.
    #[inline(always)]
    fn cubic<L: Lane>() -> L {
        L::of_pair(0.044715, 2.1960211427085595e-18)
    }
}
