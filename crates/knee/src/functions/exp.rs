use alloc::vec::Vec;

use crate::activation::{Activation, InSingle};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, keras, onnx, torch};
use crate::lane::Lane;

declare! {
    /// The exponential function.
    ///
    /// # Formula
    /// `exp(x)`
    /// # Derivative
    /// `exp(x)`
    /// # Numerics
    /// The power of two is applied last, so a subnormal result is rounded once.
    /// # Origin
    /// Without origin.
    pub struct Exp {}
}

impl Activation for Exp {
    const NAME: &'static str = "exp";
    const ALIASES: &'static [&'static str] = &["exponential"];
    const LATEX: &'static str = "e^x";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Exp", &[]), torch("torch.exp", &[]),
        jax("jnp.exp", &[]),
        keras("exponential", &[]),
    ];
    const FROM_OUTPUT: Option<f64> = Some(0.0);
    const IN_SINGLE: InSingle = InSingle::Fast;

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::open(0.0, f64::INFINITY),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Grows,
            centre: Centre::OneSided,
            lipschitz: None,
            initialisation: Initialisation::None,
            typical_use: "positive outputs: rates, scales",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        x.exp().value()
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        x.exp().value()
    }

    #[inline(always)]
    fn derivative_from_output<L: Lane>(&self, y: L) -> L {
        y
    }
}
