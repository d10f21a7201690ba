//! Asking memory for what will be read soon.
//!
//! A processor looks some hundred instructions ahead. That hides how long memory takes where a number needs few of them; where it
//! needs many, each line would be waited for.

/// Bytes between what is read and what is asked for: more than is computed while memory takes its time, and little beside a cache.
pub(super) const DISTANCE: usize = 2048;

/// The longest such distance: what is asked for stays in the first cache until it is read.
const LONGEST: usize = 16 << 10;

/// How far ahead to ask where some bytes are read more than once before the next ones are.
#[inline(always)]
pub(super) fn behind(bytes: usize) -> usize {
    bytes.clamp(DISTANCE, LONGEST)
}

/// Asks for what lies so many bytes behind an address; nothing happens where there is no memory.
#[inline(always)]
pub(super) fn ask<T>(from: *const T, distance: usize) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every processor of this kind has the instruction, which reads nothing and never fails.
    unsafe {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(from.cast::<i8>().wrapping_add(distance));
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (from, distance);
}
