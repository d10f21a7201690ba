//! The 16-bit types: widen, compute, round once.
//!
//! Slices go through registers of wider numbers. Single numbers are converted to `f64` and back, in integers and in normal `f64`
//! numbers: so a processor that flushes subnormal numbers gives the same results, and each rounds once, which it would not by way
//! of `f32`.

use half::{bf16, f16};

use crate::element::Element;
use crate::fused::{AddUp, Sums};
use crate::kernel::Tier;
use crate::rowwise::{How, Work};
use crate::simd::{self, Input, Level, Output};

/// The number with these bits: `fraction` bits of fraction, an exponent biased by `bias`.
#[inline(always)]
fn widen(bits: u16, fraction: u32, bias: i32) -> f64 {
    let magnitude = bits & 0x7fff;
    let (exponent, rest) = (
        i32::from(magnitude >> fraction),
        magnitude & ((1 << fraction) - 1),
    );
    let implied = u16::from(exponent > 0) << fraction;
    let integer = f64::from(rest | implied);
    let unit = exponent.max(1) - bias - fraction.cast_signed();
    let finite = integer * f64::from_bits(((unit + 1023) as u64) << 52);
    let largest = 0x7fff >> fraction;
    let special = if rest == 0 { f64::INFINITY } else { f64::NAN };
    let size = if exponent == largest { special } else { finite };
    if bits >> 15 == 1 { -size } else { size }
}

/// The bits of the nearest number with `fraction` bits of fraction and an exponent biased by `bias`; ties to even.
#[inline(always)]
fn narrow(x: f64, fraction: u32, bias: i32) -> u16 {
    let drop = 52 - fraction;
    let size = x.abs();
    let infinity = 0x7fff >> fraction << fraction;
    // Half a unit, less one where the last bit kept is even: the carry rounds, also into the exponent.
    let bits = size.to_bits();
    let rounded = (bits + ((1 << (drop - 1)) - 1) + ((bits >> drop) & 1)) >> drop;
    let normal =
        (rounded.cast_signed() - (i64::from(1023 - bias) << fraction)).min(infinity) as u16;
    // Below the normal numbers the sum with `grid`, whose unit is that of the subnormal ones, rounds to it.
    let grid = f64::from_bits(((1023 + 53 - bias - fraction.cast_signed()) as u64) << 52);
    let subnormal = ((size + grid).to_bits() - grid.to_bits()) as u16;
    let smallest = f64::from_bits(((1024 - bias) as u64) << 52);
    let finite = if size < smallest { subnormal } else { normal };
    let magnitude = if x.is_nan() {
        infinity as u16 | 1 << (fraction - 1)
    } else {
        finite
    };
    magnitude | u16::from(x.is_sign_negative()) << 15
}

/// Elements that are widened at a time: a few kilobytes on the stack.
const BLOCK: usize = 512;

macro_rules! half {
    ($type:ident, $name:literal, $fraction:literal, $bias:literal) => {
        impl AddUp for $type {
            fn add(level: Level, a: &[Self], b: &[Self], sums: &mut [Self]) {
                simd::add(level, a, b, sums);
            }
            fn add_rows(level: Level, rows: &[Self], totals: &mut [f64]) {
                let mut wide = [0.0_f32; BLOCK];
                for row in rows.chunks_exact(totals.len()) {
                    for (piece, totals) in row.chunks(BLOCK).zip(totals.chunks_mut(BLOCK)) {
                        let wide = &mut wide[..piece.len()];
                        simd::widen(level, piece, wide);
                        f32::add_rows(level, wide, totals);
                    }
                }
            }
            fn sum_up(level: Level, numbers: &[Self], sums: &mut Sums) {
                let mut wide = [0.0_f32; BLOCK];
                for numbers in numbers.chunks(BLOCK) {
                    let wide = &mut wide[..numbers.len()];
                    simd::widen(level, numbers, wide);
                    sums.add(level, wide);
                }
            }
        }

        impl crate::element::sealed::Sealed for $type {}

        impl Element for $type {
            type Wide = f64;
            const NAME: &'static str = $name;

            #[inline(always)]
            fn widen(self) -> f64 {
                widen(self.to_bits(), $fraction, $bias)
            }
            #[inline(always)]
            fn narrow(wide: f64) -> Self {
                Self::from_bits(narrow(wide, $fraction, $bias))
            }
            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                Self::narrow(value)
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                self.widen()
            }
            fn rows(
                work: Work<'_>,
                how: How,
                inputs: &[Input<'_, Self>],
                length: usize,
                output: Output<'_, Self>,
                numbers: &mut dyn FnMut(usize, f64),
            ) {
                let exact = How {
                    tier: Tier::Exact,
                    ..how
                };
                work.run(exact, inputs, length, output, numbers);
            }
        }
    };
}
half!(f16, "f16", 10, 15);
half!(bf16, "bf16", 7, 127);

#[cfg(test)]
mod tests {
    use super::{Element, bf16, f16};

    /// All numbers there are, and what lies between them: the midpoints go to even, their neighbours to the nearer one.
    #[test]
    fn every_number_comes_back_and_every_midpoint_goes_to_even() {
        fn check<T: Element>(
            from_bits: fn(u16) -> T,
            to_bits: fn(T) -> u16,
            reference: fn(T) -> f64,
            infinity: u16,
        ) {
            for bits in 0..=u16::MAX {
                let x = from_bits(bits);
                let wide = x.to_f64();
                assert!(
                    wide.to_bits() == reference(x).to_bits()
                        || wide.is_nan() && reference(x).is_nan(),
                    "{bits:#x} is {wide}"
                );
                if wide.is_nan() {
                    assert!(T::from_f64(wide).to_f64().is_nan());
                    continue;
                }
                assert_eq!(to_bits(T::from_f64(wide)), bits);
                let next = bits + 1;
                if (bits & 0x7fff) < infinity {
                    // Beyond the largest number the next power of two would follow.
                    let above = if next & 0x7fff == infinity {
                        2.0 * wide - reference(from_bits(bits - 1))
                    } else {
                        reference(from_bits(next))
                    };
                    let middle = f64::midpoint(wide, above);
                    let even = if bits & 1 == 0 { bits } else { next };
                    assert_eq!(to_bits(T::from_f64(middle)), even, "{middle:e}");
                    let toward = |end: f64| middle + (end - middle) * 1e-12;
                    assert_eq!(to_bits(T::from_f64(toward(wide))), bits, "below {middle:e}");
                    assert_eq!(
                        to_bits(T::from_f64(toward(above))),
                        next,
                        "above {middle:e}"
                    );
                }
            }
            assert_eq!(to_bits(T::from_f64(1e300)), infinity);
            assert_eq!(to_bits(T::from_f64(-1e-300)), 0x8000);
        }
        check(f16::from_bits, f16::to_bits, f16::to_f64, 0x7c00);
        check(bf16::from_bits, bf16::to_bits, bf16::to_f64, 0x7f80);
    }
}
