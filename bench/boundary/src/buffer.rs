//! Memory in large pages.

use std::alloc::{Layout, alloc_zeroed, dealloc};

/// The size of a large page on x86-64.
const PAGE: usize = 2 << 20;

fn layout(bytes: u64) -> Option<Layout> {
    let bytes = (bytes as usize).max(1).next_multiple_of(PAGE);
    Layout::from_size_align(bytes, PAGE).ok()
}

/// Zeroed memory that begins at a large page, made of large pages if the system gives any; null if there is none.
/// [`boundary_release`] takes it back.
#[unsafe(no_mangle)]
pub extern "C" fn boundary_buffer(bytes: u64) -> *mut u8 {
    let Some(layout) = layout(bytes) else {
        return std::ptr::null_mut();
    };
    // SAFETY: the layout is not empty.
    let start = unsafe { alloc_zeroed(layout) };
    #[cfg(target_os = "linux")]
    if !start.is_null() {
        // SAFETY: advice for memory that was just allocated; that it is not followed is no error.
        unsafe { libc::madvise(start.cast(), layout.size(), libc::MADV_HUGEPAGE) };
    }
    start
}

/// Gives a buffer back.
///
/// # Safety
///
/// `start` came from [`boundary_buffer`] with the same `bytes` and is not used any more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn boundary_release(start: *mut u8, bytes: u64) {
    if let (false, Some(layout)) = (start.is_null(), layout(bytes)) {
        // SAFETY: the caller's promise.
        unsafe { dealloc(start, layout) };
    }
}
