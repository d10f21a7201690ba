//! Slices over threads.

use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::{ParallelSlice, ParallelSliceMut};

use crate::element::Element;
use crate::error::NoOutputForm;
use crate::kernel::Kernel;
use crate::slice::same_length;

/// Elements that one thread works through at a time. Fewer are not worth waking another one.
const PIECE: usize = 1 << 14;

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
        let pieces = x.par_chunks(PIECE).zip(y.par_chunks_mut(PIECE));
        pieces.for_each(|(x, y)| self.0.forward(x, y));
    }

    /// Replaces each element by the value there.
    pub fn forward_in_place<T: Element>(&self, x: &mut [T]) {
        x.par_chunks_mut(PIECE)
            .for_each(|x| self.0.forward_in_place(x));
    }

    /// Writes the derivative at each element of `x` to `out`. Panics if the lengths differ.
    pub fn derivatives<T: Element>(&self, x: &[T], out: &mut [T]) {
        same_length("out", out.len(), x.len());
        let pieces = x.par_chunks(PIECE).zip(out.par_chunks_mut(PIECE));
        pieces.for_each(|(x, out)| self.0.derivatives(x, out));
    }

    /// Writes `dy * f'(x)` to `dx`, the product rounded once. Panics if the lengths differ.
    pub fn backward<T: Element>(&self, x: &[T], dy: &[T], dx: &mut [T]) {
        same_length("dy", dy.len(), x.len());
        same_length("dx", dx.len(), x.len());
        let gradients = dy.par_chunks(PIECE).zip(dx.par_chunks_mut(PIECE));
        let pieces = x.par_chunks(PIECE).zip(gradients);
        pieces.for_each(|(x, (dy, dx))| self.0.backward(x, dy, dx));
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
        let gradients = dy.par_chunks(PIECE).zip(dx.par_chunks_mut(PIECE));
        let pieces = y.par_chunks(PIECE).zip(gradients);
        // An empty slice has no piece that could say it.
        self.0.backward_from_output::<T>(&[], &[], &mut [])?;
        pieces.try_for_each(|(y, (dy, dx))| self.0.backward_from_output(y, dy, dx))
    }
}
