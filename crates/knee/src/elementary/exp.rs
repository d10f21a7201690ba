//! `exp` and `exp(x) - 1`.
//!
//! `y = n ln 2 + r` with `|r| <= ln(2)/2`, then `exp(r) = 1 + r + r^2 q(r)`. The power of two is applied by the caller at
//! the very end, so that a result below the normal range is rounded once.

use crate::lane::{Exponential, Lane, Polynomial};

/// `q(r) = (exp(r) - 1 - r) / r^2` for `|r| <= ln(2)/2 + 0.001`: interpolation at the Chebyshev points with 300 bits.
/// Degree 7, relative error of q 2^-39.9 (of exp 2^-43.9); degree 14, 2^-66.1; the quick one degree 4 (of exp 2^-26.5).
const TAIL: Polynomial<8, 3, 12> = Polynomial {
    single: [
        0.4999999999995406,
        0.1666666666666249,
        0.04166666678835253,
        0.008333333344392619,
        0.0013888838533084515,
        0.00019841224074866297,
        2.4868253717634667e-05,
        2.761791332218236e-06,
    ],
    quick: &[
        0.5,
        0.16666575985420823,
        0.041666553362644264,
        0.00836334581098711,
        0.0013926391896140632,
    ],
    head: [
        (0.5, 9.818186930595453e-91),
        (0.16666666666666666, 9.251859506448255e-18),
        (0.041666666666666664, 2.3129646884011366e-18),
    ],
    tail: [
        0.008333333333333333,
        0.001388888888888889,
        0.00019841269841269844,
        2.48015873015873e-05,
        2.755731922397535e-06,
        2.755731922398004e-07,
        2.5052108406766145e-08,
        2.0876756999713604e-09,
        1.6059020732181566e-10,
        1.1470732763172496e-11,
        7.659910541485578e-13,
        4.7865583304101135e-14,
    ],
};

/// `exp(y)` as a mantissa and an exponent. Beyond [`Lane::REACH`] it is the value there.
#[inline(always)]
pub(crate) fn exp<L: Lane>(y: L) -> Exponential<L> {
    let (n, r) = y.at_least(-L::REACH).at_most(L::REACH).modulo_ln_2();
    of_rest(n, r)
}

/// `exp(y)` for `y <= 0`, or for a `y` of which it is known that it is at most [`Lane::REACH`].
#[inline(always)]
pub(crate) fn exp_falling<L: Lane>(y: L) -> Exponential<L> {
    let (n, r) = y.at_least(-L::REACH).modulo_ln_2();
    of_rest(n, r)
}

/// `(exp(y / 2) - 1) / y` for `|y| <= ln 2 + 0.002`: interpolation at the Chebyshev points with 200 bits. Relative error of the
/// exponential 2^-38.7.
pub(crate) const HALF_EXP_M1: [f64; 8] = [
    0.49999999999770073,
    0.12499999999988508,
    0.020833333485564907,
    0.002604166674275503,
    0.00026041509205030646,
    2.1701310184008434e-05,
    1.5553096242622574e-06,
    9.714165571022388e-08,
];

/// `exp(y + error)` for `|y| <= REACH` and an error of a few units in its last place.
#[inline(always)]
pub(crate) fn exp_of_sum<L: Lane>(y: L, error: L) -> Exponential<L> {
    let (n, r) = y.modulo_ln_2();
    of_rest(n, r + error)
}

/// `exp(y)` for `|y| <= 2 REACH` in a lane whose exponents reach as far.
#[inline(always)]
pub(crate) fn exp_between<L: Lane>(y: L) -> Exponential<L> {
    let (n, r) = y.modulo_ln_2();
    of_rest(n, r)
}

/// The same for every `y` up to [`Lane::REACH`]: beyond it an infinite one has no error.
#[inline(always)]
pub(crate) fn exp_within_reach<L: Lane>(y: L, error: L) -> Exponential<L> {
    let near = L::of(-L::REACH).lt(y);
    exp_of_sum(y.at_least(-L::REACH), L::select(near, error, L::of(0.0)))
}

#[inline(always)]
fn of_rest<L: Lane>(n: L, r: L) -> Exponential<L> {
    let excess = (r * r).mul_add(r.polynomial(&TAIL), r);
    Exponential {
        mantissa: L::of(1.0) + excess,
        excess,
        exponent: n,
    }
}

/// `exp(y)` for the exponent of another exponential, which multiplies its error by its size: the polynomial is taken at a
/// quarter of the rest, where it is right to every digit of the lane, and its result is squared twice.
#[inline(always)]
pub(crate) fn exp_of_quarters<L: Lane>(y: L) -> L {
    let (n, r) = y.at_least(-L::REACH).at_most(L::REACH).modulo_ln_2();
    let root = of_rest(n, r * L::of(0.25)).mantissa;
    let square = root * root;
    (square * square).scale(n)
}

/// `exp(y) - 1 - y` for `y <= 700`, without cancellation near 0.
#[inline(always)]
pub(crate) fn exp_m1_m<L: Lane>(y: L) -> L {
    let small = y.at_least(-0.34).at_most(0.34);
    let near = small * small * small.polynomial(&TAIL);
    L::select(y.abs().lt(L::of(0.34)), near, exp_m1(y) - y)
}

/// `(exp(d) - 1 - d) / d^2` for `|d| <= 1/64`: the first terms of the series, the next one below 2^-48 of the sum; and for `|d| <= 0.7`
/// with coefficients of 24 bits, fitted one after the other by weighted least squares: relative error of the sum 2^-28.9.
const BESIDE: Polynomial<5, 0, 0> = Polynomial {
    single: [0.5, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0, 1.0 / 720.0],
    quick: &[
        0.5,
        0.16666673123836517,
        0.041666656732559204,
        0.008332562632858753,
        0.0013889068504795432,
        0.0002010627940762788,
        2.4937937268987298e-05,
    ],
    head: [],
    tail: [],
};

/// `exp(d) - 1` for the distance `d` from a root, where a sum with `exp` in it cancels: without an exponential of its own in a lane of
/// at most 53 bits, and right there as far as [`beside_root`] takes it.
#[inline(always)]
pub(crate) fn rise_from_root<L: Lane>(d: L) -> L {
    if L::DIGITS > 53 {
        d.exp_m1()
    } else {
        (d * d).mul_add(d.polynomial(&BESIDE), d)
    }
}

/// A sum at the distance `d` from its root: made of [`rise_from_root`], or as it stands, which has digits enough away from the root.
#[inline(always)]
pub(crate) fn beside_root<L: Lane>(d: L, of_rise: L, as_it_stands: L) -> L {
    if L::DIGITS > 53 {
        return of_rise;
    }
    let near = if L::DIGITS > 24 { 0.015625 } else { 0.7 };
    L::select(d.abs().lt(L::of(near)), of_rise, as_it_stands)
}

/// `exp(y) - 1` for `y <= 700`; what it gives beyond is for a selection to discard. Below -120 it is -1 to every digit that a lane holds.
#[inline(always)]
pub(crate) fn exp_m1<L: Lane>(y: L) -> L {
    let (n, r) = y.at_least(-120.0).modulo_ln_2();
    let power = L::of(1.0).scale(n);
    // Products and a difference, because sums of zeros would turn -0.0 into 0.
    let rest = r * r.mul_add(r.polynomial(&TAIL), L::of(1.0));
    power.mul_add(rest, -(L::of(1.0) - power))
}
