//! Slices of 16-bit numbers to `f32` and back.
//!
//! In integers, so that a processor that flushes subnormal numbers gives the same results; the processor's own instructions for
//! `f16` do not flush. The instruction for `bf16` does, and is not used.

#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[cfg_attr(
    not(test),
    expect(
        clippy::wildcard_imports,
        reason = "the instructions have names of their own"
    )
)]
use core::arch::x86_64::*;

#[cfg(all(target_arch = "x86_64", feature = "std"))]
use super::level::Kind;
use super::level::Level;
use super::set::{Set, Task};

/// A 16-bit format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    F16,
    Bf16,
}

/// Numbers of 16 bits as numbers of 32, which hold them exactly. The lengths are the same.
pub(crate) fn widen(level: Level, format: Format, from: &[u16], to: &mut [f32]) {
    assert_eq!(from.len(), to.len(), "one result for each number");
    match format {
        Format::Bf16 => level.run(WidenBf16 { from, to }),
        Format::F16 => {
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            if level.0 != Kind::Baseline {
                // SAFETY: every level beyond the baseline has F16C.
                return unsafe { widen_f16(from, to) };
            }
            for (&bits, to) in from.iter().zip(to) {
                *to = wide(bits);
            }
        }
    }
}

/// The nearest numbers of 16 bits, ties to even. The lengths are the same.
pub(crate) fn narrow(level: Level, format: Format, from: &[f32], to: &mut [u16]) {
    assert_eq!(from.len(), to.len(), "one result for each number");
    match format {
        Format::Bf16 => level.run(NarrowBf16 { from, to }),
        Format::F16 => {
            #[cfg(all(target_arch = "x86_64", feature = "std"))]
            if level.0 != Kind::Baseline {
                // SAFETY: every level beyond the baseline has F16C.
                return unsafe { narrow_f16(from, to) };
            }
            for (&x, to) in from.iter().zip(to) {
                *to = narrowed(x);
            }
        }
    }
}

/// Numbers of which [`ambiguous`] says whether any may be.
pub(crate) const GROUP: usize = 16;

/// The groups, as bits, in which a number within `margin` units in the last place of one in `results` may be rounded to another
/// number of 16 bits. There are at most 32 groups; the last may be shorter.
pub(crate) fn ambiguous(level: Level, format: Format, results: &[f32], margin: u32) -> u32 {
    match format {
        Format::Bf16 => level.run(AmbiguousBf16 { results, margin }),
        Format::F16 => level.run(AmbiguousF16 { results, margin }),
    }
}

struct WidenBf16<'a> {
    from: &'a [u16],
    to: &'a mut [f32],
}

impl Task for WidenBf16<'_> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        for (&bits, to) in self.from.iter().zip(self.to) {
            *to = wide_bf16(bits);
        }
    }
}

/// Sums of numbers of 16 bits, rounded once. The lengths are the same.
pub(crate) fn add(level: Level, format: Format, a: &[u16], b: &[u16], sums: &mut [u16]) {
    match format {
        Format::Bf16 => level.run(AddBf16 { a, b, sums }),
        Format::F16 => {
            let mut wide = [[0.0; GROUP * GROUP]; 2];
            let pieces = a.chunks(GROUP * GROUP).zip(b.chunks(GROUP * GROUP));
            for ((a, b), sums) in pieces.zip(sums.chunks_mut(GROUP * GROUP)) {
                let [first, second] = wide.each_mut().map(|wide| &mut wide[..a.len()]);
                widen(level, format, a, first);
                widen(level, format, b, second);
                // A second rounding is right after a first one to more than twice as many digits.
                level.run(AddTo {
                    sums: first,
                    terms: second,
                });
                narrow(level, format, first, sums);
            }
        }
    }
}

struct AddTo<'a> {
    sums: &'a mut [f32],
    terms: &'a [f32],
}

impl Task for AddTo<'_> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        for (sum, term) in self.sums.iter_mut().zip(self.terms) {
            *sum += term;
        }
    }
}

struct AddBf16<'a> {
    a: &'a [u16],
    b: &'a [u16],
    sums: &'a mut [u16],
}

impl Task for AddBf16<'_> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        for (sum, (&a, &b)) in self.sums.iter_mut().zip(self.a.iter().zip(self.b)) {
            // Rounded twice, which is right: see above.
            *sum = narrowed_bf16(wide_bf16(a) + wide_bf16(b));
        }
    }
}

/// The number of 32 bits that a number of format `bf16` is.
#[inline(always)]
fn wide_bf16(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

/// The bits of the nearest number of format `bf16`, ties to even.
#[inline(always)]
fn narrowed_bf16(x: f32) -> u16 {
    let bits = x.to_bits();
    // Half a unit, less one where the last bit kept is even: the carry rounds, also into the exponent.
    let rounded = bits.wrapping_add(0x7fff + ((bits >> 16) & 1));
    let special = bits & 0x7fff_ffff > 0x7f80_0000;
    (if special { bits | 0x40_0000 } else { rounded } >> 16) as u16
}

struct NarrowBf16<'a> {
    from: &'a [f32],
    to: &'a mut [u16],
}

