use crate::activation::{Activation, Budget};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, maps, onnx};
use crate::lane::Lane;

declare! {
    /// The identity above a threshold, zero below.
    ///
    /// # Formula
    /// `x if x > alpha else 0`
    /// # Derivative
    /// `1 if x > alpha else 0`. At the threshold it is `0`.
    /// # Numerics
    /// Exact. A zero keeps its sign.
    /// # Origin
    /// Konda, Memisevic and Krueger 2014, <https://arxiv.org/abs/1402.3337>
    pub struct ThresholdedRelu {
        /// The threshold.
        alpha: Finite = 1.0,
    }
}

impl Activation for ThresholdedRelu {
    const NAME: &'static str = "thresholded_relu";
    const LATEX: &'static str = r"\begin{cases} x & x > \alpha \\ 0 & x \le \alpha \end{cases}";
    const FOREIGN: &'static [Foreign] = &[onnx("ThresholdedRelu", &[maps("alpha", 1.0, "alpha")])];
    const BUDGET: Budget = Budget { forward: 0.0, derivative: 0.0 };

    fn facts(&self) -> Facts {
        let at = self.alpha;
        Facts {
            range: Interval { low: at.min(0.0), high: f64::INFINITY, low_closed: at >= 0.0, high_closed: false },
            monotone: if at >= 0.0 { Monotone::NonDecreasing } else { Monotone::No },
            smoothness: if at == 0.0 { Smoothness::Times(0) } else { Smoothness::Discontinuous },
            kinks: alloc::vec![Kink::new(at, 0.0)],
            flat: alloc::vec![Interval::open(f64::NEG_INFINITY, at)],
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: if at < 0.0 { Centre::BothSigns } else { Centre::OneSided },
            lipschitz: (at == 0.0).then_some(1.0),
            initialisation: Initialisation::None,
            typical_use: "autoencoders without biases",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        L::select(L::of(self.alpha).lt(x), x, x.at_least(0.0).at_most(0.0))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let slope = L::select(L::of(self.alpha).lt(x), L::of(1.0), L::of(0.0));
        L::select(x.le(x), slope, x)
    }
}
