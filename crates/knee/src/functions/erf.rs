use alloc::vec::Vec;

use crate::activation::{Activation, InSingle};
use crate::declare::declare;
use crate::elementary::erf;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, onnx, torch};
use crate::lane::Lane;

declare! {
    /// The error function.
    ///
    /// # Formula
    /// `erf(x)`: `2 / sqrt(pi)` times the integral of `exp(-t^2)` from 0 to `x`
    /// # Derivative
    /// `2 / sqrt(pi) * exp(-x^2)`
    /// # Numerics
    /// A polynomial near 0; beyond 1 it is `1 - 2 Q(x sqrt 2)` with the upper tail of GELU.
    /// # Origin
    /// Glaisher 1871.
    pub struct Erf {}
}

impl Activation for Erf {
    const NAME: &'static str = "erf";
    const LATEX: &'static str = r"\operatorname{erf}(x)";
    const FOREIGN: &'static [Foreign] = &[onnx("Erf", &[]), torch("torch.erf", &[])];
    const IN_SINGLE: InSingle = InSingle::Fast;

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::open(-1.0, 1.0),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: -1.0 },
            right: Tail::Saturates { limit: 1.0 },
            centre: Centre::Odd,
            lipschitz: Some(1.1283791670955126),
            initialisation: Initialisation::None,
            typical_use: "a part of GELU",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        erf(x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let x = x.at_least(-40.0).at_most(40.0);
        // 2 / sqrt(pi)
        x.exp_of_falling_square().times(L::of_pair(1.1283791670955126, 1.533545961316588e-17))
    }
}
