use alloc::vec::Vec;

use crate::activation::{Activation, Budget};
use crate::declare::declare;
use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::foreign::{Foreign, maps, onnx};
use crate::lane::Lane;

declare! {
    /// The identity moved towards 0 by `bias`, and zero in a zone around 0.
    ///
    /// Without a bias it is hard shrinkage, with `bias = lambd` soft shrinkage.
    ///
    /// # Formula
    /// `x - bias if x > lambd else x + bias if x < -lambd else 0`
    /// # Derivative
    /// `1 if |x| > lambd else 0`. At both knots it is `0`.
    /// # Numerics
    /// A difference, rounded once. What becomes zero keeps its sign.
    /// # Origin
    /// ONNX, operator set 9.
    pub struct Shrink {
        /// Half the width of the zone that becomes zero.
        lambd: NonNegative = 0.5,
        /// How far values outside of the zone move towards 0.
        bias: Finite = 0.0,
    }
}

impl Activation for Shrink {
    const NAME: &'static str = "shrink";
    const LATEX: &'static str = r"\begin{cases} x - \operatorname{sgn}(x) b & |x| > \lambda \\ 0 & |x| \le \lambda \end{cases}";
    const FOREIGN: &'static [Foreign] = &[
        onnx("Shrink", &[maps("lambd", 0.5, "lambd"), maps("bias", 0.0, "bias")]),
    ];
    const BUDGET: Budget = Budget { forward: 0.5, derivative: 0.0 };

    fn facts(&self) -> Facts {
        let (knot, bias) = (self.lambd, self.bias);
        Facts {
            range: Interval::ALL,
            monotone: if bias <= knot { Monotone::NonDecreasing } else { Monotone::No },
            smoothness: if bias == knot { Smoothness::Times(0) } else { Smoothness::Discontinuous },
            kinks: knots(knot),
            flat: zone(knot),
            left: Tail::Linear { slope: 1.0 },
            right: Tail::Linear { slope: 1.0 },
            centre: Centre::Odd,
            lipschitz: (bias == knot).then_some(1.0),
            initialisation: Initialisation::None,
            typical_use: "sparse codes and denoising",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        let outside = x - L::of(self.bias).copysign(x) * L::of(self.bias.signum());
        let inside = x.abs().at_most(0.0).copysign(x);
        L::select(L::of(self.lambd).lt(x.abs()), outside, inside)
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let outside = L::select(L::of(self.lambd).lt(x.abs()), L::of(1.0), L::of(0.0));
        L::select(x.le(x), outside, x)
    }
}

impl Shrink {
    /// With parameters that are known to be in their domains.
    pub(super) const fn new(lambd: f64, bias: f64) -> Self {
        Self { lambd, bias }
    }
}

/// The kinks at both ends of the zone, which are one if it has no width.
pub(super) fn knots(lambd: f64) -> Vec<Kink> {
    let ends: &[f64] = if lambd == 0.0 { &[0.0] } else { &[-lambd, lambd] };
    ends.iter().map(|&at| Kink::new(at, 0.0)).collect()
}

/// The zone that becomes zero.
pub(super) fn zone(lambd: f64) -> Vec<Interval> {
    let zone = Interval::open(-lambd, lambd);
    core::iter::once(zone).filter(|_| lambd > 0.0).collect()
}
