use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, onnx, torch};
use crate::lane::Lane;

declare! {
    /// Sine with a frequency, as in networks that represent signals.
    ///
    /// # Formula
    /// `sin(w0 * x)`
    /// # Derivative
    /// `w0 * cos(w0 * x)`
    /// # Numerics
    /// `w0 * x` is reduced as an exact product, so every finite argument has a right result. At an infinity there is no limit:
    /// NaN.
    /// # Origin
    /// Sitzmann, Martel, Bergman, Lindell and Wetzstein 2020, <https://arxiv.org/abs/2006.09661>
    pub struct Sine {
        /// The frequency.
        w0: Positive = 30.0,
    }
}

impl Activation for Sine {
    const NAME: &'static str = "sine";
    const ALIASES: &'static [&'static str] = &["siren"];
    const LATEX: &'static str = r"\sin(\omega_0 x)";
    const FOREIGN: &'static [Foreign] = &[onnx("Sin", &[]).with(&[("w0", 1.0)]), torch("torch.sin", &[]).with(&[("w0", 1.0)])];

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-1.0, 1.0),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Oscillates,
            right: Tail::Oscillates,
            centre: Centre::Odd,
            lipschitz: Some(self.w0),
            initialisation: Initialisation::None,
            typical_use: "implicit representations of images, sounds and fields, with an initialisation of their own",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        x.sin_cos(self.w0).0
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        L::of(self.w0) * x.sin_cos(self.w0).1
    }
}
