use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, onnx, torch};
use crate::lane::Lane;

declare! {
    /// The cosine, as in features of random frequencies.
    ///
    /// # Formula
    /// `cos(x)`
    /// # Derivative
    /// `-sin(x)`
    /// # Numerics
    /// The argument is reduced by the bits of `2/pi` that matter, so every finite one has a right result. At an
    /// infinity there is no limit: NaN.
    /// # Origin
    /// Rahimi and Recht, Random features for large-scale kernel machines, NIPS 2007.
    pub struct Cosine {}
}

impl Activation for Cosine {
    const NAME: &'static str = "cosine";
    const LATEX: &'static str = r"\cos(x)";
    const FOREIGN: &'static [Foreign] = &[onnx("Cos", &[]), torch("torch.cos", &[]), jax("jnp.cos", &[])];

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-1.0, 1.0),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Oscillates,
            right: Tail::Oscillates,
            centre: Centre::BothSigns,
            lipschitz: Some(1.0),
            initialisation: Initialisation::None,
            typical_use: "random Fourier features; encodings of positions and times",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        x.sin_cos(1.0).1
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        -x.sin_cos(1.0).0
    }
}
