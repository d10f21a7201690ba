//! Slices over threads.

use std::sync::{Mutex, PoisonError};

use crate::axis::Axis;
use crate::element::Element;
use crate::error::NoOutputForm;
use crate::kernel::Kernel;
use crate::rows::{RowFunction, RowKernel};
use crate::simd::STREAMED;
use crate::slice::{same_length, same_lengths};

/// Elements below which another thread is not worth waking: it takes as long as the cheapest function on so many.
const WORTH_SHARING: usize = 1 << 18;

/// Pieces for each thread, so that one that is late does not hold up the others.
const PIECES: usize = 16;

/// Elements that one thread works through at a time, if there is work for several.
fn share<T>(elements: usize) -> Option<usize> {
    let threads = rayon::current_num_threads();
    if elements < WORTH_SHARING || threads == 1 {
        return None;
    }
    // A result that is written around the caches is written around them in pieces as well.
    let large = STREAMED / size_of::<T>();
    let least = if elements >= large { large } else { 0 };
    // Whole pages, so that no two threads write to one.
    let piece = elements.div_ceil(PIECES * threads).max(least);
    Some(piece.next_multiple_of(1 << 12))
}

/// Works through all pieces: this thread at once, and those of rayon's pool as they wake. Each takes the next piece when it has done
/// one.
fn over_threads<I: Iterator + Send>(pieces: I, work: impl Fn(I::Item) + Sync) {
    let pieces = Mutex::new(pieces);
    let worker = || {
        // What panics is the work, and it holds no lock.
        let next = || pieces.lock().unwrap_or_else(PoisonError::into_inner).next();
        while let Some(piece) = next() {
            work(piece);
        }
    };
    rayon::in_place_scope(|scope| {
        for _ in 1..rayon::current_num_threads() {
            scope.spawn(|_| worker());
        }
        worker();
    });
}

/// A [`Kernel`] that shares its work between the threads of rayon's pool. The results are those of the kernel, bit for bit.
///
/// ```
/// use knee::Function;
/// let kernel = Function::parse("gelu").unwrap().kernel();
/// let x = vec![-1.5_f32; 100_000];
/// let (mut one, mut many) = (vec![0.0; x.len()], vec![0.0; x.len()]);
/// kernel.forward(&x, &mut one);
/// kernel.parallel().forward(&x, &mut many);
/// assert_eq!(one, many);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parallel(Kernel);

impl Kernel {
    /// The same over threads: needs the feature `rayon`.
    pub fn parallel(self) -> Parallel {
        Parallel(self)
    }
}

impl Parallel {
    /// Writes the value at each element of `x` to `y`. Panics if the lengths differ.
    pub fn forward<T: Element>(&self, x: &[T], y: &mut [T]) {
        same_length("y", y.len(), x.len());
        let Some(share) = share::<T>(x.len()) else {
            return self.0.forward(x, y);
        };
        let pieces = x.chunks(share).zip(y.chunks_mut(share));
        over_threads(pieces, |(x, y)| self.0.forward(x, y));
    }

    /// Replaces each element by the value there.
    pub fn forward_in_place<T: Element>(&self, x: &mut [T]) {
        let Some(share) = share::<T>(x.len()) else {
            return self.0.forward_in_place(x);
        };
        over_threads(x.chunks_mut(share), |x| self.0.forward_in_place(x));
    }

    /// Writes the derivative at each element of `x` to `out`. Panics if the lengths differ.
    pub fn derivatives<T: Element>(&self, x: &[T], out: &mut [T]) {
        same_length("out", out.len(), x.len());
        let Some(share) = share::<T>(x.len()) else {
            return self.0.derivatives(x, out);
        };
        let pieces = x.chunks(share).zip(out.chunks_mut(share));
        over_threads(pieces, |(x, out)| self.0.derivatives(x, out));
    }

    /// Writes `dy * f'(x)` to `dx`, the product rounded once. Panics if the lengths differ.
    pub fn backward<T: Element>(&self, x: &[T], dy: &[T], dx: &mut [T]) {
        same_length("dy", dy.len(), x.len());
        same_length("dx", dx.len(), x.len());
        let Some(share) = share::<T>(x.len()) else {
            return self.0.backward(x, dy, dx);
        };
        let gradients = dy.chunks(share).zip(dx.chunks_mut(share));
        let pieces = x.chunks(share).zip(gradients);
        over_threads(pieces, |(x, (dy, dx))| self.0.backward(x, dy, dx));
    }

    /// Replaces each element of `dy` by `dy * f'(x)`. Panics if the lengths differ.
    pub fn backward_in_place<T: Element>(&self, x: &[T], dy: &mut [T]) {
        same_length("dy", dy.len(), x.len());
        let Some(share) = share::<T>(x.len()) else {
            return self.0.backward_in_place(x, dy);
        };
        let pieces = x.chunks(share).zip(dy.chunks_mut(share));
        over_threads(pieces, |(x, dy)| self.0.backward_in_place(x, dy));
    }

