//! Types of elements by number.

use half::{bf16, f16};
use knee::Element;

/// Something that can be done with elements of any type.
pub(crate) trait Typed {
    /// What comes of it.
    type Output;
    /// Does it with elements of type `T`.
    fn with<T: Ruled>(self) -> Self::Output;
}

/// Calls with the type that the number stands for; `None` if there is none.
pub(crate) fn dispatch<W: Typed>(dtype: u8, work: W) -> Option<W::Output> {
    Some(match dtype {
        0 => work.with::<f32>(),
        1 => work.with::<f64>(),
        2 => work.with::<f16>(),
        3 => work.with::<bf16>(),
        _ => return None,
    })
}

/// A type with a ruler.
pub(crate) trait Ruled: Element {
    /// Digits of the significand.
    const DIGITS: i32;
    /// The exponent of the smallest normal number.
    const SMALLEST_NORMAL: i32;
    /// The largest finite number.
    const LARGEST: f64;
    /// How many bits a number has.
    const BITS: u32;
    /// The number with the lowest of these bits.
    fn from_pattern(bits: u64) -> Self;
}

macro_rules! ruled {
    ($($float:ty, $digits:literal, $smallest:literal, $bits:literal;)+) => {$(
        impl Ruled for $float {
            const DIGITS: i32 = $digits;
            const SMALLEST_NORMAL: i32 = $smallest;
            // The significand's largest value is 2 - 2^(1 - digits), and the largest exponent is 1 - smallest.
            const LARGEST: f64 = {
                let mut power = 1.0;
                let mut exponent = 0;
                while exponent < 1 - $smallest {
                    power *= 2.0;
                    exponent += 1;
                }
                let mut step = 1.0;
                let mut digit = 1;
                while digit < $digits {
                    step /= 2.0;
                    digit += 1;
                }
                (2.0 - step) * power
            };
            const BITS: u32 = $bits;
            fn from_pattern(bits: u64) -> Self {
                Self::from_bits(bits as _)
            }
        }
    )+};
}

ruled! {
    f32, 24, -126, 32;
    f64, 53, -1022, 64;
    f16, 11, -14, 16;
    bf16, 8, -126, 16;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_number_is_the_types_own() {
        assert_eq!(f32::LARGEST, f64::from(f32::MAX));
        assert_eq!(<f64 as Ruled>::LARGEST, f64::MAX);
        assert_eq!(f16::LARGEST, f16::MAX.to_f64());
        assert_eq!(bf16::LARGEST, bf16::MAX.to_f64());
    }
}
