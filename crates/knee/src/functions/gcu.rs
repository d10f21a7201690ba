use alloc::vec::Vec;

use crate::activation::Activation;
use crate::declare::declare;
use crate::elementary::{Crossing, cosine_and_sine, distance, rests, sin_cos};
use crate::facts::{Centre, Facts, Initialisation, Interval, Monotone, Smoothness, Tail};
use crate::lane::Lane;

/// Roots of `r tan(r) = 1`: the first six, and the one to which a number of 53 bits comes as near as 1e-18.
const ROOTS: [Crossing; 7] = [
    Crossing {
        at: [0.8603335890193797, 3.274961083275748e-17, 1.7828216449268692e-33],
        sine: (0.7580601666994728, 9.226383721301664e-18),
    },
    Crossing {
        at: [3.4256184594817283, -1.264418401392334e-16, -6.484747560405034e-33],
        sine: (-0.28022242129860325, 7.042778517226324e-18),
    },
    Crossing {
        at: [6.437298179171947, 3.2114741947045116e-16, 1.1273558854898397e-32],
        sine: (0.1535035459570248, 2.5263512386548164e-18),
    },
    Crossing {
        at: [9.529334405361963, 5.2450607673399085e-16, 4.8536161710696645e-32],
        sine: (-0.10436604597955011, 6.666452314873374e-18),
    },
    Crossing {
        at: [12.645287223856643, -6.233661566597486e-17, -1.684245519026361e-33],
        sine: (0.07883472177958528, -5.927110985991598e-18),
    },
    Crossing {
        at: [15.771284874815882, 4.531815132827875e-16, 4.739009844530422e-32],
        sine: (-0.06327929935722378, 5.7054646353705965e-18),
    },
    Crossing {
        at: [72.27046706030896, 1.2142191659867303e-18, 3.870442364863827e-35],
        sine: (-0.013835586296414853, -5.578631789751841e-19),
    },
];

declare! {
    /// Growing cosine unit: `x` times its cosine.
    ///
    /// # Formula
    /// `x * cos(x)`
    /// # Derivative
    /// `cos(x) - x * sin(x)`; zero where `x * tan(x) = 1`.
    /// # Numerics
    /// The cosine is reduced exactly, so every finite argument has a right result; at an infinity there is no limit: NaN. The
    /// two terms of the derivative cancel at infinitely many roots. The first six are a factor, and the one at 72.27; beside
    /// the others the derivative is a sum in the exact rest of the reduction, with two digits less than elsewhere. Of the
    /// numbers beside the first 2000 roots every one is within the budget.
    /// # Origin
    /// Noel et al. 2021, <https://arxiv.org/abs/2108.12943>
    pub struct Gcu {}
}

impl Activation for Gcu {
    const NAME: &'static str = "gcu";
    const ALIASES: &'static [&'static str] = &["growing_cosine_unit"];
    const LATEX: &'static str = r"x \cos(x)";

    fn facts(&self) -> Facts {
        Facts {
            range: Interval::ALL,
            monotone: Monotone::No,
            smoothness: Smoothness::Infinite,
            kinks: Vec::new(),
            flat: Vec::new(),
            left: Tail::Oscillates,
            right: Tail::Oscillates,
            centre: Centre::Odd,
            lipschitz: None,
            initialisation: Initialisation::None,
            typical_use: "hidden layers of small networks",
        }
    }

    #[inline(always)]
    fn forward<L: Lane>(&self, x: L) -> L {
        x * x.abs().sin_cos(1.0).1
    }

    /// With `a = |x|`, after an even number of quarter turns it is `cos(t) - a sin(t)` up to the sign. At `a = r + d`, where
    /// `r tan(r) = 1`, it is `-sin(r) ((2 + r a) sin(d) + d cos(d) - sin(d))`, where nothing cancels.
    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        let a = x.abs();
        let (one, two) = (L::of(1.0), L::of(2.0));
        let (t, odd, half) = a.turn(1.0);
        let (sine, cosine) = sin_cos(t, odd, half);
        let plain = cosine - a * sine;
        let sum = cosine_and_sine(-a, t);
        let small = L::select(t.abs().lt(L::of(0.25)), L::select(half, -sum, sum), plain);
        let far = L::select(odd, plain, small);

        let (d, root, root_sine) = distance(a, &ROOTS);
        let square = d * d;
        let (cosine, sine) = rests(square);
        let beside = (two + root * a) * (one + square * sine) + square * (cosine - sine);
        L::select(d.abs().lt(L::of(0.25)), -root_sine * d * beside, far)
    }
}