    /// As [`Kernel::backward_from_output`].
    pub fn backward_from_output<T: Element>(
        &self,
        y: &[T],
        dy: &[T],
        dx: &mut [T],
    ) -> Result<(), NoOutputForm> {
        same_length("dy", dy.len(), y.len());
        same_length("dx", dx.len(), y.len());
        let Some(share) = share::<T>(y.len()) else {
            return self.0.backward_from_output(y, dy, dx);
        };
        let gradients = dy.chunks(share).zip(dx.chunks_mut(share));
        let pieces = y.chunks(share).zip(gradients);
        // Whether there is such a form is known before the first element.
        self.0.backward_from_output::<T>(&[], &[], &mut [])?;
        over_threads(pieces, |(y, (dy, dx))| {
            self.0
                .backward_from_output(y, dy, dx)
                .unwrap_or_else(|_| unreachable!("there is one"));
        });
        Ok(())
    }
}

/// A [`RowFunction`] that shares its rows between the threads of rayon's pool. The results are those of the function, bit for bit.
///
/// ```
/// use knee::RowFunction;
/// let x = vec![0.25_f32; 100_000];
/// let (mut one, mut many) = (vec![0.0; x.len()], vec![0.0; x.len()]);
/// RowFunction::Softmax.forward(&x, 100, &mut one);
/// RowFunction::Softmax.parallel().forward(&x, 100, &mut many);
/// assert_eq!(one, many);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParallelRows(RowKernel);

impl RowFunction {
    /// The same over threads: needs the feature `rayon`.
    pub fn parallel(self) -> ParallelRows {
        self.kernel().parallel()
    }
}

impl RowKernel {
    /// The same over threads: needs the feature `rayon`.
    pub fn parallel(self) -> ParallelRows {
        ParallelRows(self)
    }
}

impl ParallelRows {
    /// As [`RowFunction::forward`].
    #[track_caller]
    pub fn forward<T: Element>(self, x: &[T], rows: impl Into<Axis>, y: &mut [T]) {
        same_length("y", y.len(), x.len());
        let rows = rows.into();
        let Some(piece) = piece::<T>(rows, x.len()) else {
            return self.0.forward(x, rows, y);
        };
        let pieces = x.chunks(piece).zip(y.chunks_mut(piece));
        over_threads(pieces, |(x, y)| self.0.forward(x, rows, y));
    }

    /// As [`RowFunction::forward_in_place`].
    #[track_caller]
    pub fn forward_in_place<T: Element>(self, x: &mut [T], rows: impl Into<Axis>) {
        let rows = rows.into();
        let Some(piece) = piece::<T>(rows, x.len()) else {
            return self.0.forward_in_place(x, rows);
        };
        let pieces = x.chunks_mut(piece);
        over_threads(pieces, |x| self.0.forward_in_place(x, rows));
    }

    /// As [`RowFunction::backward_from_output`].
    #[track_caller]
    pub fn backward_from_output<T: Element>(
        self,
        y: &[T],
        dy: &[T],
        rows: impl Into<Axis>,
        dx: &mut [T],
    ) {
        same_lengths(("dy", dy.len()), ("y", y.len()));
        same_lengths(("dx", dx.len()), ("y", y.len()));
        let rows = rows.into();
        let Some(piece) = piece::<T>(rows, y.len()) else {
            return self.0.backward_from_output(y, dy, rows, dx);
        };
        let gradients = dy.chunks(piece).zip(dx.chunks_mut(piece));
        let pieces = y.chunks(piece).zip(gradients);
        over_threads(pieces, |(y, (dy, dx))| {
            self.0.backward_from_output(y, dy, rows, dx);
        });
    }

    /// As [`RowFunction::backward_from_output_in_place`].
    #[track_caller]
    pub fn backward_from_output_in_place<T: Element>(
        self,
        y: &[T],
        dy: &mut [T],
        rows: impl Into<Axis>,
    ) {
        same_lengths(("dy", dy.len()), ("y", y.len()));
        let rows = rows.into();
        let Some(piece) = piece::<T>(rows, y.len()) else {
            return self.0.backward_from_output_in_place(y, dy, rows);
        };
        let pieces = y.chunks(piece).zip(dy.chunks_mut(piece));
        over_threads(pieces, |(y, dy)| {
            self.0.backward_from_output_in_place(y, dy, rows);
        });
    }
}

/// Elements that one thread works through at a time, if there is work for several: whole rows, with those that lie between their
/// elements. Panics unless the slice is made of whole rows.
#[track_caller]
fn piece<T>(rows: Axis, elements: usize) -> Option<usize> {
    rows.count(elements);
    let block = (rows.length * rows.stride).max(1);
    let piece = block * (share::<T>(elements)? / block).max(1);
    (piece < elements).then_some(piece)
}
