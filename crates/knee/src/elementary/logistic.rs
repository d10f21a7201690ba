//! The logistic function, the hyperbolic tangent, and `x * logistic(z)` with its slope.
//!
//! Everything is made of `e = exp(-|z|)`, so no term overflows; the branch on the sign of `z` is a selection at the end.

use super::{beside_root, exp_falling, rise_from_root};
use crate::lane::{Exponential, Lane};

/// Where `1 - a + exp(-a) = 0`, the minimum of `x * logistic(x)` at `-a`; and `exp(-a) = a - 1` there. With 300 bits.
const SWISH_ROOT: [f64; 3] = [
    1.2784645427610737,
    1.0946994183093437e-16,
    3.907766676128665e-33,
];

const SWISH_ROOT_EXP: (f64, f64) = (0.2784645427610738, -1.5523606315812798e-18);

/// The least value of `x * logistic(x)`: the same number, negative.
pub(crate) const SWISH_MINIMUM: (f64, f64) = (-SWISH_ROOT_EXP.0, -SWISH_ROOT_EXP.1);

/// `1 / (1 + exp(-z))`.
#[inline(always)]
pub(crate) fn logistic<L: Lane>(z: L) -> L {
    let e = exp_falling(-z.abs());
    let right = L::of(1.0).over(L::of(1.0) + e.value());
    L::select(z.lt(L::of(0.0)), e.times(right), right)
}

/// `1 / (1 + exp(-beta x))` for `beta > 0`.
#[inline(always)]
pub(crate) fn logistic_of_multiple<L: Lane>(x: L, beta: f64) -> L {
    let e = (-x.abs()).exp_of_multiple(beta);
    let right = L::of(1.0).over(L::of(1.0) + e.value());
    L::select(x.lt(L::of(0.0)), e.times(right), right)
}

/// `factor` times the slope of the logistic function, scaled last; zero for `|z|` beyond 1300 and a finite factor.
#[inline(always)]
pub(crate) fn logistic_slope_times<L: Lane>(factor: L, z: L) -> L {
    let e = exp_falling(-z.abs());
    let inverse = L::of(1.0).over(L::of(1.0) + e.value());
    let zero = L::of(0.0).copysign(factor);
    L::select(
        L::of(1300.0).lt(z.abs()),
        zero,
        e.times(factor * inverse * inverse),
    )
}

/// `exp(-|z|) / (1 + exp(-|z|))^2`, the slope of the logistic function: `1 - s` would lose every digit of the tails.
#[inline(always)]
pub(crate) fn logistic_slope<L: Lane>(z: L) -> L {
    let e = exp_falling(-z.abs());
    e.times(inverse_square_of_1_plus(e.value()))
}

/// `1 / (1 + u)^2` for `0 <= u <= 1`.
#[inline(always)]
pub(crate) fn inverse_square_of_1_plus<L: Lane>(u: L) -> L {
    let sum = L::of(1.0) + u;
    sum.inverse_square_of_sum(u - (sum - L::of(1.0)))
}

/// `x / (1 + exp(-z))`: the left tail is `x * exp(z)`, scaled last. For `z` below -1300 a zero with the sign of `x`.
#[inline(always)]
pub(crate) fn swish<L: Lane>(x: L, z: L) -> L {
    let e = exp_falling(-z.abs());
    let right = x.over(L::of(1.0) + e.value());
    let left = L::select(z.lt(L::of(-1300.0)), L::of(0.0).copysign(x), e.times(right));
    L::select(z.lt(L::of(0.0)), left, right)
}

/// `x / (1 + exp(-x))`: the left tail is `x * exp(x)`, scaled last.
#[inline(always)]
pub(crate) fn swish_of_itself<L: Lane>(x: L) -> L {
    let e = exp_falling(-x.abs());
    // Beyond -1300 the tail is a zero in every lane, and an infinity would not be.
    let right = x.at_least(-1300.0).over(L::of(1.0) + e.value());
    L::select(x.lt(L::of(0.0)), e.times(right), right).within(SWISH_MINIMUM.0, x)
}

/// The slope of `z * logistic(z)`. With `a = |z|`, `e = exp(-a)` and the root `a0` of `1 - a + e`,
/// `D(a) = e (1 - a + e) / (1 + e)^2 = e ((a0 - a) + exp(-a0) (exp(a0 - a) - 1)) / (1 + e)^2`: both terms have one sign,
/// so nothing cancels. The slope is `D(a)` on the left and `1 - D(a)` on the right.
#[inline(always)]
pub(crate) fn swish_slope<L: Lane>(z: L) -> L {
    let (e, factored) = swish_dip(z);
    let left = e.times(factored);
    L::select(z.lt(L::of(0.0)), left, L::of(1.0) - left)
}

/// `x` times the slope of `z * logistic(z)`: the left tail is scaled last, and zero for `z` below -1300.
#[inline(always)]
pub(crate) fn swish_slope_times<L: Lane>(x: L, z: L) -> L {
    let (e, factored) = swish_dip(z);
    let beyond = z.le(L::of(-1300.0));
    let left = L::select(beyond, L::of(0.0), e.times(x * factored));
    L::select(z.lt(L::of(0.0)), left, x * (L::of(1.0) - e.times(factored)))
}

/// The two factors of `D(|z|)`: the exponential, and the rest.
#[inline(always)]
fn swish_dip<L: Lane>(z: L) -> (Exponential<L>, L) {
    let a = z.abs().at_most(1300.0);
    let e = exp_falling(-a);
    let distance = a.subtracted_from(SWISH_ROOT);
    let of_rise =
        L::of_pair(SWISH_ROOT_EXP.0, SWISH_ROOT_EXP.1).mul_add(rise_from_root(distance), distance);
    let factored = beside_root(distance, of_rise, (L::of(1.0) - a) + e.value());
    (e, factored * inverse_square_of_1_plus(e.value()))
}

/// The hyperbolic tangent: with `m = exp(-2|x|) - 1`, which keeps its digits near 0, `|tanh x| = -m / (2 + m)`.
#[inline(always)]
pub(crate) fn tanh<L: Lane>(x: L) -> L {
    let m = (x.abs() * L::of(-2.0)).exp_m1();
    m.over(L::of(2.0) + m).copysign(x)
}

/// `tanh(u) / u` and `1 - tanh(u)^2` for `u >= 0`. The second is right in absolute terms: it is for sums with something larger.
#[inline(always)]
pub(crate) fn tanh_ratio<L: Lane>(u: L) -> (L, L) {
    // Below, the ratio is 1 to every digit that a lane holds.
    let u = u.at_least(1e-40);
    let m = (u * L::of(-2.0)).exp_m1();
    let inverse = L::of(1.0).over(L::of(2.0) + m);
    let slope = L::of(4.0) * (L::of(1.0) + m) * inverse * inverse;
    (-m * inverse / u, slope)
}

/// `4 e / (1 + e)^2` with `e = exp(-2|x|)`, the slope of the hyperbolic tangent: never `1 - tanh^2`.
#[inline(always)]
pub(crate) fn tanh_slope<L: Lane>(x: L) -> L {
    tanh_slope_times(L::of(1.0), x)
}

/// `factor` times the slope of the hyperbolic tangent: the factor goes in before the tail is scaled.
#[inline(always)]
pub(crate) fn tanh_slope_times<L: Lane>(factor: L, x: L) -> L {
    let e = exp_falling(x.abs() * L::of(-2.0));
    e.times(L::of(4.0) * inverse_square_of_1_plus(e.value()) * factor)
}
