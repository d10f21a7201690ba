//! The types that are timed: their arithmetic goes through `f32`.

use half::bf16;
use knee::Element;

/// A number that is an `f32` or rounded from one.
pub(crate) trait Number: Element {
    /// As an `f32`.
    fn single(self) -> f32;
    /// The nearest one.
    fn of(single: f32) -> Self;
}

impl Number for f32 {
    #[inline(always)]
    fn single(self) -> f32 {
        self
    }
    #[inline(always)]
    fn of(single: f32) -> Self {
        single
    }
}

impl Number for bf16 {
    #[inline(always)]
    fn single(self) -> f32 {
        f32::from_bits(u32::from(self.to_bits()) << 16)
    }
    #[inline(always)]
    fn of(single: f32) -> Self {
        let bits = single.to_bits();
        // Ties to even; the carry rounds. The numbers here are finite.
        let rounded = bits.wrapping_add(0x7fff + ((bits >> 16) & 1));
        Self::from_bits((rounded >> 16) as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_number_comes_back_and_a_middle_goes_to_even() {
        assert_eq!(
            bf16::of(bf16::from_f32(-1.5).single()),
            bf16::from_f32(-1.5)
        );
        for single in [1.003_906_25, 1.011_718_8, -3.1, 0.0, 1e-40] {
            assert_eq!(bf16::of(single), bf16::from_f32(single), "{single}");
        }
    }
}
