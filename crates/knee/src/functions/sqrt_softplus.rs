use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::ln_1p_ratio;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, hf};
use crate::lane::{Exponential, Lane};

declare! {
    /// The square root of softplus.
    ///
    /// # Formula
    /// `sqrt(log(1 + exp(x)))`
    /// # Derivative
    /// `1 / ((1 + exp(-x)) * 2 * sqrt(log(1 + exp(x))))`
    /// # Numerics
    /// On the left it is `exp(x/2) sqrt(log(1 + e) / e)` with `e = exp(x)`, scaled last.
    /// # Origin
    /// The scores of the router of `DeepSeek` V4, as in Hugging Face transformers.
    pub struct SqrtSoftplus {}
}

impl Activation for SqrtSoftplus {
    const NAME: &'static str = "sqrt_softplus";
    const LATEX: &'static str = r"\sqrt{\log(1 + e^x)}";
    const FOREIGN: &'static [Foreign] = &[hf("sqrtsoftplus")];

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::open(0.0, f64::INFINITY),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Sublinear,
            centre: Centre::OneSided,
            lipschitz: Some(0.3190863431694758),
            initialisation: Initialisation::None,
            typical_use: "the router of a mixture of experts",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let (half, ratio) = parts(x);
        let e = half.value() * half.value();
        let right = (x.at_least(0.0) + e * ratio).sqrt();
        L::select(x.lt(L::of(0.0)), half.times(ratio.sqrt()), right)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let (half, ratio) = parts(x);
        let e = half.value() * half.value();
        let (one, inverse) = (L::of(1.0), L::of(0.5) / (L::of(1.0) + e));
        let right = inverse / (x.at_least(0.0) + e * ratio).sqrt();
        L::select(x.lt(L::of(0.0)), half.times(inverse * (one / ratio.sqrt())), right)
    }
}

/// `exp(-|x|/2)`, and `log(1 + e) / e` with `e = exp(-|x|)`.
#[inline(always)]
fn parts<L: Lane>(x: L) -> (Exponential<L>, L) {
    let half = (x.abs() * L::of(-0.5)).exp();
    (half, ln_1p_ratio(half.value() * half.value()))
}
