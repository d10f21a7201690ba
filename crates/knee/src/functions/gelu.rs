use alloc::vec::Vec;

use crate::activation::{Activation, InSingle};
use crate::declare::declare;
use crate::elementary::{upper_tail_slope, upper_tail_times_itself};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf, jax, keras, onnx, requires, torch};
use crate::lane::Lane;

declare! {
    /// Gaussian error linear unit: `x` times the normal distribution function, in its exact form.
    ///
    /// # Formula
    /// `x * Phi(x)`, `Phi` the distribution function of the standard normal
    /// # Derivative
    /// `Phi(x) + x * phi(x)`, `phi` the density; zero at `x = -0.7518`.
    /// # Traps
    /// The name alone is this function in `PyTorch`, Keras, TensorFlow, ONNX and as `gelu` in transformers; it is the approximation by
    /// tanh, `gelu_tanh`, in JAX, candle, tinygrad and `NNlib`, and as `gelu_new` or `gelu_fast` in transformers.
    /// # Numerics
    /// `max(x, 0) - |x| Q(|x|)` with the upper tail `Q(a) = exp(-a^2/2) R(a)`: `x (1 + erf(x / sqrt 2)) / 2` loses every digit
    /// on the left. The derivative has its zero as a factor.
    /// # Origin
    /// Hendrycks and Gimpel 2016, <https://arxiv.org/abs/1606.08415>
    pub struct Gelu {}
}

impl Activation for Gelu {
    const NAME: &'static str = "gelu";
    const ALIASES: &'static [&'static str] = &["gelu_erf", "gelu_exact"];
    const LATEX: &'static str = r"\frac{x}{2} \left(1 + \operatorname{erf}\frac{x}{\sqrt 2}\right)";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Gelu", &[requires("approximate", 0.0, 0.0)]),
        onnx("com.microsoft.Gelu", &[]),
        torch("nn.GELU", &[requires("approximate", 0.0, 0.0)]),
        jax("jax.nn.gelu", &[requires("approximate", 1.0, 0.0)]),
        keras("gelu", &[requires("approximate", 0.0, 0.0)]),
        hf("gelu"),
        hf("gelu_python"),
    ];
    const IN_SINGLE: InSingle = InSingle::Fast;

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.16997120747990366, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.1289041451851547),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of Transformers",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let a = x.abs();
        let tail = upper_tail_times_itself(a);
        // Near 0 it is half the identity; the products above would round a subnormal `f64` more than once.
        let left = if L::DIGITS > 53 { L::select(a.lt(L::of(1e-100)), a * L::of(0.5), tail) } else { tail };
        if L::DIGITS == 53 {
            // The tail is never 0 in this lane, so the difference has its sign.
            return x.at_least(0.0) - left;
        }
        L::select(x.lt(L::of(0.0)), -left, x - left).within(-0.16997120747990366, x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let left = upper_tail_slope(x.abs());
        L::select(x.lt(L::of(0.0)), left, L::of(1.0) - left)
    }
}