impl Task for NarrowBf16<'_> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        for (&x, to) in self.from.iter().zip(self.to) {
            *to = narrowed_bf16(x);
        }
    }
}

/// The bits of the groups in which a number's own bits say so.
#[inline(always)]
fn groups(results: &[f32], near: impl Fn(u32) -> bool) -> u32 {
    let mut found = 0;
    let (whole, rest) = results.as_chunks::<GROUP>();
    for (index, group) in whole.iter().enumerate() {
        let any = group
            .iter()
            .fold(0, |any, x| any | u32::from(near(x.to_bits())));
        found |= any << index;
    }
    if rest.iter().any(|x| near(x.to_bits())) {
        found | 1 << whole.len()
    } else {
        found
    }
}

struct AmbiguousBf16<'a> {
    results: &'a [f32],
    margin: u32,
}

impl Task for AmbiguousBf16<'_> {
    type Result = u32;
    #[inline(always)]
    fn run<S: Set>(self) -> u32 {
        // The lower half of the bits, seen from the middle.
        groups(self.results, |bits| {
            (bits & 0xffff).wrapping_sub(0x8000 - self.margin) <= 2 * self.margin
        })
    }
}

struct AmbiguousF16<'a> {
    results: &'a [f32],
    margin: u32,
}

impl Task for AmbiguousF16<'_> {
    type Result = u32;
    #[inline(always)]
    fn run<S: Set>(self) -> u32 {
        let units = self.margin as f32 / 8388608.0;
        groups(self.results, |bits| {
            let size = bits & 0x7fff_ffff;
            let normal = (size & 0x1fff).wrapping_sub(0x1000 - self.margin) <= 2 * self.margin;
            // Below 2^-14 the numbers of 16 bits lie 2^-24 apart, and the middle is where the distance to an integer is 1/2.
            let scaled = f32::from_bits(size) * 16777216.0;
            let distance = (scaled - ((scaled + 12582912.0) - 12582912.0)).abs();
            let subnormal = 0.5 - distance <= scaled * units;
            if size < 0x3880_0000 {
                subnormal
            } else {
                normal
            }
        })
    }
}

/// The number of 32 bits that a number of format `f16` is.
fn wide(bits: u16) -> f32 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), u32::from(bits & 0x3ff));
    let sign = u32::from(bits >> 15) << 31;
    let size = match exponent {
        // A subnormal number is an integer times 2^-24.
        0 => (fraction as f32 * f32::from_bits((127 - 24) << 23)).to_bits(),
        0x1f => 0x7f80_0000 | fraction << 13,
        _ => ((exponent + 127 - 15).cast_unsigned() << 23) | fraction << 13,
    };
    f32::from_bits(sign | size)
}

/// The bits of the nearest number of format `f16`, ties to even.
fn narrowed(x: f32) -> u16 {
    let sign = (x.to_bits() >> 16 & 0x8000) as u16;
    let size = x.to_bits() & 0x7fff_ffff;
    let magnitude = if size > 0x7f80_0000 {
        0x7e00
    } else if size < 0x3880_0000 {
        // Below the normal numbers the sum with 1/2 has the unit of the subnormal ones: the processor rounds.
        (f32::from_bits(size) + 0.5).to_bits() - 0.5_f32.to_bits()
    } else {
        let rounded = (size + 0xfff + (size >> 13 & 1)) >> 13;
        (rounded - ((127 - 15) << 10)).min(0x7c00)
    };
    sign | magnitude as u16
}

/// Numbers that go through a register at once.
#[cfg(all(target_arch = "x86_64", feature = "std"))]
const WIDTH: usize = 8;

#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[target_feature(enable = "avx2,f16c")]
fn widen_f16(from: &[u16], to: &mut [f32]) {
    let ((from, rest), (to, last)) = (from.as_chunks::<WIDTH>(), to.as_chunks_mut::<WIDTH>());
    for (from, to) in from.iter().zip(to) {
        // SAFETY: eight numbers are read and written.
        unsafe {
            _mm256_storeu_ps(
                to.as_mut_ptr(),
                _mm256_cvtph_ps(_mm_loadu_si128(from.as_ptr().cast())),
            );
        }
    }
    for (&bits, to) in rest.iter().zip(last) {
        *to = wide(bits);
    }
}

#[cfg(all(target_arch = "x86_64", feature = "std"))]
#[target_feature(enable = "avx2,f16c")]
fn narrow_f16(from: &[f32], to: &mut [u16]) {
    let ((from, rest), (to, last)) = (from.as_chunks::<WIDTH>(), to.as_chunks_mut::<WIDTH>());
    for (from, to) in from.iter().zip(to) {
        // SAFETY: eight numbers are read and written.
        unsafe {
            let halves =
                _mm256_cvtps_ph::<_MM_FROUND_TO_NEAREST_INT>(_mm256_loadu_ps(from.as_ptr()));
            _mm_storeu_si128(to.as_mut_ptr().cast(), halves);
        }
    }
    for (&x, to) in rest.iter().zip(last) {
        *to = narrowed(x);
    }
}
