//! Results that are computed block by block in the first cache.

use alloc::vec::Vec;
use core::ops::Range;

use super::level::Level;
use super::slices::{Output, STREAMED, fence};

/// Elements of a block: what is read and written for one fits into the first cache.
pub(crate) const BLOCK: usize = 1024;

/// A result that is written in blocks, which may be read again while they are in the first cache. If the whole of it is large, each
/// leaves that cache around the others.
pub(crate) struct Blocks<'a, T> {
    level: Level,
    whole: &'a mut [T],
    large: bool,
    /// Where a block of a large result is computed.
    block: Vec<T>,
}

impl<'a, T: Copy + Default> Blocks<'a, T> {
    pub(crate) fn new(level: Level, whole: &'a mut [T]) -> Self {
        let large = size_of_val(whole) >= STREAMED;
        Self {
            level,
            whole,
            large,
            block: Vec::new(),
        }
    }

    /// Whether the result is so large that it is written around the caches.
    pub(crate) fn are_around(&self) -> bool {
        self.large
    }

    /// Has a block computed. What its elements were before is not to be read.
    pub(crate) fn write(&mut self, place: Range<usize>, compute: impl FnOnce(&mut [T])) {
        let to = &mut self.whole[place];
        if !self.large {
            return compute(to);
        }
        if self.block.len() < to.len() {
            self.block.resize(to.len(), T::default());
        }
        let block = &mut self.block[..to.len()];
        compute(block);
        Output::new(to).stream(self.level, block);
    }

    /// Writes what has been computed elsewhere in the first cache.
    pub(crate) fn copy(&mut self, place: Range<usize>, from: &[T]) {
        let to = &mut self.whole[place];
        if self.large {
            Output::new(to).stream(self.level, from);
        } else {
            to.copy_from_slice(from);
        }
    }
}

impl<T> Drop for Blocks<'_, T> {
    fn drop(&mut self) {
        if self.large {
            fence();
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    fn copies<T: Copy + Default + PartialEq + core::fmt::Debug>(numbers: impl Fn(usize) -> T) {
        for level in Level::available() {
            for (start, length) in [(0, 64), (0, 7), (3, 61), (1, 0), (5, 2), (9, 133)] {
                let from: Vec<T> = (0..length).map(&numbers).collect();
                let mut to = vec![T::default(); start + length + 3];
                let mut expected = to.clone();
                expected[start..start + length].copy_from_slice(&from);
                let piece = &mut to[start..start + length];
                Output::new(piece).stream(level, &from);
                fence();
                assert_eq!(to, expected, "{length} from {start} on, {}", level.name());
            }
        }
    }

    #[test]
    fn a_copy_around_the_caches_is_a_copy() {
        copies(|index| index as u16 + 1);
        copies(|index| index as f32 + 1.0);
        copies(|index| index as f64 + 1.0);
    }

    #[test]
    fn a_large_result_is_whole_wherever_it_begins() {
        let mut y = vec![0.0_f32; STREAMED / size_of::<f32>() + 5];
        let length = y.len() - 3;
        let mut blocks = Blocks::new(Level::best(), &mut y[3..]);
        for start in (0..length).step_by(BLOCK) {
            let place = start..length.min(start + BLOCK);
            blocks.write(place.clone(), |block| {
                for (y, x) in block.iter_mut().zip(place) {
                    *y = x as f32;
                }
            });
        }
        drop(blocks);
        assert!(
            y[3..]
                .iter()
                .enumerate()
                .all(|(index, y)| *y == index as f32)
        );
    }
}
