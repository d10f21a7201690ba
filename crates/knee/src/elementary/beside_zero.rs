//! A function with `f(0) = 0` beside 0.

use crate::lane::Lane;

/// `slope * x` where `x` is so small that the function is nothing else, scaled last: a formula of several factors would round
/// a subnormal number more than once. Beyond, `elsewhere`.
#[inline(always)]
pub(crate) fn beside_zero<L: Lane>(x: L, slope: L, elsewhere: L) -> L {
    let scaled = (x.scale(L::of(300.0)) * slope).scale(L::of(-300.0));
    L::select(x.abs().lt(L::of(1e-200)), scaled, elsewhere)
}
