//! `min(max(alpha * x + beta, 0), 1)`, the line between two levels that the piecewise linear sigmoids share.

use alloc::vec;

use crate::facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
use crate::lane::Lane;

/// `alpha` as a quotient: `1 / n` if it is the number nearest to that, else `alpha / 1`.
///
/// The number nearest to 1/6 is a little less than 1/6; taken as it is, it would move the knot at -3.
#[inline(always)]
fn quotient(alpha: f64) -> (f64, f64) {
    let n = Lane::round((1.0 / alpha).min(1e9));
    if alpha == 1.0 / n {
        (1.0, n)
    } else {
        (alpha, 1.0)
    }
}

#[inline(always)]
pub(crate) fn forward<L: Lane>(alpha: f64, beta: f64, x: L) -> L {
    let (numerator, denominator) = quotient(alpha);
    let line = (x * L::of(numerator) + L::of(beta) * L::of(denominator)) / L::of(denominator);
    line.at_least(0.0).at_most(1.0)
}

#[inline(always)]
pub(crate) fn derivative<L: Lane>(alpha: f64, beta: f64, x: L) -> L {
    let (numerator, denominator) = quotient(alpha);
    let line = x * L::of(numerator) + L::of(beta) * L::of(denominator);
    let below = L::select(
        line.lt(L::of(denominator)),
        L::of(numerator) / L::of(denominator),
        L::of(0.0),
    );
    let slope = L::select(L::of(0.0).lt(line), below, L::of(0.0));
    L::select(x.le(x), slope, x)
}

pub(crate) fn facts(alpha: f64, beta: f64, typical_use: &'static str) -> Facts {
    let (numerator, denominator) = quotient(alpha);
    let knot = |level: f64| (level - beta) * denominator / numerator;
    let (low, high) = (knot(0.0), knot(1.0));
    Facts {
        range: Interval::closed(0.0, 1.0),
        monotone: Monotone::NonDecreasing,
        smoothness: Smoothness::Times(0),
        kinks: vec![
            Kink {
                at: low,
                slope: 0.0,
            },
            Kink {
                at: high,
                slope: 0.0,
            },
        ],
        flat: vec![
            Interval::open(f64::NEG_INFINITY, low),
            Interval::open(high, f64::INFINITY),
        ],
        left: Tail::Saturates { limit: 0.0 },
        right: Tail::Saturates { limit: 1.0 },
        centre: Centre::OneSided,
        lipschitz: Some(alpha),
        initialisation: Initialisation::Glorot,
        typical_use,
    }
}
