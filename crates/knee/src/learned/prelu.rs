use super::{Channels, LearnedActivation, about, channels};
use crate::activation::About;
use crate::declare::declare;
use crate::element::Element;
use crate::foreign::{Foreign, keras, onnx, torch};
use crate::lane::Lane;

declare! {
    /// Parametric rectified linear unit: a leaky ReLU whose slope is learned, one for all or one per channel.
    ///
    /// # Formula
    /// `x if x > 0 else slope * x`
    /// # Derivative
    /// `1 if x > 0 else slope`; at 0 it is `slope`. In `slope`: `0 if x > 0 else x`
    /// # Traps
    /// A slope for each channel lies along axis 1 in `PyTorch`, candle and Burn, but along the last axis in ONNX, where an exporter
    /// has to give it the shape `[channels, 1, 1]`.
    /// # Numerics
    /// Products are rounded once. The gradient of a slope is summed in the wider lane and rounded
    /// once. The slope is data: an infinity times a slope of 0 is NaN, as in IEEE arithmetic.
    /// # Origin
    /// He, Zhang, Ren and Sun 2015, <https://arxiv.org/abs/1502.01852>
    pub struct Prelu {
        /// The slope on the left.
        slope: Extended = 0.25,
    }
}

impl Prelu {
    /// The public name.
    pub const NAME: &'static str = <Self as LearnedActivation>::NAME;
    /// What can be said about it.
    pub const ABOUT: &'static About = &about::<Self>();
    /// The slope with which learning begins unless another is chosen.
    pub const INITIAL_SLOPE: f64 = 0.25;

    /// Writes the values to `y`. `slope` has one element, or one per channel.
    /// Panics if lengths differ or `x` is not made of whole channels.
    ///
    /// ```
    /// use knee::learned::{Channels, Prelu};
    /// let channels = Channels { count: 2, inner: 1 };
    /// let (x, slope) = ([-1.0_f32, -1.0, 2.0, -3.0], [0.5, 0.25]);
    /// let (mut y, mut dx, mut dslope) = ([0.0; 4], [0.0; 4], [0.0; 2]);
    /// Prelu::forward(&x, &slope, channels, &mut y);
    /// assert_eq!(y, [-0.5, -0.25, 2.0, -0.75]);
    /// Prelu::backward(&x, &[1.0; 4], &slope, channels, &mut dx, &mut dslope);
    /// assert_eq!(dx, [0.5, 0.25, 1.0, 0.25]);
    /// assert_eq!(dslope, [-1.0, -4.0]);
    /// ```
    pub fn forward<T: Element>(x: &[T], slope: &[T], channels: Channels, y: &mut [T]) {
        channels::forward::<Self, T>(x, &[slope], channels, y);
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
        channels::backward::<Self, T>(x, dy, &[slope], channels, dx, &mut [dslope]);
    }
}

impl LearnedActivation for Prelu {
    const NAME: &'static str = "prelu";
    const LATEX: &'static str = r"\begin{cases} x & x > 0 \\ a x & x \le 0 \end{cases}";
    const FOREIGN: &'static [Foreign] = &[
        onnx("PRelu", &[]),
        torch("nn.PReLU", &[]),
        keras("layers.PReLU", &[]).with(&[("slope", 0.0)]),
    ];
    const KNOTS: &'static [f64] = &[0.0];

    #[inline(always)]
    fn value<L: Lane>(&self, x: L) -> L {
        L::select(L::of(0.0).lt(x), x, x * L::of(self.slope))
    }

    #[inline(always)]
    fn derivative<L: Lane>(&self, x: L) -> L {
        L::select(L::of(0.0).lt(x), L::of(1.0), L::of(self.slope))
    }

    #[inline(always)]
    fn gradient<L: Lane>(&self, x: L, gradient: &mut [L]) {
        gradient[0] = x.at_most(0.0);
    }
}
