use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;

declare! {
    /// Smooth ReLU: a parabola joins zero and the identity.
    ///
    /// # Formula
    /// `0 if x <= -beta else x if x >= beta else (x + beta)^2 / (4 * beta)`
    /// # Derivative
    /// `0 if x <= -beta else 1 if x >= beta else (x + beta) / (2 * beta)`
    /// # Numerics
    /// The sum `x + beta` is exact where it cancels.
    /// # Origin
    /// Shamir, Lin and Coviello 2020; Shamir and Lin 2022, <https://arxiv.org/abs/2202.06499>
    pub struct Smelu {
        /// Half the width of the parabola.
        beta: Positive = 1.0,
    }
}

impl Activation for Smelu {
    const NAME: &'static str = "smelu";
    const LATEX: &'static str = r"\begin{cases} 0 & x \le -\beta \\ (x + \beta)^2 / (4 \beta) & |x| < \beta \\ x & x \ge \beta \end{cases}";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(0.0, f64::INFINITY),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(1),
            kinks: Vec::new(),
            flat: alloc::vec![Interval::open(f64::NEG_INFINITY, -self.beta)],
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::OneSided,
            lipschitz: Some(1.0),
            initialisation: Initialisation::He,
            typical_use: "recommendation systems that have to give the same results after training again",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let sum = (x + L::of(self.beta)).at_least(0.0).at_most(2.0 * self.beta);
        let bend = sum * sum / L::of(4.0 * self.beta);
        L::select(L::of(self.beta).le(x), x, bend)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let sum = (x + L::of(self.beta)).at_least(0.0).at_most(2.0 * self.beta);
        sum / L::of(2.0 * self.beta)
    }
}

impl Smelu {
    /// With a parameter that is known to be in its domain.
    pub(super) const fn new(beta: f64) -> Self {
        Self { beta }
    }
}
