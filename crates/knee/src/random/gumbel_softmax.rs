//! Softmax of logits with noise: samples of a categorical distribution that have a gradient.

use alloc::vec::Vec;

use super::Seed;
use crate::activation::{About, Budget, Declared};
use crate::axis::Axis;
use crate::declare::declare;
use crate::element::Element;
use crate::error::ParameterError;
use crate::exponentials::{Exponentials, SharesGradient, less};
use crate::foreign::{maps, torch};
use crate::lane::Lane;
use crate::parameters;
use crate::rows::RowFunction;
use crate::rowwise::{self, How, Work};
use crate::slice::{same_length, same_lengths};

declare! {
    /// Gumbel-softmax: a softmax of logits with Gumbel noise, a sample from their categorical distribution made smooth.
    ///
    /// ```
    /// use knee::random::{GumbelSoftmax, Seed};
    /// let gumbel = GumbelSoftmax::new(0.5)?;
    /// let (logits, mut y) = ([1.0_f32, 0.0, -1.0], [0.0; 3]);
    /// gumbel.forward(&logits, 3, Seed::new(1), &mut y);
    /// assert!((y.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    /// let mut sample = [0.0; 3];
    /// GumbelSoftmax::harden(&y, 3, &mut sample);
    /// assert_eq!(sample.iter().sum::<f32>(), 1.0);
    /// # Ok::<(), knee::ParameterError>(())
    /// ```
    ///
    /// # Formula
    /// `exp((x_i + g_i) / tau) / sum_j exp((x_j + g_j) / tau)` with `g = -log(E)`, `E` exponentially distributed
    /// # Derivative
    /// `dy_i / dx_j = y_i ((i = j) - y_j) / tau`; backward is `y_i (dy_i - sum_j y_j dy_j) / tau`, for the hardened sample as well
    /// (straight through)
    /// # Numerics
    /// `E` is never 0 and never infinite, so the noise is finite: see [`Seed::gumbel`]. It is a function of the seed and of the
    /// element's index in the slice. Noise, quotient and softmax are formed in the wider lane and rounded once. Rows
    /// with `inf` or NaN and rows of `-inf` only give NaN, as in softmax.
    /// # Origin
    /// Jang, Gu and Poole 2016, <https://arxiv.org/abs/1611.01144>; Maddison, Mnih and Teh 2016, <https://arxiv.org/abs/1611.00712>
    pub struct GumbelSoftmax {
        /// The temperature: near 0 a sample is nearly one-hot, far above 1 nearly uniform.
        tau: Positive = 1.0,
    }
}

impl GumbelSoftmax {
    /// The public name.
    pub const NAME: &'static str = "gumbel_softmax";
    /// What can be said about it.
    pub const ABOUT: &'static About = &About {
        name: Self::NAME,
        title: <Self as Declared>::TITLE.trim_ascii(),
        aliases: &[],
        latex: r"\operatorname{softmax}\left(\frac{x + g}{\tau}\right)",
        foreign: &[torch("F.gumbel_softmax", &[maps("tau", 1.0, "tau")])],
        parameters: <Self as Declared>::PARAMETERS,
        budget: Budget::ROUNDED,
        from_output: None,
        doc: <Self as Declared>::DOC,
    };

    /// With that temperature, a finite number greater than 0.
    pub fn new(tau: f64) -> Result<Self, ParameterError> {
        let mut function = Self::default();
        parameters::set(&mut function, Self::ABOUT, &[("tau", tau)])?;
        Ok(function)
    }

    /// Writes a sample for each row of logits to `y`. Panics if the lengths differ or are not made of whole rows.
    #[track_caller]
    pub fn forward<T: Element>(&self, x: &[T], rows: impl Into<Axis>, seed: Seed, y: &mut [T]) {
        same_length("y", y.len(), x.len());
        let rows = rows.into();
        rows.each([x], y, |row, [x], y| {
            let places = rows.row(row).zip(x);
            let noisy: Vec<T::Wide> = places
                .map(|(at, x)| x.widen() + T::Wide::of(seed.gumbel(at as u64)))
                .collect();
            let larger = |a, b| if less::<T>(a, b) { b } else { a };
            let Some(top) = noisy.iter().copied().reduce(larger) else {
                return;
            };
            // The difference first: a small temperature would make the quotients infinite.
            let scores = noisy.iter().map(|z| (*z - top) / T::Wide::of(self.tau));
            Exponentials::of::<T>(scores.clone()).write_shares(scores, y);
        });
    }

    /// Writes 1 for the first largest element of each row of a sample and 0 for the others: the forward half of the
    /// straight-through estimator, whose gradient is that of the sample. Panics if the lengths differ or are not made of whole rows.
    #[track_caller]
    pub fn harden<T: Element>(y: &[T], rows: impl Into<Axis>, hard: &mut [T]) {
        same_lengths(("hard", hard.len()), ("y", y.len()));
        RowFunction::Hardmax.forward(y, rows, hard);
    }

    /// Writes the gradient with respect to the logits to `dx`, from the sample `y` before it was hardened and the upstream gradient.
    /// Panics if the lengths differ or are not made of whole rows.
    #[track_caller]
    pub fn backward_from_output<T: Element>(
        &self,
        y: &[T],
        dy: &[T],
        rows: impl Into<Axis>,
        dx: &mut [T],
    ) {
        same_lengths(("dy", dy.len()), ("y", y.len()));
        same_lengths(("dx", dx.len()), ("y", y.len()));
        let how = How {
            scale: 1.0 / self.tau,
            ..How::exact()
        };
        let gradient = Work::SharesGradient(SharesGradient { whole: true });
        rows.into().in_rows([y, dy], dx, |length, inputs, dx| {
            rowwise::each(gradient, how, &inputs, length, dx);
        });
    }
}
