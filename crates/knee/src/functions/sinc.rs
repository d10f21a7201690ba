use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{Crossing, beside_zero, cosine_and_sine, distance, rests, sin_cos};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;

/// The first roots of `tan(r) = r`.
const ROOTS: [Crossing; 5] = [
    Crossing {
        at: [4.493409457909064, -3.322828416974956e-17, 2.4974754562268394e-33],
        sine: (-0.9761196395802046, -5.251018058873294e-17),
    },
    Crossing {
        at: [7.725251836937707, 3.8002539181196393e-16, -2.343787581591521e-32],
        sine: (0.9917257554420104, -4.152264795773447e-17),
    },
    Crossing {
        at: [10.904121659428899, 8.333109828905865e-16, -2.8432821202785037e-32],
        sine: (-0.9958211221546405, -1.031461713230648e-18),
    },
    Crossing {
        at: [14.066193912831473, 6.790617115382321e-16, -4.6184224103573217e-32],
        sine: (0.9974824716599122, 3.9904512206709576e-17),
    },
    Crossing {
        at: [17.22075527193077, -1.1966879214709082e-15, -1.410977497199816e-32],
        sine: (-0.9983182208758581, 5.31092184647186e-17),
    },
];

declare! {
    /// The cardinal sine, not normalised: `sin(x) / x`.
    ///
    /// # Formula
    /// `1 if abs(x) <= 0 else sin(x) / x`
    /// # Derivative
    /// `0 if abs(x) <= 0 else (x * cos(x) - sin(x)) / x^2`; zero where `tan(x) = x`.
    /// # Numerics
    /// The sine is reduced exactly, so every finite argument has a right result; the limit at both infinities is 0. The two
    /// terms of the derivative cancel near 0, where it is a polynomial, and at infinitely many roots. The first five roots
    /// are a factor; beside the others the derivative is a sum in the exact rest of the reduction, with two digits less than
    /// elsewhere. Of the numbers beside the first 2000 roots every one is within the budget.
    /// # Origin
    /// Woodward and Davies 1952, who named it. `torch.special.sinc` is another function, `sin(pi * x) / (pi * x)`.
    pub struct Sinc {}
}

impl Activation for Sinc {
    const NAME: &'static str = "sinc";
    const LATEX: &'static str = r"\frac{\sin x}{x}";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::closed(-0.21723362821122166, 1.0),
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Saturates { limit: 0.0 },
            right: Tail::Saturates { limit: 0.0 },
            centre: Centre::BothSigns,
            lipschitz: Some(0.4361818172714585),
            initialisation: Initialisation::None,
            typical_use: "implicit representations of signals, where a band limit is wanted",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        // The sine is scaled up, so that a subnormal quotient is rounded once.
        let (sine, _) = x.sin_cos(1.0);
        let far = (sine.scale(L::of(200.0)) / x).scale(L::of(-200.0));
        let near = L::select(x.abs().lt(L::of(1e-30)), L::of(1.0), far);
        L::select(L::of(f64::MAX).lt(x.abs()), L::of(0.0), near)
    }

    /// With `a = |x|` the numerator is `a cos(a) - sin(a)`. After an odd number of quarter turns it is `cos(t) + a sin(t)` up
    /// to the sign. At `a = r + d`, where `tan(r) = r`, it is `-sin(r) (a sin(d) - (d cos(d) - sin(d)) / r)`, and both terms
    /// have the sign of `d`.
    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let a = x.abs();
        let one = L::of(1.0);
        let (t, odd, half) = a.turn(1.0);
        let (sine, cosine) = sin_cos(t, odd, half);
        let plain = a * cosine - sine;
        let sum = cosine_and_sine(a, t);
        let small = L::select(t.abs().lt(L::of(0.25)), L::select(half, sum, -sum), plain);
        let far = L::select(odd, small, plain);

        let (d, root, root_sine) = distance(a, &ROOTS);
        let square = d * d;
        let (cosine, sine) = rests(square);
        let beside = -root_sine * d * (a * (one + square * sine) - square * (cosine - sine) / root);
        let numerator = L::select(d.abs().lt(L::of(0.25)), beside, far);
        let far = (numerator / a).scale(L::of(200.0)) / a;

        let (cosine, sine) = rests(a * a);
        let near = a * (cosine - sine);
        let slope = L::select(a.lt(L::of(0.25)), near, far.scale(L::of(-200.0)));
        let slope = L::select(L::of(f64::MAX).lt(a), L::of(0.0), slope);
        let signed = L::select(x.lt(L::of(0.0)), -slope, slope);
        beside_zero(x, L::of(-1.0) / L::of(3.0), signed)
    }
}
