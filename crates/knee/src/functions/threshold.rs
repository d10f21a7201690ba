use crate::activation::{Activation, Budget};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, keras, maps, torch};
use crate::lane::Lane;

declare! {
    /// The identity above a threshold, another value below.
    ///
    /// # Formula
    /// `x if x > threshold else value`
    /// # Derivative
    /// `1 if x > threshold else 0`. At the threshold it is `0`.
    /// # Numerics
    /// `PyTorch` and Keras have no defaults; here both parameters are 0 unless given, and the function is ReLU. The
    /// identity is exact, the value rounded once. A zero keeps its sign beside a value of 0.
    /// # Origin
    /// The module `Threshold` of Torch7.
    pub struct Threshold {
        /// Up to here the function is constant.
        threshold: Finite = 0.0,
        /// The constant.
        value: Finite = 0.0,
    }
}

impl Activation for Threshold {
    const NAME: &'static str = "threshold";
    const LATEX: &'static str = r"\begin{cases} x & x > \theta \\ v & x \le \theta \end{cases}";
    const FOREIGN: &'static [Foreign] = &[
        torch("nn.Threshold", &[maps("threshold", 0.0, "threshold"), maps("value", 0.0, "value")]),
        keras("threshold", &[maps("threshold", 0.0, "threshold"), maps("default_value", 0.0, "value")]),
    ];
    const BUDGET: Budget = Budget { forward: 0.5, derivative: 0.0 };

    fn facts(&self) -> Facts {
        let (at, value) = (self.threshold, self.value);
        Facts {
            range: Interval { low: at.min(value), high: f64::INFINITY, low_closed: value <= at, high_closed: false },
            monotone: if value <= at { Monotone::NonDecreasing } else { Monotone::No },
            smoothness: if value == at { Smoothness::Times(0) } else { Smoothness::Discontinuous },
            kinks: alloc::vec![Kink::new(at, 0.0)],
            flat: alloc::vec![Interval::open(f64::NEG_INFINITY, at)],
            left: Tail::Saturates { limit: value },
            right: Tail::Linear { slope: 1.0 },
            centre: if at.min(value) < 0.0 { Centre::BothSigns } else { Centre::OneSided },
            lipschitz: (value == at).then_some(1.0),
            initialisation: Initialisation::None,
            typical_use: "cutting weak responses off",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        // Where the value is a zero, a zero argument lends it its sign.
        let below = x.at_least(self.value).at_most(self.value);
        L::select(L::of(self.threshold).lt(x), x, below)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let slope = L::select(L::of(self.threshold).lt(x), L::of(1.0), L::of(0.0));
        L::select(x.le(x), slope, x)
    }
}
