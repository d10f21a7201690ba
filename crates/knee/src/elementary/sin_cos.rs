//! Sine and cosine.

use crate::pair::Pair;

/// `sin` and `cos` of `omega * (x + rest)`.
pub(crate) fn sin_cos(x: f64, rest: f64, omega: f64) -> (Pair, Pair) {
    let z = omega * x + omega * rest;
    (Pair::new(z.sin(), 0.0), Pair::new(z.cos(), 0.0))
}
