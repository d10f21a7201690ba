//! `exp` and `exp(x) - 1`.
//!
//! `y = n ln 2 + r` with `|r| <= ln(2)/2`, then `exp(r) = 1 + r + r^2 q(r)`. The power of two is applied by the caller at
//! the very end, so that a result below the normal range is rounded once.

use crate::lane::{Exponential, Lane, Polynomial};

/// `1 / ln 2`.
const LOG2_E: f64 = 1.4426950408889634;
/// `ln 2` cut to 39 bits, so that its product with an integer below 2^14 is exact; and the rest.
const LN_2: f64 = 0.6931471805582987;
const LN_2_REST: (f64, f64) = (1.6465949582897082e-12, -1.0077949135905144e-28);

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

/// The integer `n` nearest to `y / ln 2`, and `y - n ln 2`.
#[inline(always)]
fn reduce<L: Lane>(y: L) -> (L, L) {
    let n = (y * L::of(LOG2_E)).round();
    let rest = L::of_pair(LN_2_REST.0, LN_2_REST.1);
    (n, (y - n * L::of(LN_2)) - n * rest)
}

/// `exp(y)` as a mantissa and an exponent. Beyond [`Lane::REACH`] it is the value there.
#[inline(always)]
pub(crate) fn exp<L: Lane>(y: L) -> Exponential<L> {
    let (n, r) = reduce(y.at_least(-L::REACH).at_most(L::REACH));
    Exponential {
        mantissa: L::of(1.0) + (r + r * r * r.polynomial(&TAIL)),
        exponent: n,
    }
}

/// `exp(y)` for the exponent of another exponential, which multiplies its error by its size: the polynomial is taken at a
/// quarter of the rest, where it is right to every digit of the lane, and its result is squared twice.
#[inline(always)]
pub(crate) fn exp_of_quarters<L: Lane>(y: L) -> L {
    let (n, r) = reduce(y.at_least(-L::REACH).at_most(L::REACH));
    let quarter = r * L::of(0.25);
    let root = L::of(1.0) + (quarter + quarter * quarter * quarter.polynomial(&TAIL));
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

/// `exp(y) - 1` for `y <= 700`; what it gives beyond is for a selection to discard. Below -120 it is -1 to every digit that a lane holds.
#[inline(always)]
pub(crate) fn exp_m1<L: Lane>(y: L) -> L {
    let (n, r) = reduce(y.at_least(-120.0));
    let power = L::of(1.0).scale(n);
    // Products and a difference, because sums of zeros would turn -0.0 into 0.
    power * (r * (L::of(1.0) + r * r.polynomial(&TAIL))) - (L::of(1.0) - power)
}
