//! Square roots of sums and reciprocal squares whose intermediate results neither overflow nor vanish.

use crate::lane::Lane;

/// `sqrt(a^2 + c)` for `a >= 0` and `c > 0`, also where the square overflows.
#[inline(always)]
pub(crate) fn root_of_sum<L: Lane>(a: L, c: L) -> L {
    let far = L::of(FAR).lt(a);
    let down = L::of(-600.0);
    let a = L::select(far, a.scale(down), a);
    let c = L::select(far, c.scale(down).scale(down), c);
    let root = (a * a + c).sqrt();
    L::select(far, root.scale(-down), root)
}

/// `2^500`: the squares of what is larger may overflow.
const FAR: f64 = 3.273390607896142e150;

/// `factor / d^2` for `d >= 1`; the product is scaled last, so that a subnormal one is rounded once.
#[inline(always)]
pub(crate) fn inverse_square<L: Lane>(factor: f64, d: L) -> L {
    let inverse = L::of(1.0) / d;
    ((inverse * L::of(factor)).scale(L::of(600.0)) * inverse).scale(L::of(-600.0))
}
