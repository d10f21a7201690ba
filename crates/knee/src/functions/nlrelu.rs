use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::ln_1p_of_product;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::lane::Lane;

declare! {
    /// The logarithm of ReLU plus one.
    ///
    /// # Formula
    /// `log(1 + beta * max(x, 0))`
    /// # Derivative
    /// `1 / (1 / beta + x) if x > 0 else 0`, which is `beta / (1 + beta x)`. At 0 it is `0`.
    /// # Numerics
    /// The logarithm is computed as a function of `beta x`, not of `1 + beta x`, also where the product overflows.
    /// # Origin
    /// Liu, Zhang, Xu, Zhang and Luo 2019, <https://arxiv.org/abs/1908.03682>
    pub struct Nlrelu {
        /// The slope to the right of 0.
        beta: Positive = 1.0,
    }
}

impl Activation for Nlrelu {
    const NAME: &'static str = "nlrelu";
    const LATEX: &'static str = r"\log(1 + \beta \max(x, 0))";
    const FROM_OUTPUT: Option<f64> = Some(0.51);

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(0.0, f64::INFINITY),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Times(0),
            kinks: alloc::vec![Kink::new(0.0, 0.0)],
            flat: alloc::vec![Interval::open(f64::NEG_INFINITY, 0.0)],
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Sublinear,
            centre: Centre::OneSided,
            lipschitz: Some(self.beta),
            initialisation: Initialisation::He,
            typical_use: "convolutional networks whose activations should stay of one size",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        ln_1p_of_product(L::of(self.beta), x.at_least(0.0))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let slope = L::of(1.0) / (L::of(1.0) / L::of(self.beta) + x);
        let right = L::select(L::of(0.0).lt(x), slope, L::of(0.0));
        L::select(x.le(x), right, x)
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        let slope = (-y).exp().times(L::of(self.beta));
        L::select(L::of(0.0).lt(y), slope, y.abs())
    }
}
