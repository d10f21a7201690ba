//! Loops that only move memory: what no kernel can beat.

use std::hint::black_box;

/// A loop that moves memory.
type Loop = unsafe fn(a: *const u8, b: *const u8, out: *mut u8, bytes: usize);

/// The loop with this number: 0 copies with vector loads and stores, 1 with streaming stores, 2 with `memcpy`;
/// 3 reads and writes in place; 4 reads two arrays and writes a third, 5 the same with streaming stores.
///
/// Without AVX2 there is only `memcpy`.
fn find(kind: u8) -> Option<Loop> {
    if kind == 2 {
        return Some(memcpy);
    }
    #[cfg(target_arch = "x86_64")]
    if std::is_x86_feature_detected!("avx512f") {
        return avx512::find(kind);
    } else if std::is_x86_feature_detected!("avx2") {
        return avx2::find(kind);
    }
    None
}

/// Runs the loop with this number `calls` times. Returns 0 if there is no such loop on this machine. Bytes at the end that fill no
/// vector may be left out.
///
/// # Safety
///
/// `a`, `b` and `out` point to `bytes` bytes; `out` does not overlap the others and begins at a multiple of 64.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_copy(
    kind: u8,
    a: *const u8,
    b: *const u8,
    out: *mut u8,
    bytes: u64,
    calls: u64,
) -> u8 {
    let Some(work) = find(kind) else { return 0 };
    for _ in 0..calls {
        // SAFETY: the caller's promise, and the loop was chosen for this processor.
        unsafe { work(black_box(a), black_box(b), black_box(out), bytes as usize) };
    }
    1
}

unsafe fn memcpy(a: *const u8, _: *const u8, out: *mut u8, bytes: usize) {
    // SAFETY: the caller of `boundary_copy` has promised it.
    unsafe { std::ptr::copy_nonoverlapping(a, out, bytes) };
}

/// The loops for vectors of one width, four vectors at a time.
#[cfg(target_arch = "x86_64")]
macro_rules! width {
    ($module:ident, $feature:literal, $vector:ident, $load:ident, $store:ident, $stream:ident, $xor:ident, $ones:ident) => {
        mod $module {
            use std::arch::x86_64::{_mm_sfence, $load, $ones, $store, $stream, $vector, $xor};

            use super::Loop;

            const WIDTH: usize = size_of::<$vector>();

            pub(super) fn find(kind: u8) -> Option<Loop> {
                Some(match kind {
                    0 => copy,
                    1 => copy_streaming,
                    3 => in_place,
                    4 => merge,
                    5 => merge_streaming,
                    _ => return None,
                })
            }

            /// Calls with the address of every vector.
            #[inline(always)]
            fn each(bytes: usize, mut step: impl FnMut(usize)) {
                let mut at = 0;
                while at + 4 * WIDTH <= bytes {
                    step(at);
                    step(at + WIDTH);
                    step(at + 2 * WIDTH);
                    step(at + 3 * WIDTH);
                    at += 4 * WIDTH;
                }
                while at + WIDTH <= bytes {
                    step(at);
                    at += WIDTH;
                }
            }

            #[target_feature(enable = $feature)]
            unsafe fn copy(a: *const u8, _: *const u8, out: *mut u8, bytes: usize) {
                // SAFETY: the loop stays within the arrays.
                each(bytes, |at| unsafe {
                    $store(out.add(at).cast(), $load(a.add(at).cast()))
                });
            }

            #[target_feature(enable = $feature)]
            unsafe fn copy_streaming(a: *const u8, _: *const u8, out: *mut u8, bytes: usize) {
                // SAFETY: the loop stays within the arrays, and `out` is aligned.
                each(bytes, |at| unsafe {
                    $stream(out.add(at).cast(), $load(a.add(at).cast()))
                });
                _mm_sfence();
            }

            #[target_feature(enable = $feature)]
            unsafe fn in_place(_: *const u8, _: *const u8, out: *mut u8, bytes: usize) {
                let ones = $ones(-1);
                // SAFETY: the loop stays within the arrays.
                each(bytes, |at| unsafe {
                    let place = out.add(at);
                    $store(place.cast(), $xor($load(place.cast()), ones));
                });
            }

            #[target_feature(enable = $feature)]
            unsafe fn merge(a: *const u8, b: *const u8, out: *mut u8, bytes: usize) {
                // SAFETY: the loop stays within the arrays.
                each(bytes, |at| unsafe {
                    let merged = $xor($load(a.add(at).cast()), $load(b.add(at).cast()));
                    $store(out.add(at).cast(), merged);
                });
            }

            #[target_feature(enable = $feature)]
            unsafe fn merge_streaming(a: *const u8, b: *const u8, out: *mut u8, bytes: usize) {
                // SAFETY: the loop stays within the arrays, and `out` is aligned.
                each(bytes, |at| unsafe {
                    let merged = $xor($load(a.add(at).cast()), $load(b.add(at).cast()));
                    $stream(out.add(at).cast(), merged);
                });
                _mm_sfence();
            }
        }
    };
}
#[cfg(target_arch = "x86_64")]
width!(
    avx512,
    "avx512f",
    __m512i,
    _mm512_loadu_si512,
    _mm512_storeu_si512,
    _mm512_stream_si512,
    _mm512_xor_si512,
    _mm512_set1_epi64
);
#[cfg(target_arch = "x86_64")]
width!(
    avx2,
    "avx2",
    __m256i,
    _mm256_loadu_si256,
    _mm256_storeu_si256,
    _mm256_stream_si256,
    _mm256_xor_si256,
    _mm256_set1_epi64x
);

#[cfg(test)]
mod tests {
    use super::*;

    const BYTES: usize = 832;

    #[repr(align(64))]
    struct Bytes([u8; BYTES]);

    /// What the loop leaves in `out`.
    fn run(kind: u8, a: &Bytes, b: &Bytes) -> Option<[u8; BYTES]> {
        let mut out = Bytes([0x5a; BYTES]);
        let (a, b, to) = (a.0.as_ptr(), b.0.as_ptr(), out.0.as_mut_ptr());
        // SAFETY: three arrays of that many bytes, and `out` is aligned.
        let found = unsafe { boundary_copy(kind, a, b, to, BYTES as u64, 1) };
        (found == 1).then_some(out.0)
    }

    #[test]
    fn each_loop_moves_every_byte() {
        let a = Bytes(std::array::from_fn(|index| index as u8));
        let b = Bytes(std::array::from_fn(|index| (index / 3) as u8));
        assert!(run(2, &a, &b).is_some());
        for kind in 0..6 {
            let Some(out) = run(kind, &a, &b) else {
                continue;
            };
            for (at, &byte) in out.iter().enumerate() {
                let expected = match kind {
                    0..=2 => a.0[at],
                    3 => !0x5a,
                    _ => a.0[at] ^ b.0[at],
                };
                assert_eq!(byte, expected, "loop {kind}, byte {at}");
            }
        }
    }
}
