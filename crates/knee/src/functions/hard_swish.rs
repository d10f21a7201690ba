use alloc::vec;

use crate::activation::{Activation, InSingle};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf, jax, keras, onnx, torch};
use crate::lane::Lane;

declare! {
    /// Piecewise quadratic swish: `x` times the piecewise linear sigmoid.
    ///
    /// # Formula
    /// `x * min(max(x + 3, 0), 6) / 6`
    /// # Derivative
    /// `0 if x < -3 else 1 if x > 3 else (2 * x + 3) / 6`. At -3 it is `0`, at 3 it is `1`: the outer slopes.
    /// # Numerics
    /// `x * 6` is never formed, so nothing overflows.
    /// # Origin
    /// Howard et al. 2019, <https://arxiv.org/abs/1905.02244>
    pub struct HardSwish {}
}

impl Activation for HardSwish {
    const NAME: &'static str = "hard_swish";
    const ALIASES: &'static [&'static str] = &["hardswish", "hard_silu"];
    const LATEX: &'static str = r"\frac{x}{6} \min(\max(x + 3, 0), 6)";
    const FOREIGN: &'static [Foreign] = &[
        onnx("HardSwish", &[]), torch("nn.Hardswish", &[]),
        jax("jax.nn.hard_swish", &[]),
        jax("jax.nn.hard_silu", &[]),
        keras("hard_swish", &[]),
        keras("hard_silu", &[]),
        hf("hardswish"),
    ];
    const IN_SINGLE: InSingle = InSingle::Fast;

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.375, f64::INFINITY),
            monotone: Monotone::No,
            smoothness: Smoothness::Times(0),
            kinks: vec![Kink::new(-3.0, 0.0), Kink::new(3.0, 1.0)],
            flat: vec![Interval::open(f64::NEG_INFINITY, -3.0)],
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(1.5),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of mobile networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let inner = x.at_least(-3.0).at_most(3.0);
        let bend = inner * (inner + L::of(3.0)) * Self::sixth();
        let right = L::select(x.lt(L::of(3.0)), bend, x);
        L::select(x.le(L::of(-3.0)), L::of(-0.0), right)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let bend = (x + x + L::of(3.0)) * Self::sixth();
        let right = L::select(L::of(3.0).le(x), L::of(1.0), bend);
        L::select(x.le(L::of(-3.0)), L::of(0.0), right)
    }
}

impl HardSwish {
    #[inline(always)]
    fn sixth<L: Lane>() -> L {
        L::of_pair(0.16666666666666666, 9.25185853854297e-18)
    }
}
