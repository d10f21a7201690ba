//! The rectified linear unit with a learned slope.
//!
//! ```
//! use knee::learned::{Channels, Prelu};
//! let channels = Channels { count: 2, inner: 1 };
//! let (x, slope) = ([-1.0_f32, -1.0, 2.0, -3.0], [0.5, 0.25]);
//! let (mut y, mut dx, mut dslope) = ([0.0; 4], [0.0; 4], [0.0; 2]);
//! Prelu::forward(&x, &slope, channels, &mut y);
//! assert_eq!(y, [-0.5, -0.25, 2.0, -0.75]);
//! Prelu::backward(&x, &[1.0; 4], &slope, channels, &mut dx, &mut dslope);
//! assert_eq!(dx, [0.5, 0.25, 1.0, 0.25]);
//! assert_eq!(dslope, [-1.0, -4.0]);
//! ```

use alloc::vec;
use core::ops::Range;

use crate::activation::{About, Budget, Declared};
use crate::declare::declare;
use crate::element::Element;
use crate::foreign::{onnx, torch};
use crate::lane::Lane;
use crate::slice::{same_length, same_lengths};

/// How the elements of a slice belong to channels: the layout is `[outer, count, inner]`, row-major.
///
/// `[batch, channels, height, width]` has `inner = height * width`; `[batch, features]` has `inner = 1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channels {
    /// The number of channels.
    pub count: usize,
    /// The number of neighbouring elements of one channel.
    pub inner: usize,
}

declare! {
    /// Parametric rectified linear unit: a leaky ReLU whose slope is learned, one for all or one per channel.
    ///
    /// # Formula
    /// `x if x > 0 else slope * x`
    /// # Derivative
    /// In `x`: `1` if `x > 0`, else `slope`; at 0 it is `slope`. In `slope`: `0` if `x > 0`, else `x`.
    /// # Numerics
    /// Products are rounded once. The gradient of a slope is summed in the wider lane and rounded
    /// once. The slope is data: an infinity times a slope of 0 is NaN, as in IEEE arithmetic.
    /// # Origin
    /// He, Zhang, Ren and Sun 2015, <https://arxiv.org/abs/1502.01852>
    pub struct Prelu {}
}

impl Prelu {
    /// The public name.
    pub const NAME: &'static str = "prelu";
    /// What can be said about it.
    pub const ABOUT: &'static About = &About {
        name: Self::NAME,
        title: <Self as Declared>::TITLE.trim_ascii(),
        aliases: &[],
        latex: r"\begin{cases} x & x > 0 \\ a x & x \le 0 \end{cases}",
        foreign: &[onnx("PRelu", &[]), torch("nn.PReLU", &[])],
        parameters: &[],
        budget: Budget::ROUNDED,
        from_output: None,
        doc: <Self as Declared>::DOC,
    };
    /// The slope with which learning begins unless another is chosen.
    pub const INITIAL_SLOPE: f64 = 0.25;

    /// Writes the values to `y`. `slope` has one element, or one per channel.
    /// Panics if lengths differ or `x` is not made of whole channels.
    pub fn forward<T: Element>(x: &[T], slope: &[T], channels: Channels, y: &mut [T]) {
        same_length("y", y.len(), x.len());
        for (index, run) in channels.runs(x.len(), slope.len()) {
            let slope = slope[index].widen();
            for (y, x) in y[run.clone()].iter_mut().zip(&x[run]) {
                let x = x.widen();
                *y = T::narrow(T::Wide::select(T::Wide::of(0.0).lt(x), x, x * slope));
            }
        }
    }

    /// Writes the gradient in `x` to `dx` and the gradient in the slopes to `dslope`.
    /// Panics if lengths differ or `x` is not made of whole channels.
    pub fn backward<T: Element>(
        x: &[T],
        dy: &[T],
        slope: &[T],
        channels: Channels,
        dx: &mut [T],
        dslope: &mut [T],
    ) {
        same_length("dy", dy.len(), x.len());
        same_length("dx", dx.len(), x.len());
        same_lengths(("dslope", dslope.len()), ("slope", slope.len()));
        let zero = T::Wide::of(0.0);
        let mut sums = vec![zero; slope.len()];
        for (index, run) in channels.runs(x.len(), slope.len()) {
            let (slope, sum) = (slope[index].widen(), &mut sums[index]);
            let gradients = dx[run.clone()].iter_mut().zip(&dy[run.clone()]);
            for (x, (dx, dy)) in x[run].iter().zip(gradients) {
                let (x, dy) = (x.widen(), dy.widen());
                let derivative = T::Wide::select(zero.lt(x), T::Wide::of(1.0), slope);
                *dx = T::narrow(dy * T::Wide::select(x.le(x), derivative, x));
                *sum = *sum + dy * x.at_most(0.0);
            }
        }
        for (dslope, sum) in dslope.iter_mut().zip(sums) {
            *dslope = T::narrow(sum);
        }
    }
}

impl Channels {
    /// The runs of neighbouring elements with one slope: its index, and where they are.
    #[track_caller]
    fn runs(self, elements: usize, slopes: usize) -> impl Iterator<Item = (usize, Range<usize>)> {
        let Self { count, inner } = self;
        assert!(
            slopes == 1 || slopes == count,
            "`slope` has {slopes} elements; it must have 1, or one for each of {count} channels"
        );
        let block = count * inner;
        let whole = if block == 0 {
            elements == 0
        } else {
            elements.is_multiple_of(block)
        };
        assert!(
            whole,
            "`x` has {elements} elements, which is no multiple of {count} channels of {inner} elements"
        );
        let length = if slopes == 1 { elements } else { inner };
        let runs = elements.checked_div(length).unwrap_or(0);
        (0..runs).map(move |run| (run % slopes, run * length..(run + 1) * length))
    }
}
