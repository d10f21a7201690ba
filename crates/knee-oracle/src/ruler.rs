//! The ruler: how far a result is from the truth.

use knee::Element;

use crate::big::Big;

/// A type whose results are measured.
pub trait Measured: Element {
    /// Digits of the significand.
    const DIGITS: i64;
    /// The exponent of the smallest subnormal number.
    const SMALLEST: i64;
    /// The largest finite number.
    const LARGEST: f64;
    /// The positive infinity.
    const INFINITY: Self;

    /// The bits as an integer in the order of the numbers: neighbours differ by 1, and both zeros are 0.
    fn ordered(self) -> i64;
    /// The number with that integer.
    fn from_ordered(ordered: i64) -> Self;
    /// The bits.
    fn bits(self) -> u64;
    /// The number with those bits, of which the type takes the lowest.
    fn from_bits(bits: u64) -> Self;
}

macro_rules! measured {
    ($float:ty, $digits:literal, $smallest:literal, $largest:expr) => {
        impl Measured for $float {
            const DIGITS: i64 = $digits;
            const SMALLEST: i64 = $smallest;
            const LARGEST: f64 = $largest;
            const INFINITY: Self = <$float>::INFINITY;

            fn ordered(self) -> i64 {
                let sign = Self::from_f64(-0.0).to_bits();
                let magnitude = (self.to_bits() & !sign) as i64;
                if self.is_sign_negative() {
                    -magnitude
                } else {
                    magnitude
                }
            }
            fn from_ordered(ordered: i64) -> Self {
                let magnitude = <$float>::from_bits(ordered.unsigned_abs() as _);
                if ordered < 0 { -magnitude } else { magnitude }
            }
            fn bits(self) -> u64 {
                self.to_bits() as u64
            }
            fn from_bits(bits: u64) -> Self {
                <$float>::from_bits(bits as _)
            }
        }
    };
}
#[expect(
    clippy::cast_lossless,
    clippy::cast_possible_wrap,
    reason = "one macro for types whose bits have different widths"
)]
mod types {
    use half::{bf16, f16};
    use knee::Element;

    use super::Measured;

    measured!(f32, 24, -149, f32::MAX as f64);
    measured!(f64, 53, -1074, f64::MAX);
    measured!(f16, 11, -24, 65504.0);
    // (2 - 2^-7) 2^127
    measured!(bf16, 8, -133, 3.3895313892515355e38);
}

/// The number of representable numbers from one to the other; `None` if one of them is NaN and the other is not.
pub fn distance<T: Measured>(a: T, b: T) -> Option<u64> {
    match (a.to_f64().is_nan(), b.to_f64().is_nan()) {
        (true, true) => Some(0),
        (false, false) => Some(a.ordered().abs_diff(b.ordered())),
        _ => None,
    }
}

/// Whether two results are the same number with the same sign, or both NaN.
pub fn same<T: Measured>(a: T, b: T) -> bool {
    a.bits() == b.bits() || (a.to_f64().is_nan() && b.to_f64().is_nan())
}

/// The error of a result in units in the last place of its type at the true value.
///
/// Beyond the largest number the right result is the infinity from half a unit on, as rounding has it.
pub fn ulps<T: Measured>(found: T, truth: &Big) -> f64 {
    let found = found.to_f64();
    if found.is_nan() {
        return f64::INFINITY;
    }
    let largest_exponent = Big::of(T::LARGEST).exponent().unwrap_or(0);
    let exponent = truth
        .exponent()
        .map_or(T::SMALLEST, |e| (e - T::DIGITS + 1).max(T::SMALLEST))
        .min(largest_exponent - T::DIGITS + 1);
    if found.is_infinite() {
        let beyond = Big::of(T::LARGEST) + Big::power_of_two(exponent - 1);
        let right = if found > 0.0 {
            *truth >= beyond
        } else {
            -truth.clone() >= beyond
        };
        return if right { 0.0 } else { f64::INFINITY };
    }
    (Big::of(found) - truth.clone())
        .scaled(-exponent)
        .to_f64()
        .abs()
}
