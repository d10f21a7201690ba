//! The sums of sines and cosines that are the slopes of `sin(x) / x` and `x cos(x)`, beside their roots.
//!
//! There are infinitely many roots, and beside each the two terms cancel. Beside the first ones the distance from the root is a
//! factor. Beside the others, whose distance from a quarter turn is about `1 / x`, the sum is formed from the exact rest `t` of
//! the reduction as `1 + x t` and terms that are small.

use crate::lane::{Lane, Polynomial};

/// `(cos(t) - 1) / t^2` in `t^2` for `t^2 <= 1/16`: interpolation at the Chebyshev points with 500 bits.
/// Degree 4, relative error 2^-55.8; degree 8, 2^-101.0.
const COSINE_REST: Polynomial<5, 5, 4> = Polynomial {
    single: [
        -0.5,
        0.041666666666663556,
        -0.001388888888491021,
        2.4801569475683656e-05,
        -2.7524717487900135e-07,
    ],
    quick: &[],
    head: [
        (-0.5, 4.560592064314073e-35),
        (0.041666666666666664, 2.3129646346356244e-18),
        (-0.001388888888888889, 5.300543959417253e-20),
        (2.48015873015873e-05, 2.1503662721901143e-23),
        (-2.755731922398589e-07, -2.308595660737034e-23),
    ],
    tail: [
        2.0876756987867786e-09,
        -1.147074559687407e-11,
        4.779475978307682e-14,
        -1.5607650804546423e-16,
    ],
};

/// `(sin(t) / t - 1) / t^2` in the same variable: made in the same way. Degree 4, relative error 2^-54.0; degree 7, 2^-101.0.
const SINE_REST: Polynomial<5, 5, 3> = Polynomial {
    single: [
        -0.16666666666666666,
        0.008333333333333094,
        -0.00019841269838208987,
        2.755730551040686e-06,
        -2.502702826108548e-08,
    ],
    quick: &[],
    head: [
        (-0.16666666666666666, -9.251858538542912e-18),
        (0.008333333333333333, 1.156482316122322e-19),
        (-0.0001984126984126984, -1.720554122359939e-22),
        (2.7557319223985893e-06, -1.9098123599054235e-22),
        (-2.5052108385441396e-08, 4.0592778930683358e-25),
    ],
    tail: [
        1.6059043835718348e-10,
        -7.647161645528501e-13,
        2.8094028217082354e-15,
    ],
};

/// `(cos(t) - 1) / t^2` and `(sin(t) / t - 1) / t^2` for `|t| <= 1/4`, from the square.
#[inline(always)]
pub(crate) fn rests<L: Lane>(square: L) -> (L, L) {
    (
        square.polynomial(&COSINE_REST),
        square.polynomial(&SINE_REST),
    )
}

/// `cos(t) + x sin(t)` for `|t| <= 1/4`, right to the last digit of the lane beside its root as well.
#[inline(always)]
pub(crate) fn cosine_and_sine<L: Lane>(x: L, t: L) -> L {
    let square = t * t;
    let (cosine, sine) = rests(square);
    x.mul_add(t, L::of(1.0)) + square * (cosine + x * t * sine)
}

/// A root of a slope that oscillates.
pub(crate) struct Crossing {
    /// Where it is: found with 500 bits.
    pub(crate) at: [f64; 3],
    /// Its sine.
    pub(crate) sine: (f64, f64),
}

/// The distance of `x` from the root beside which it lies, the root and its sine. Where there is none within 1/4, the distance
/// is 1.
#[inline(always)]
pub(crate) fn distance<L: Lane>(x: L, roots: &[Crossing]) -> (L, L, L) {
    let one = L::of(1.0);
    let nothing = (one, one, one);
    roots.iter().fold(nothing, |(distance, at, sine), root| {
        let here = -x.subtracted_from(root.at);
        let beside = here.abs().lt(L::of(0.25));
        (
            L::select(beside, here, distance),
            L::select(beside, L::of_pair(root.at[0], root.at[1]), at),
            L::select(beside, L::of_pair(root.sine.0, root.sine.1), sine),
        )
    })
}
