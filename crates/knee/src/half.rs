//! The 16-bit types: widen, compute, round once.
//!
//! Slices go through `f32` in blocks. Single numbers are converted to `f64` and back:
//! The conversions are done in integers and in normal `f64` numbers, so a processor that flushes subnormal numbers gives the
//! same results, and each rounds once: going through `f32` would round twice.

use alloc::vec;
use alloc::vec::Vec;

use half::slice::HalfFloatSliceExt;
use half::{bf16, f16};

use crate::activation::InSingle;
use crate::element::Element;
use crate::fused::Sums;
use crate::gated::{self, EvaluateGated, GatedFunction};
use crate::kernel::{Evaluate, Kernel, Tier};
use crate::rowwise::{How, Work};
use crate::simd::{self, Body, Format, GROUP, Input, Level, Output, Precision, Written, apply};

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

/// Elements that are converted at a time: a few kilobytes on the stack.
const BLOCK: usize = 32 * GROUP;
/// A little more than the fast tier's errors, in its units in the last place, and the rounding of a product.
const MARGIN: u32 = 6;

/// Two loops over the same formula: in the arithmetic of `f32`, and in the exact tier's, rounded to odd.
struct Loops<'c, const IN: usize, const OUT: usize> {
    fast: Body<'c, f32, IN, OUT>,
    odd: Body<'c, f32, IN, OUT>,
}

