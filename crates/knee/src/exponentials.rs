//! Rows of exponentials in proportion to the largest of them: what every kind of softmax is made of.

use crate::element::Element;
use crate::lane::Lane;

/// A row `z` of exponents, seen from its largest element.
#[derive(Clone, Copy)]
pub(crate) struct Exponentials<L> {
    /// The first largest element, `m`; the first element if that is NaN.
    pub(crate) top: L,
    /// The sum of `exp(z_j - m)` over all but that one, whose own term is 1. NaN where `m` is infinite or any element NaN.
    pub(crate) rest: L,
}

impl<L: Lane> Exponentials<L> {
    /// Of a row that is not empty.
    pub(crate) fn of<T: Element<Wide = L>>(z: impl Iterator<Item = L> + Clone) -> Self {
        let (mut best, mut top) = (0, L::of(f64::NEG_INFINITY));
        for (index, z) in z.clone().enumerate() {
            if index == 0 || less::<T>(top, z) {
                (best, top) = (index, z);
            }
        }
        let mut rest = L::of(0.0);
        for (index, z) in z.enumerate() {
            let term = (z - top).exp().value();
            // The winner adds 0, or NaN where it is infinite or NaN itself.
            rest = rest + if index == best { z - top } else { term };
        }
        Self { top, rest }
    }

    /// Writes `exp(z_i) / sum_j exp(z_j)`; the power of two is applied last, so that a small share keeps its digits.
    pub(crate) fn write_shares<T: Element<Wide = L>>(
        self,
        z: impl Iterator<Item = L>,
        y: &mut [T],
    ) {
        let inverse = L::of(1.0) / (L::of(1.0) + self.rest);
        for (y, z) in y.iter_mut().zip(z) {
            *y = T::narrow((z - self.top).exp().times(inverse));
        }
    }
}

/// `a < b`, which a lane tells only to its selections.
#[inline(always)]
pub(crate) fn less<T: Element>(a: T::Wide, b: T::Wide) -> bool {
    let (yes, no) = (T::Wide::of(1.0), T::Wide::of(0.0));
    T::narrow(T::Wide::select(a.lt(b), yes, no)).to_f64() > 0.5
}

/// The gradient of softmax from its output: `y_i ((dy_i - dy_w) + sum_j y_j (dy_w - dy_j))`, `w` the largest output, and
/// `adjust` of it. Because the outputs have the sum 1 it is `y_i (dy_i - sum_j y_j dy_j)`, but a clear winner's share of
/// nearly 1 is multiplied by an exact 0.
pub(crate) fn softmax_gradient<T: Element>(
    y: &[T],
    dy: &[T],
    adjust: impl Fn(T::Wide) -> T::Wide,
    dx: &mut [T],
) {
    let best = first_largest(y);
    let reference = dy[best].widen();
    let mut sum = T::Wide::of(0.0);
    for (y, dy) in y.iter().zip(dy) {
        sum = sum + y.widen() * (reference - dy.widen());
    }
    for ((dx, y), dy) in dx.iter_mut().zip(y).zip(dy) {
        *dx = T::narrow(adjust(y.widen() * ((dy.widen() - reference) + sum)));
    }
}

/// The index of the first largest element; NaN is never larger, and nothing is larger than a NaN that comes first.
pub(crate) fn first_largest<T: Element>(x: &[T]) -> usize {
    let mut best = 0;
    for (index, value) in x.iter().enumerate() {
        if *value > x[best] {
            best = index;
        }
    }
    best
}
