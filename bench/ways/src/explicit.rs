//! The loop over slices that the three explicit ways share.

use crate::formula::{Formula, Single};

/// Vectors of one kind, between memory and registers.
pub(crate) trait Vectors: Copy {
    type Vector: Single;
    const WIDTH: usize;

    /// `x` has `WIDTH` elements.
    fn load(self, x: &[f32]) -> Self::Vector;
    /// `y` has `WIDTH` elements.
    fn store(self, vector: Self::Vector, y: &mut [f32]);
}

/// Writes `F(x)` to `y`. What is left at the end goes through a full vector.
#[inline(always)]
pub(crate) fn each<V: Vectors, F: Formula>(vectors: V, x: &[f32], y: &mut [f32]) {
    assert_eq!(x.len(), y.len());
    let mut from = x.chunks_exact(V::WIDTH);
    let mut to = y.chunks_exact_mut(V::WIDTH);
    for (x, y) in (&mut from).zip(&mut to) {
        vectors.store(F::of(vectors.load(x)), y);
    }
    let (x, y) = (from.remainder(), to.into_remainder());
    if !x.is_empty() {
        let mut rest = [0.0; 16];
        rest[..x.len()].copy_from_slice(x);
        let result = F::of(vectors.load(&rest[..V::WIDTH]));
        vectors.store(result, &mut rest[..V::WIDTH]);
        y.copy_from_slice(&rest[..x.len()]);
    }
}
