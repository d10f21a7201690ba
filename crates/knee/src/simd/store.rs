//! Where results are written to.

use core::mem::MaybeUninit;

/// Storage that is filled from the front.
pub(crate) trait Store<T> {
    /// Writes as many values as there is room for.
    fn extend(&mut self, values: impl ExactSizeIterator<Item = T>);
}

/// Storage that need not be initialised, and how much of it has been written.
pub(crate) struct Sink<'out, T> {
    out: &'out mut [MaybeUninit<T>],
    written: usize,
}

impl<'out, T: Copy> Sink<'out, T> {
    pub(crate) fn new(out: &'out mut [MaybeUninit<T>]) -> Self {
        Self { out, written: 0 }
    }

    /// The storage, all of which must have been written; panics otherwise.
    pub(crate) fn finish(self) -> &'out mut [T] {
        assert_eq!(self.written, self.out.len(), "every element is written");
        // SAFETY: `extend` counts what it writes from the front, and that is all of it.
        unsafe { self.out.assume_init_mut() }
    }
}

impl<T: Copy> Store<T> for Sink<'_, T> {
    #[inline(always)]
    fn extend(&mut self, values: impl ExactSizeIterator<Item = T>) {
        let mut count = 0;
        for (slot, value) in self.out[self.written..].iter_mut().zip(values) {
            slot.write(value);
            count += 1;
        }
        self.written += count;
    }
}
