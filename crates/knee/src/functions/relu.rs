use alloc::vec;

use crate::activation::{Activation, Budget, InSingle};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf, jax, keras, onnx, requires, torch};
use crate::lane::Lane;

declare! {
    /// Rectified linear unit: the identity on the right, zero on the left.
    ///
    /// # Formula
    /// `max(x, 0)`
    /// # Derivative
    /// `1 if x > 0 else 0`. At 0 it is `0`.
    /// # Numerics
    /// Exact. `-0.0` stays `-0.0`.
    /// # Origin
    /// Fukushima 1969; Nair and Hinton, ICML 2010.
    pub struct Relu {}
}

impl Activation for Relu {
    const NAME: &'static str = "relu";
    const LATEX: &'static str = r"\max(x, 0)";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Relu", &[]),
        onnx("Clip", &[requires("min", f64::NEG_INFINITY, 0.0), requires("max", f64::INFINITY, f64::INFINITY)]),
        torch("nn.ReLU", &[]),
        jax("jax.nn.relu", &[]),
        keras("relu", &[]),
        hf("relu"),
    ];
    const BUDGET: Budget = Budget { forward: 0.0, derivative: 0.0 };
    const FROM_OUTPUT: Option<f64> = Some(0.0);
    const IN_SINGLE: InSingle = InSingle::Exact;

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(0.0, f64::INFINITY),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(0),
            kinks: vec![Kink::new(0.0, 0.0)],
            flat: vec![Interval::open(f64::NEG_INFINITY, 0.0)],
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::OneSided,
            lipschitz: Some(1.0),
            initialisation: Initialisation::He,
            typical_use: "hidden layers of convolutional and fully connected networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        x.at_least(0.0)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let slope = L::select(L::of(0.0).lt(x), L::of(1.0), L::of(0.0));
        L::select(x.le(x), slope, x)
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        let slope = L::select(L::of(0.0).lt(y), L::of(1.0), L::of(0.0));
        L::select(y.le(y), slope, y)
    }
}