/// Evaluates blocks in `f32`. The fast tier decides how a result is rounded, but where it is so near to the middle between two
/// numbers of 16 bits that its error could: there, and where a formula has no fast tier, the exact one is asked.
fn evaluate<T: Element + HalfBits, const IN: usize, const OUT: usize>(
    level: Level,
    loops: &Loops<'_, IN, OUT>,
    inputs: [Input<'_, T>; IN],
    mut outputs: [Output<'_, T>; OUT],
) -> Written {
    let mut wide = [[0.0_f32; BLOCK]; IN];
    let mut results = [[0.0_f32; BLOCK]; OUT];
    let mut narrowed = [T::default(); BLOCK];
    let elements = inputs[0].len();
    for start in (0..elements).step_by(BLOCK) {
        let length = BLOCK.min(elements - start);
        for (wide, input) in wide.iter_mut().zip(&inputs) {
            input.copy_to(start, &mut narrowed[..length]);
            simd::widen(
                level,
                T::FORMAT,
                T::bits(&narrowed[..length]),
                &mut wide[..length],
            );
        }
        let run = |body, range: core::ops::Range<usize>, results: &mut [[f32; BLOCK]; OUT]| {
            let inputs = wide.each_ref().map(|wide| Input::new(&wide[range.clone()]));
            let outputs = results
                .each_mut()
                .map(|results| Output::new(&mut results[range.clone()]));
            apply(body, inputs, outputs);
        };
        if loops.fast.in_single == InSingle::Coarse {
            run(loops.odd, 0..length, &mut results);
        } else {
            run(loops.fast, 0..length, &mut results);
        }
        if loops.fast.in_single == InSingle::Fast {
            let mut groups = results.iter().fold(0, |groups, results| {
                groups | simd::ambiguous(level, T::FORMAT, &results[..length], MARGIN)
            });
            while groups != 0 {
                let first = groups.trailing_zeros() as usize * GROUP;
                run(loops.odd, first..length.min(first + GROUP), &mut results);
                groups &= groups - 1;
            }
        }
        for (results, output) in results.iter().zip(&mut outputs) {
            simd::narrow(
                level,
                T::FORMAT,
                &results[..length],
                T::bits_mut(&mut narrowed[..length]),
            );
            output.append(&narrowed[..length]);
        }
    }
    Written::by_all(outputs)
}

/// Computes rows in `f32`, in the exact tier, rounded to odd.
fn rows<T: Element + HalfBits>(
    work: Work<'_>,
    how: How,
    inputs: &[Input<'_, T>],
    length: usize,
    mut output: Output<'_, T>,
    numbers: &mut dyn FnMut(usize, f64),
) {
    let how = How {
        tier: Tier::Exact,
        ..how
    };
    let written = if output.len() == 0 { 0 } else { length };
    let mut narrow = vec![T::default(); length];
    let mut wide = vec![vec![0.0_f32; length]; inputs.len()];
    let mut results = vec![0.0_f32; written];
    for index in 0..inputs[0].len().checked_div(length).unwrap_or(0) {
        for (wide, input) in wide.iter_mut().zip(inputs) {
            input.copy_to(index * length, &mut narrow);
            simd::widen(how.level, T::FORMAT, T::bits(&narrow), wide);
        }
        let rows: Vec<Input<'_, f32>> = wide.iter().map(|wide| Input::new(wide)).collect();
        work.of_row(index).run(
            how,
            &rows,
            length,
            Output::new(&mut results).odd(),
            &mut |_, number| numbers(index, number),
        );
        if written > 0 {
            let bits = T::bits_mut(&mut narrow);
            simd::narrow(how.level, T::FORMAT, &results, bits);
            output.append(&narrow);
        }
    }
}

/// The bits of a slice of 16-bit numbers.
trait HalfBits: Sized {
    const FORMAT: Format;
    fn bits(slice: &[Self]) -> &[u16];
    fn bits_mut(slice: &mut [Self]) -> &mut [u16];
}

const FAST: Precision = Precision::Tier(Tier::Fast);

macro_rules! half {
    ($type:ident, $name:literal, $format:ident, $fraction:literal, $bias:literal) => {
        impl HalfBits for $type {
            const FORMAT: Format = Format::$format;
            fn bits(slice: &[Self]) -> &[u16] {
                slice.reinterpret_cast()
            }
            fn bits_mut(slice: &mut [Self]) -> &mut [u16] {
                slice.reinterpret_cast_mut()
            }
        }

        impl Evaluate for $type {
            fn loops(kernel: &Kernel) -> [(usize, usize); 3] {
                f32::loops(&kernel.tier(Tier::Fast))
            }
            fn add(level: Level, a: &[Self], b: &[Self], sums: &mut [Self]) {
                simd::add(
                    level,
                    Format::$format,
                    Self::bits(a),
                    Self::bits(b),
                    Self::bits_mut(sums),
                );
            }
            fn add_rows(level: Level, rows: &[Self], totals: &mut [f64]) {
                let mut wide = [0.0_f32; BLOCK];
                for row in rows.chunks_exact(totals.len()) {
                    for (piece, totals) in row.chunks(BLOCK).zip(totals.chunks_mut(BLOCK)) {
                        let wide = &mut wide[..piece.len()];
                        simd::widen(level, Format::$format, Self::bits(piece), wide);
                        f32::add_rows(level, wide, totals);
                    }
                }
            }
            fn sum_up(level: Level, numbers: &[Self], sums: &mut Sums) {
                let mut wide = [0.0_f32; BLOCK];
                for numbers in numbers.chunks(BLOCK) {
                    let wide = &mut wide[..numbers.len()];
                    simd::widen(level, Format::$format, Self::bits(numbers), wide);
                    sums.add(level, wide);
                }
            }
            fn values(kernel: &Kernel, x: Input<'_, Self>, y: Output<'_, Self>) -> Written {
                let loops = Loops {
                    fast: kernel.values(FAST),
                    odd: kernel.values(Precision::Odd),
                };
                evaluate(kernel.instructions(), &loops, [x], [y])
            }
            fn gradients(
                kernel: &Kernel,
                inputs: [Input<'_, Self>; 2],
                dx: Output<'_, Self>,
            ) -> Written {
                let loops = Loops {
                    fast: kernel.gradients(FAST),
                    odd: kernel.gradients(Precision::Odd),
                };
                evaluate(kernel.instructions(), &loops, inputs, [dx])
            }
            fn gradients_from_output(
                kernel: &Kernel,
                inputs: [Input<'_, Self>; 2],
                dx: Output<'_, Self>,
            ) -> Written {
                let loops = Loops {
                    fast: kernel.gradients_from_output(FAST),
                    odd: kernel.gradients_from_output(Precision::Odd),
                };
                evaluate(kernel.instructions(), &loops, inputs, [dx])
            }
        }

        impl EvaluateGated for $type {
            fn gated(
                function: GatedFunction,
                inputs: [Input<'_, Self>; 2],
                y: Output<'_, Self>,
            ) -> Written {
                gated::values(&mut { function }, Precision::Odd, |odd| {
                    evaluate(Level::best(), &Loops { fast: odd, odd }, inputs, [y])
                })
            }
            fn gated_gradients(
                function: GatedFunction,
                inputs: [Input<'_, Self>; 3],
                gradients: [Output<'_, Self>; 2],
            ) -> Written {
                gated::gradients(&mut { function }, Precision::Odd, |odd| {
                    evaluate(Level::best(), &Loops { fast: odd, odd }, inputs, gradients)
                })
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
                rows(work, how, inputs, length, output, numbers);
            }
        }
    };
}
half!(f16, "f16", F16, 10, 15);
half!(bf16, "bf16", Bf16, 7, 127);

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
