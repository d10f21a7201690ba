//! The elements of a row that can have a share in a projection onto the probability simplex, in about 100 bits.
//!
//! Which elements have a share is decided by comparing sums, and a share is the difference of two numbers that may be nearly
//! equal: so both are formed in pairs for every type.

use alloc::vec::Vec;

use crate::element::Element;
use crate::exponentials::first_largest;
use crate::init::inverse_square_root;
use crate::lane::Lane;
use crate::pair::Pair;

/// A row seen from its largest element, divided by a power of two.
#[derive(Clone, Copy)]
pub(crate) struct Candidates {
    top: Pair,
    scale: f64,
}

impl Candidates {
    /// Of a row that is not empty; `None` if NaN or `inf` is in it, or nothing but `-inf`.
    pub(crate) fn of<T: Element>(x: &[T], scale: f64) -> Option<Self> {
        let top = x[first_largest(x)].to_f64();
        let ordinary = top.is_finite() && !x.iter().any(|x| x.to_f64().is_nan());
        ordinary.then_some(Self {
            top: Pair::of(top),
            scale,
        })
    }

    /// `(x - m) * scale` with the largest element `m`, or `None` where it is -1 or less: there is no share.
    pub(crate) fn distance<T: Element>(self, x: T) -> Option<Pair> {
        let distance = (Pair::of(x.to_f64()) - self.top) * Pair::of(self.scale);
        Pair::of(-1.0).lt(distance).then_some(distance)
    }

    /// The distances of the elements that may have a share, the largest first.
    pub(crate) fn sorted<T: Element>(self, x: &[T]) -> Vec<Pair> {
        let mut distances: Vec<Pair> = x.iter().filter_map(|&x| self.distance(x)).collect();
        distances.sort_unstable_by(|a, b| {
            b.head()
                .total_cmp(&a.head())
                .then(b.tail().total_cmp(&a.tail()))
        });
        distances
    }
}

/// The square root of a number that is not negative: that of the head, and one step of Newton's iteration for the rest.
pub(crate) fn square_root(value: Pair) -> Pair {
    if value.head() <= 0.0 {
        return Pair::of(0.0);
    }
    let root = Pair::of(value.head() * inverse_square_root(value.head()));
    root + (value - root * root) / (root + root)
}
