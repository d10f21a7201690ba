//! Products with the logistic function, formed before its power of two is applied: where the function alone is below the normal
//! numbers, a large factor brings the product back with all its digits.

use crate::activation::Activation;
use crate::elementary::{swish_slope, upper_tail};
use crate::functions::Gelu;
use crate::lane::{Exponential, Lane};

/// Beyond it [`Lane::REACH`] ends, and with any factor up to `1e280` the product is 0 to every type; infinities and NaN are still
/// told apart.
const FAR: f64 = 1399.0;

/// `factor / (1 + exp(-z))`.
#[inline(always)]
pub(super) fn logistic_times<L: Lane>(z: L, factor: L) -> L {
    let e = (-z.abs()).exp();
    let right = factor / (L::of(1.0) + e.value());
    let left = L::select(z.lt(L::of(-FAR)), factor * L::of(0.0), e.times(right));
    L::select(z.lt(L::of(0.0)), left, right)
}

/// The slope of the logistic function times `factor`.
#[inline(always)]
pub(super) fn logistic_slope_times<L: Lane>(z: L, factor: L) -> L {
    let a = z.abs();
    let e = (-a).exp();
    let inverse = L::of(1.0) / (L::of(1.0) + e.value());
    let slope = e.times(inverse * inverse * factor);
    L::select(L::of(FAR).lt(a), factor * L::of(0.0), slope)
}

/// `x * factor / (1 + exp(-z))` for an `x` with the sign of `z`.
#[inline(always)]
pub(super) fn swish_times<L: Lane>(x: L, z: L, factor: L) -> L {
    let e = (-z.abs()).exp();
    let inverse = L::of(1.0) / (L::of(1.0) + e.value());
    let right = x * (inverse * factor);
    // The product of two large numbers would overflow before the exponential makes it small.
    let large = L::of(1.0).lt(x.abs());
    let (scale, exponent) = (1.0 / 4096.0, 12.0);
    let part = x * L::select(large, L::of(scale), L::of(1.0));
    let raised = Exponential {
        mantissa: e.mantissa,
        excess: e.excess,
        exponent: e.exponent + L::select(large, L::of(exponent), L::of(0.0)),
    };
    let near = raised.times(part * (inverse * factor));
    let far = L::of(0.0).copysign(x) * factor;
    let left = L::select(z.lt(L::of(-FAR)), far, near);
    L::select(z.lt(L::of(0.0)), left, right)
}

/// The slope of `z / (1 + exp(-z))` times `factor`.
#[inline(always)]
pub(super) fn swish_slope_times<L: Lane>(z: L, factor: L) -> L {
    let a = z.abs().at_most(FAR);
    let e = (-a).exp();
    // The root of the slope is far from here: no factor of its own is needed, and `exp(-a)` is nothing beside 1.
    let tail = e.times((L::of(1.0) - a) * factor);
    let far = L::of(0.0).copysign(z) * factor;
    let left = L::select(z.lt(L::of(-FAR)), far, tail);
    L::select(z.lt(L::of(-100.0)), left, swish_slope(z) * factor)
}

/// Where the asymptotic series of the normal tail takes over: nine terms are right to 2^-74 from 37 on, and to 2^-45 from 15 on.
const fn asymptotic<L: Lane>() -> f64 {
    if L::DIGITS > 53 { 37.0 } else { 15.0 }
}

/// Where `exp(-a^2/2)` is [`FAR`].
const FAR_NORMAL: f64 = 52.89;

/// `1 / sqrt(2 pi)`.
const DENSITY_AT_0: (f64, f64) = (0.3989422804014327, -2.49232720227773e-17);

/// `x Q(-x) factor` for the normal tail `Q`, and its slope in `x` times `factor`, both for `x` below -[`asymptotic`]:
/// with the series `P = 1 - 1/a^2 + 3/a^4 - ..` they are `-phi(a) P` and `-phi(a) (a - P/a)`.
#[inline(always)]
fn far_normal<L: Lane>(x: L, factor: L) -> (L, L) {
    let a = x.abs().at_most(FAR_NORMAL);
    let square = a * a;
    let term = L::of(1.0) / square;
    let mut series = L::of(1.0);
    for odd in [17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        series = L::of(1.0) - L::of(odd) * term * series;
    }
    let bell = (square * L::of(-0.5)).exp();
    let part = factor * L::of_pair(DENSITY_AT_0.0, DENSITY_AT_0.1);
    let zero = L::of(-0.0) * factor;
    let far = a.lt(L::of(FAR_NORMAL));
    (
        L::select(far, -bell.times(part * series), zero),
        L::select(far, -bell.times(part * (a - series / a)), zero),
    )
}

/// GELU times `factor`.
#[inline(always)]
pub(super) fn gelu_times<L: Lane>(x: L, factor: L) -> L {
    let a = x.abs();
    let left = -upper_tail(a, a.at_most(asymptotic::<L>()) * factor);
    let left = L::select(
        x.lt(L::of(-asymptotic::<L>())),
        far_normal(x, factor).0,
        left,
    );
    let right = Gelu::default().forward(x) * factor;
    let wide = L::select(x.lt(L::of(0.0)), left, right);
    // Near 0 it is half the product; `x` may be a subnormal number that cannot be halved.
    let near = x * (factor * L::of(0.5));
    L::select(a.lt(L::of(1e-100)), near, wide)
}

/// The slope of GELU times `factor`.
#[inline(always)]
pub(super) fn gelu_slope_times<L: Lane>(x: L, factor: L) -> L {
    let slope = Gelu::default().derivative(x) * factor;
    L::select(
        x.lt(L::of(-asymptotic::<L>())),
        far_normal(x, factor).1,
        slope,
    )
}
