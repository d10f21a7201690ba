//! The ruler: how far a result is from the truth. It is tested in `compare.rs` before anything is measured with it.

use knee::Element;

use super::oracle::{Big, Real};

/// A type whose results are measured.
pub(crate) trait Measured: Element {
    /// The bits as an integer in the order of the numbers: neighbours differ by 1, and both zeros are 0.
    fn ordered(self) -> i64;
    /// The number with that integer.
    fn from_ordered(ordered: i64) -> Self;
    /// The bits.
    fn bits(self) -> u64;
    /// Digits of the significand, and the exponent of the smallest subnormal number.
    const DIGITS: i64;
    const SMALLEST: i64;
    const LARGEST: f64;
    const INFINITY: Self;
}

macro_rules! measured {
    ($float:ident, $digits:literal, $smallest:literal) => {
        impl Measured for $float {
            fn ordered(self) -> i64 {
                let magnitude = i64::from(($float::abs(self)).to_bits().cast_signed());
                if self.is_sign_negative() {
                    -magnitude
                } else {
                    magnitude
                }
            }
            fn from_ordered(ordered: i64) -> Self {
                let magnitude = $float::from_bits(ordered.unsigned_abs() as _);
                if ordered < 0 { -magnitude } else { magnitude }
            }
            fn bits(self) -> u64 {
                self.to_bits().into()
            }
            const DIGITS: i64 = $digits;
            const SMALLEST: i64 = $smallest;
            const LARGEST: f64 = $float::MAX as f64;
            const INFINITY: Self = $float::INFINITY;
        }
    };
}
measured!(f32, 24, -149);
measured!(f64, 53, -1074);

/// The number of representable numbers from one to the other; `None` if one of them is NaN and the other is not.
pub(crate) fn distance<T: Measured>(a: T, b: T) -> Option<u64> {
    match (a.to_f64().is_nan(), b.to_f64().is_nan()) {
        (true, true) => Some(0),
        (false, false) => Some(a.ordered().abs_diff(b.ordered())),
        _ => None,
    }
}

/// Whether two results are the same number with the same sign, or both NaN.
pub(crate) fn same<T: Measured>(a: T, b: T) -> bool {
    a.bits() == b.bits() || (a.to_f64().is_nan() && b.to_f64().is_nan())
}

/// The error of a result in units in the last place of its type at the true value.
///
/// Beyond the largest number the right result is the infinity from half a unit on, as rounding has it.
pub(crate) fn ulps<T: Measured>(found: T, truth: &Big) -> f64 {
    let found = found.to_f64();
    if found.is_nan() {
        return f64::INFINITY;
    }
    let largest_exponent = (T::LARGEST.log2().round() as i64) - 1;
    let exponent = truth
        .exponent()
        .map_or(T::SMALLEST, |e| (e - T::DIGITS + 1).max(T::SMALLEST));
    let unit = Big::power_of_two(exponent.min(largest_exponent - T::DIGITS + 1));
    let beyond = Big::of(T::LARGEST) + unit.clone() * Big::of(0.5);
    if found.is_infinite() {
        let right = if found > 0.0 {
            *truth >= beyond
        } else {
            -truth.clone() >= beyond
        };
        return if right { 0.0 } else { f64::INFINITY };
    }
    ((Big::of(found) - truth.clone()) / unit).to_f64().abs()
}
