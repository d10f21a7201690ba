//! Rows of exponents that are made one by one, such as those with noise in them.

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
