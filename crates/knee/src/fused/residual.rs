//! A sum before an activation.

use crate::element::Element;
use crate::kernel::Kernel;
use crate::simd::{BLOCK, Blocks};
use crate::slice::same_length;

impl Kernel {
    /// Writes `f(x + residual)` to `y`. Panics if the lengths differ.
    #[track_caller]
    pub fn forward_sum<T: Element>(&self, x: &[T], residual: &[T], y: &mut [T]) {
        same_length("residual", residual.len(), x.len());
        same_length("y", y.len(), x.len());
        let mut y = Blocks::new(self.instructions(), y);
        let mut sums = [T::default(); BLOCK];
        for start in (0..x.len()).step_by(BLOCK) {
            let place = start..x.len().min(start + BLOCK);
            let sums = &mut sums[..place.len()];
            T::add(
                self.instructions(),
                &x[place.clone()],
                &residual[place.clone()],
                sums,
            );
            y.write(place, |y| self.forward(sums, y));
        }
    }

    /// Writes `dy * f'(x + residual)` to `dx`, which is the gradient of both. Panics if the lengths differ.
    #[track_caller]
    pub fn backward_sum<T: Element>(&self, x: &[T], residual: &[T], dy: &[T], dx: &mut [T]) {
        same_length("residual", residual.len(), x.len());
        same_length("dy", dy.len(), x.len());
        same_length("dx", dx.len(), x.len());
        let mut dx = Blocks::new(self.instructions(), dx);
        let mut sums = [T::default(); BLOCK];
        for start in (0..x.len()).step_by(BLOCK) {
            let place = start..x.len().min(start + BLOCK);
            let sums = &mut sums[..place.len()];
            T::add(
                self.instructions(),
                &x[place.clone()],
                &residual[place.clone()],
                sums,
            );
            dx.write(place.clone(), |dx| self.backward(sums, &dy[place], dx));
        }
    }
}
