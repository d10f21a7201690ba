//! A function of rows with its tier, its instructions, and a factor of its elements.

use core::mem::MaybeUninit;

use super::RowFunction;
use crate::axis::Axis;
use crate::element::Element;
use crate::kernel::Tier;
use crate::rowwise::How;
use crate::simd::{Input, Level, Output, Sink, Store};
use crate::slice::{same_length, same_lengths};

/// A function of rows with the way it is to be computed.
///
/// ```
/// use knee::{RowFunction, Tier};
///
/// // The weights of attention with heads of 64 elements.
/// let attention = RowFunction::Softmax.kernel().scale(0.125).tier(Tier::Fast);
/// let mut y = [0.0_f32; 2];
/// attention.forward(&[8.0, 8.0], 2, &mut y);
/// assert_eq!(y, [0.5, 0.5]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RowKernel {
    function: RowFunction,
    how: How,
}

impl RowFunction {
    /// The function, to be computed otherwise than by default: in another tier, of scaled elements.
    pub fn kernel(self) -> RowKernel {
        RowKernel {
            function: self,
            how: How::exact(),
        }
    }
}

impl RowKernel {
    /// In this tier. The fast one is within 4 units in the last place; of gradients that of softmax alone has one, which
    /// rounds a few times more.
    #[must_use]
    pub fn tier(mut self, tier: Tier) -> Self {
        self.how.tier = tier;
        self
    }

    /// With these instructions; the results do not depend on them.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.how.level = level;
        self
    }

    /// Of `scale x`, as if the products were not rounded; sparsemax, entmax15 and hardmax round them. The gradient is that in `x`.
    ///
    /// # Panics
    /// Unless the scale is finite and greater than 0.
    #[must_use]
    #[track_caller]
    pub fn scale(mut self, scale: f64) -> Self {
        assert!(
            scale.is_finite() && scale > 0.0,
            "the scale is {scale}; it must be finite and greater than 0"
        );
        self.how.scale = scale;
        self
    }

    /// Of `x / temperature`: the scale `1 / temperature`.
    ///
    /// # Panics
    /// Unless both are finite and greater than 0.
    #[must_use]
    #[track_caller]
    pub fn temperature(self, temperature: f64) -> Self {
        assert!(
            temperature > 0.0 && temperature.is_finite() && (1.0 / temperature).is_finite(),
            "the temperature is {temperature}; it must be finite and greater than 0, and so must its inverse"
        );
        self.scale(1.0 / temperature)
    }

    /// The function.
    pub fn function(self) -> RowFunction {
        self.function
    }

    /// Writes the function of each row of `x` to `y`. Panics if the lengths differ or are not made of whole rows.
    #[track_caller]
    pub fn forward<T: Element>(self, x: &[T], rows: impl Into<Axis>, y: &mut [T]) {
        same_length("y", y.len(), x.len());
        rows.into().in_rows([x], y, |length, [x], y| {
            self.function.values(self.how, length, x, y);
        });
    }

    /// Writes the function of each row of `x` to storage that need not be initialised, and returns it. Panics if the lengths
    /// differ or are not made of whole rows.
    #[track_caller]
    pub fn forward_uninit<'y, T: Element>(
        self,
        x: &[T],
        rows: impl Into<Axis>,
        y: &'y mut [MaybeUninit<T>],
    ) -> &'y mut [T] {
        same_length("y", y.len(), x.len());
        let mut sink = Sink::new(y);
        sink.extend(x.iter().copied());
        let y = sink.finish();
        self.forward_in_place(y, rows);
        y
    }

    /// Replaces each row by the function of it. Panics if the slice is not made of whole rows.
    #[track_caller]
    pub fn forward_in_place<T: Element>(self, x: &mut [T], rows: impl Into<Axis>) {
        rows.into().in_rows_in_place([], x, |length, [], x, y| {
            self.function.values(self.how, length, x, y);
        });
    }

    /// Writes the gradient with respect to the input to `dx`, from the output `y` and the upstream gradient `dy`.
    /// Panics if the lengths differ or are not made of whole rows.
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
        rows.into().in_rows([y, dy], dx, |length, inputs, dx| {
            self.function.gradients(self.how, length, inputs, dx);
        });
    }

    /// Replaces each row of `dy` by the gradient with respect to the input, from the output `y`.
    /// Panics if the lengths differ or are not made of whole rows.
    #[track_caller]
    pub fn backward_from_output_in_place<T: Element>(
        self,
        y: &[T],
        dy: &mut [T],
        rows: impl Into<Axis>,
    ) {
        same_lengths(("dy", dy.len()), ("y", y.len()));
        rows.into()
            .in_rows_in_place([y], dy, |length, [y], dy, dx| {
                self.function.gradients(self.how, length, [y, dy], dx);
            });
    }

    pub(crate) fn instructions(self) -> Level {
        self.how.level
    }

    /// The function of rows that lie one after the other.
    pub(crate) fn rows<T: Element>(self, x: &[T], length: usize, y: &mut [T]) {
        self.function
            .values(self.how, length, Input::new(x), Output::new(y));
    }

    pub(crate) fn row_gradient<T: Element>(self, y: &[T], dy: &[T], dx: &mut [T]) {
        let inputs = [y, dy].map(Input::new);
        self.function
            .gradients(self.how, y.len(), inputs, Output::new(dx));
    }
}
