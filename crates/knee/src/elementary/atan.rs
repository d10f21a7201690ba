//! The inverse tangent.

use crate::lane::{Lane, Polynomial};

/// `pi/4` and `pi/2`, each as a sum of two numbers.
const QUARTER_PI: (f64, f64) = (0.7853981633974483, 3.061616997868383e-17);
const HALF_PI: (f64, f64) = (1.5707963267948966, 6.123233995736766e-17);

/// `tan(pi/8)` and its reciprocal, `tan(3 pi/8)`.
const FLAT: f64 = 0.41421356237309503;
const STEEP: f64 = 2.414213562373095;

/// `atan(t) / t` in `t^2` for `0 <= t^2 <= 1.001 tan(pi/8)^2`: interpolation at the Chebyshev points with 300 bits.
/// Degree 5, relative error 2^-30.6; degree 8, 2^-45.1; degree 13, 2^-66.8.
const ATAN: Polynomial<9, 4, 10> = Polynomial {
    single: [
        0.999999999999973,
        -0.3333333333078472,
        0.19999999602363222,
        -0.14285690294890238,
        0.11110381840871641,
        -0.09078349078551037,
        0.07563385785694479,
        -0.058732884125488154,
        0.03064357643044098,
    ],
    quick: &[
        0.999999999367698,
        -0.3333330677111068,
        0.19998176466108397,
        -0.14239410856830653,
        0.10568920783713333,
        -0.060239631775997365,
    ],
    head: [
        (1.0, -1.7291368222470526e-21),
        (-0.3333333333333333, -1.4555419409857266e-17),
        (0.1999999999999985, -9.678186820389596e-18),
        (-0.1428571428569188, -7.466399717544482e-18),
    ],
    tail: [
        0.11111111109358629,
        -0.090909090086168,
        0.07692305182010511,
        -0.06666614499247098,
        0.058815935139627316,
        -0.05255308785005643,
        0.047042543832409536,
        -0.04050491040499956,
        0.029519315895081992,
        -0.01289841972185473,
    ],
};

/// The inverse tangent. Between the two limits it is `pi/4 + atan((a - 1) / (a + 1))`, above them `pi/2 - atan(1 / a)`: so
/// one division serves, and the polynomial is asked for angles up to `pi/8` only.
#[inline(always)]
pub(crate) fn atan<L: Lane>(x: L) -> L {
    let (a, zero, one) = (x.abs(), L::of(0.0), L::of(1.0));
    let (flat, steep) = (a.lt(L::of(FLAT)), L::of(STEEP).lt(a));
    let numerator = L::select(flat, a, L::select(steep, -one, a - one));
    let denominator = L::select(flat, one, L::select(steep, a, a + one));
    let quarter = L::of_pair(QUARTER_PI.0, QUARTER_PI.1);
    let half = L::of_pair(HALF_PI.0, HALF_PI.1);
    let start = L::select(flat, zero, L::select(steep, half, quarter));
    let t = numerator / denominator;
    (start + t * (t * t).polynomial(&ATAN)).copysign(x)
}
