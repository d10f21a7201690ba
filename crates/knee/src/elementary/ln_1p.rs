//! `log(1 + u)` for `u >= 0`.

use crate::lane::{Lane, Polynomial};

/// `ln 2`, as a sum of two numbers.
pub(crate) const LN_2: (f64, f64) = (0.6931471805599453, 2.3190468138462996e-17);

/// `atanh(s) / s` in `s^2` for `0 <= s^2 <= 1/9`: interpolation at the Chebyshev points with 300 bits.
/// Degree 8, relative error 2^-48.9; degree 17, 2^-66.4; degree 4, 2^-27.9.
const ATANH: Polynomial<9, 3, 15> = Polynomial {
    single: [
        1.0000000000000016,
        0.33333333333091286,
        0.2000000005790726,
        0.14285708967377525,
        0.11111354877359586,
        0.09084666995946904,
        0.0778535360074072,
        0.05872488909779737,
        0.09379009800523844,
    ],
    quick: &[
        1.0000000038408794,
        0.33333160820688884,
        0.20012297615351873,
        0.13982578872598633,
        0.1407888918155454,
    ],
    head: [
        (1.0, -1.410446573851451e-29),
        (0.3333333333333333, 1.8503717159329772e-17),
        (0.2, -1.110230987529282e-17),
    ],
    tail: [
        0.14285714285714285,
        0.1111111111111111,
        0.09090909090909166,
        0.07692307692301538,
        0.06666666667015535,
        0.058823529268760055,
        0.05263158328711153,
        0.047618948709937534,
        0.043479965256905014,
        0.03997781094362347,
        0.0372533024611259,
        0.03293642104303356,
        0.04006720855001461,
        0.0043888791682342495,
        0.07667659011145973,
    ],
};

/// `log(1 + u) / u` for `-1/2 <= u <= 1`, by `log(1 + u) = 2 atanh(u / (2 + u))`. It is 1 at 0.
#[inline(always)]
pub(crate) fn ln_1p_ratio<L: Lane>(u: L) -> L {
    let inverse = L::of(1.0).over(L::of(2.0) + u);
    let s = u * inverse;
    L::of(2.0) * inverse * (s * s).polynomial(&ATANH)
}

/// `log(1 + u) / u` in `u` for `0 <= u <= 1`, for lanes of one number: made in the same way. Degree 15, relative error 2^-43.3; degree
/// 9, 2^-27.5.
const FRACTION: Polynomial<16, 0, 0> = Polynomial {
    single: [
        0.99999999999991,
        -0.49999999995383904,
        0.33333332937394794,
        -0.24999986473157787,
        0.19999755281745146,
        -0.16663963182233768,
        0.14265870900537939,
        -0.12397768315487705,
        0.10727046208763887,
        -0.08917588954878489,
        0.06748221397520829,
        -0.04348922883589689,
        0.022157210914775124,
        -0.008167086476489189,
        0.0019067930324987241,
        -0.0002097061231086089,
    ],
    quick: &[
        0.999999994656292,
        -0.49999892648063277,
        0.3332971049891775,
        -0.24951616262872076,
        0.19663274257204805,
        -0.15269667074363288,
        0.10543623795419527,
        -0.05637361283010733,
        0.019542527261014103,
        -0.00317605701843196,
    ],
    head: [],
    tail: [],
};

/// `log(1 + u) / u` for `0 <= u <= 1`. It is 1 at 0.
#[inline(always)]
pub(crate) fn ln_1p_ratio_of_fraction<L: Lane>(u: L) -> L {
    if L::DIGITS > 53 {
        ln_1p_ratio(u)
    } else {
        // A longer polynomial is cheaper than a quotient, and its rounding is not seen.
        u.polynomial(&FRACTION)
    }
}

/// `log(1 + u)` for every `u >= 0` whose `1 + u` is finite.
#[inline(always)]
pub(crate) fn ln_1p<L: Lane>(u: L) -> L {
    reduced(u, L::of(1.0) + u, L::of(0.0))
}

/// `log(1 + factor * x)` for `x >= 0`, also where the product overflows; infinite at infinity.
#[inline(always)]
pub(crate) fn ln_1p_of_product<L: Lane>(factor: L, x: L) -> L {
    let finite = x.at_most(f64::MAX);
    let down = L::of(-64.0);
    let whole = L::of(1.0).scale(down) + factor * finite.scale(down);
    let logarithm = reduced(factor * finite, whole, L::of(64.0));
    L::select(L::of(f64::MAX).lt(x), x, logarithm)
}

/// `log(1 + u)`, given `1 + u` as `whole * 2^shift`.
#[inline(always)]
fn reduced<L: Lane>(u: L, whole: L, shift: L) -> L {
    // Above 1: 1 + u = 2^k m with m between 1 and 2, and log(m) by the same series; m - 1 is exact.
    let k = whole.exponent();
    let above = whole.scale(-k) - L::of(1.0);
    let small = u.le(L::of(1.0));
    let reduced = L::select(small, u, above);
    let logarithm = reduced * ln_1p_ratio(reduced);
    L::select(
        small,
        logarithm,
        (k + shift) * L::of_pair(LN_2.0, LN_2.1) + logarithm,
    )
}
