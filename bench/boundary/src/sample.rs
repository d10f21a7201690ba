//! Arguments: to be timed with, and to be judged by.

use knee::Element;

use crate::dtype::{Ruled, Typed, dispatch};

/// Numbers after which normally distributed ones are the same again.
const PERIOD: usize = 1 << 20;

/// Fills `out` with `elements` numbers of a dtype.
///
/// `kind` 0: normally distributed with the standard deviation `scale`, from a seed, the same again after 2^20 numbers. 1: finite numbers and NaN at even distances
/// over all patterns of bits. 2: at even distances from `-scale` to `scale`. Returns 0 for another kind or dtype.
///
/// # Safety
///
/// `out` points to `elements` numbers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_fill(
    kind: u8,
    dtype: u8,
    out: *mut u8,
    elements: u64,
    scale: f64,
    seed: u64,
) -> u8 {
    let elements = elements as usize;
    let fill = Fill {
        kind,
        out,
        elements,
        scale,
        seed,
    };
    u8::from(kind < 3 && dispatch(dtype, fill).is_some())
}

struct Fill {
    kind: u8,
    out: *mut u8,
    elements: usize,
    scale: f64,
    seed: u64,
}

impl Typed for Fill {
    type Output = ();

    fn with<T: Ruled>(self) {
        // SAFETY: the promise of the caller of `boundary_fill`; numbers have no wrong patterns.
        let out = unsafe { std::slice::from_raw_parts_mut(self.out.cast::<T>(), self.elements) };
        if self.kind == 0 {
            return normal(out, self.scale, self.seed);
        }
        for (index, place) in out.iter_mut().enumerate() {
            *place = if self.kind == 1 {
                T::from_pattern(pattern(index, self.elements, T::BITS))
            } else {
                let share = index as f64 / (self.elements - 1).max(1) as f64;
                T::from_f64(self.scale * (2.0 * share - 1.0))
            };
        }
    }
}

/// Fills `out` with normally distributed numbers with the standard deviation `scale`, from a seed, the same again after 2^20 numbers.
pub fn normal<T: Element>(out: &mut [T], scale: f64, seed: u64) {
    let mut random = Random(seed);
    let fresh = PERIOD.min(out.len());
    for place in &mut out[..fresh] {
        *place = T::from_f64(scale * random.normal());
    }
    for start in (fresh..out.len()).step_by(PERIOD) {
        let length = PERIOD.min(out.len() - start);
        out.copy_within(..length, start);
    }
}

/// The pattern at `index` of `count` at even distances over all patterns of that many bits.
fn pattern(index: usize, count: usize, bits: u32) -> u64 {
    ((index as u128) * (1_u128 << bits) / count as u128) as u64
}

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// In (0, 1].
    fn uniform(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// After Box and Muller.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(kind: u8, elements: usize, scale: f64) -> Vec<f32> {
        let mut out = vec![0.0_f32; elements];
        // SAFETY: room for as many numbers.
        let done =
            unsafe { boundary_fill(kind, 0, out.as_mut_ptr().cast(), elements as u64, scale, 1) };
        assert_eq!(done, 1);
        out
    }

    #[test]
    fn normal_numbers_have_their_moments() {
        let x = filled(0, 1 << 16, 3.0);
        let mean = x.iter().sum::<f32>() / x.len() as f32;
        let square = x.iter().map(|x| x * x).sum::<f32>() / x.len() as f32;
        assert!(mean.abs() < 0.05, "{mean}");
        assert!((square - 9.0).abs() < 0.3, "{square}");
    }

    #[test]
    fn patterns_reach_both_signs_and_a_grid_both_ends() {
        let x = filled(1, 1 << 12, 0.0);
        assert!(
            x.iter().any(|x| *x < -1e30)
                && x.iter().any(|x| *x > 1e30)
                && x.iter().any(|x| x.is_nan())
        );
        let grid = filled(2, 5, 2.0);
        assert_eq!(grid, [-2.0, -1.0, 0.0, 1.0, 2.0]);
    }
}
