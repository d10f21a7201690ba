//! Concatenated ReLU.

use alloc::vec;

use crate::activation::{About, Activation, Budget, Declared};
use crate::axis::Axis;
use crate::declare::declare;
use crate::element::Element;
use crate::functions::Relu;
use crate::slice::{same_length, same_lengths};

declare! {
    /// Concatenated rectified linear unit: the positive parts of all channels, then the negative parts.
    ///
    /// ```
    /// use knee::channels::Crelu;
    /// let (mut y, mut dx) = ([0.0; 4], [0.0; 2]);
    /// Crelu::forward(&[1.5_f32, -2.0], 2, &mut y);
    /// assert_eq!(y, [1.5, 0.0, 0.0, 2.0]);
    /// Crelu::backward(&[1.5, -2.0], &[1.0, 2.0, 3.0, 4.0], 2, &mut dx);
    /// assert_eq!(dx, [1.0, -4.0]);
    /// ```
    ///
    /// # Formula
    /// `relu(x)` in the first half of the channels, `relu(-x)` in the second
    /// # Derivative
    /// `1 if x > 0 else 0` in the first half and `-1 if x < 0 else 0` in the second; at 0 both are 0
    /// # Numerics
    /// Exact. The gradient is the difference of two products, rounded once. NaN gives NaN in both halves.
    /// # Origin
    /// Shang, Sohn, Almeida and Lee 2016, <https://arxiv.org/abs/1603.05201>
    pub struct Crelu {}
}

impl Crelu {
    /// The public name.
    pub const NAME: &'static str = "crelu";
    /// What can be said about it.
    pub const ABOUT: &'static About = &About {
        name: Self::NAME,
        title: <Self as Declared>::TITLE.trim_ascii(),
        aliases: &[],
        latex: r"[\max(x, 0), \max(-x, 0)]",
        foreign: &[],
        parameters: &[],
        budget: Budget::EXACT,
        from_output: None,
        doc: <Self as Declared>::DOC,
    };

    /// Writes twice as many channels to `y` as `x` has. `channels` are those of `x`.
    /// Panics if `y` is not twice as long as `x`, or `x` is not made of whole rows of channels.
    #[track_caller]
    pub fn forward<T: Element>(x: &[T], channels: impl Into<Axis>, y: &mut [T]) {
        same_lengths(("y", y.len()), ("twice `x`", 2 * x.len()));
        let channels = channels.into();
        let doubled = doubled(channels);
        channels.each_row(x, |row, x| {
            let both = x
                .iter()
                .map(|x| x.widen())
                .chain(x.iter().map(|x| -x.widen()));
            for (at, x) in doubled.row(row).zip(both) {
                y[at] = T::narrow(Relu::default().forward(x));
            }
        });
    }

    /// Writes the gradient with respect to `x` to `dx`, from `x` and the upstream gradient, which is twice as long.
    /// Panics as [`Crelu::forward`] does.
    #[track_caller]
    pub fn backward<T: Element>(x: &[T], dy: &[T], channels: impl Into<Axis>, dx: &mut [T]) {
        same_length("dx", dx.len(), x.len());
        same_lengths(("dy", dy.len()), ("twice `x`", 2 * x.len()));
        let channels = channels.into();
        let doubled = doubled(channels);
        let slope = |x| Relu::default().derivative::<T::Wide>(x);
        let mut upstream = vec![T::default(); doubled.length];
        channels.each([x], dx, |row, [x], dx| {
            for (value, at) in upstream.iter_mut().zip(doubled.row(row)) {
                *value = dy[at];
            }
            let (positive, negative) = upstream.split_at(x.len());
            for (dx, (x, (positive, negative))) in dx
                .iter_mut()
                .zip(x.iter().zip(positive.iter().zip(negative)))
            {
                let x = x.widen();
                *dx = T::narrow(positive.widen() * slope(x) - negative.widen() * slope(-x));
            }
        });
    }
}

fn doubled(channels: Axis) -> Axis {
    Axis {
        length: 2 * channels.length,
        ..channels
    }
}
