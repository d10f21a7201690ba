use core::f64::consts::FRAC_PI_2;

use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::atan;
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, jax, onnx, torch};
use crate::lane::Lane;

declare! {
    /// The inverse tangent: a step from -pi/2 to pi/2 with slow tails.
    ///
    /// # Formula
    /// `atan(x)`
    /// # Derivative
    /// `1 / (1 + x^2)`
    /// # Numerics
    /// Three intervals share one polynomial for angles up to `pi/8`. Beyond 1 the slope is `r^2 / (1 + r^2)` with
    /// `r = 1 / |x|`, scaled last, so that no square overflows.
    /// # Origin
    /// The inverse of the tangent.
    pub struct Arctan {}
}

impl Activation for Arctan {
    const NAME: &'static str = "arctan";
    const ALIASES: &'static [&'static str] = &["atan"];
    const LATEX: &'static str = r"\arctan(x)";
    const FOREIGN: &'static [Foreign] = &[onnx("Atan", &[]), torch("torch.atan", &[]), jax("jnp.arctan", &[])];

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::open(-FRAC_PI_2, FRAC_PI_2),
            monotone: Monotone::NonDecreasing,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: -FRAC_PI_2 },
            right: Tail::Saturates { limit: FRAC_PI_2 },
            centre: Centre::Odd,
            lipschitz: Some(1.0),
            initialisation: Initialisation::None,
            typical_use: "bounded outputs with slow tails; the slope serves as a surrogate in spiking networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        atan(x)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let (a, one) = (x.abs(), L::of(1.0));
        let r = one / a;
        let near = one / (one + a * a);
        let far = (r.scale(L::of(600.0)) * (r / (one + r * r))).scale(L::of(-600.0));
        L::select(a.lt(one), near, far)
    }
}
