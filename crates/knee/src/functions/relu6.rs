use alloc::vec;

use crate::activation::{Activation, Budget, InSingle};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf, jax, keras, onnx, requires, torch};
use crate::lane::Lane;

declare! {
    /// Rectified linear unit with a ceiling at 6.
    ///
    /// # Formula
    /// `min(max(x, 0), 6)`
    /// # Derivative
    /// `1 if |x - 3| < 3 else 0`. At 0 and at 6 it is `0`.
    /// # Numerics
    /// Exact. `-0.0` stays `-0.0`.
    /// # Origin
    /// Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10.
    pub struct Relu6 {}
}

impl Activation for Relu6 {
    const NAME: &'static str = "relu6";
    const LATEX: &'static str = r"\min(\max(x, 0), 6)";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Clip", &[requires("min", f64::NEG_INFINITY, 0.0), requires("max", f64::INFINITY, 6.0)]),
        torch("nn.ReLU6", &[]),
        jax("jax.nn.relu6", &[]),
        keras("relu6", &[]),
        hf("relu6"),
    ];
    const BUDGET: Budget = Budget { forward: 0.0, derivative: 0.0 };
    const IN_SINGLE: InSingle = InSingle::Exact;

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(0.0, 6.0),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(0),
            kinks: vec![Kink::new(0.0, 0.0), Kink::new(6.0, 0.0)],
            flat: vec![Interval::open(f64::NEG_INFINITY, 0.0), Interval::open(6.0, f64::INFINITY)],
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Saturates { limit: 6.0 },
            centre: Centre::OneSided,
            lipschitz: Some(1.0),
            initialisation: Initialisation::He,
            typical_use: "mobile networks that are quantised",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        x.at_least(0.0).at_most(6.0)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let below_ceiling = L::select(x.lt(L::of(6.0)), L::of(1.0), L::of(0.0));
        let slope = L::select(L::of(0.0).lt(x), below_ceiling, L::of(0.0));
        L::select(x.le(x), slope, x)
    }
}
