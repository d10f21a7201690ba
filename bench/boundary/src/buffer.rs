//! Memory in large pages.

use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::ops::{Deref, DerefMut};

use knee::Element;

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

/// Numbers in large pages, at first all zero.
pub struct Numbers<T: Element> {
    start: *mut T,
    length: usize,
}

impl<T: Element> Numbers<T> {
    /// As many zeros. There has to be memory for them.
    pub fn zeros(length: usize) -> Self {
        let start = boundary_buffer(Self::bytes(length)).cast::<T>();
        if start.is_null() {
            let layout = layout(Self::bytes(length));
            handle_alloc_error(layout.unwrap_or(Layout::new::<T>()));
        }
        Self { start, length }
    }

    fn bytes(length: usize) -> u64 {
        (length * size_of::<T>()) as u64
    }
}

impl<T: Element> Deref for Numbers<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // SAFETY: room for as many numbers, which were zero at first and have no wrong patterns.
        unsafe { std::slice::from_raw_parts(self.start, self.length) }
    }
}

impl<T: Element> DerefMut for Numbers<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        // SAFETY: as above, and nobody else has the buffer.
        unsafe { std::slice::from_raw_parts_mut(self.start, self.length) }
    }
}

impl<T: Element> Drop for Numbers<T> {
    fn drop(&mut self) {
        // SAFETY: the buffer came from there with the same number of bytes.
        unsafe { boundary_release(self.start.cast(), Self::bytes(self.length)) }
    }
}
