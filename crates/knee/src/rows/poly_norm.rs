//! A polynomial of a row whose powers are normalised.

use alloc::vec::Vec;

use crate::activation::{About, Budget, Declared, Parameter};
use crate::axis::Axis;
use crate::declare::declare;
use crate::element::Element;
use crate::error::ParameterError;
use crate::lane::Lane;
use crate::parameters;
use crate::slice::{same_length, same_lengths};

declare! {
    /// `PolyNorm`: a learned polynomial of degree 3 of a row, each power divided by its own root mean square.
    ///
    /// ```
    /// use knee::PolyNorm;
    /// let (x, mut y) = ([1.0_f32, -1.0], [0.0; 2]);
    /// PolyNorm::default().forward(&x, 2, &mut y);
    /// assert_eq!(y, [0.9999995, -0.33333316]);
    /// ```
    ///
    /// # Formula
    /// `a1 * norm(x) + a2 * norm(x^2) + a3 * norm(x^3) + b`, `norm(v) = v / sqrt(mean(v^2) + eps)` over the row
    /// # Derivative
    /// Of `n = norm(v)` with `r = sqrt(mean(v^2) + eps)`: `dn_i / dv_j = ((i = j) - n_i n_j / length) / r`. In `a_k` it is
    /// `norm(x^k)`, in `b` it is `1`.
    /// # Numerics
    /// Sums and products are formed in the wider lane and rounded once. A row with an element above 1 is divided by a power of
    /// two first, so that no power overflows. The error is far below one unit of the largest term; where the terms cancel, the sum
    /// has as many digits less. A row with `inf` or NaN in it gives NaN.
    /// # Origin
    /// Zhuo et al. 2024, Polynomial composition activations, <https://arxiv.org/abs/2411.03884>
    pub struct PolyNorm {
        /// The weight of the row itself.
        a1: Finite = 1.0 / 3.0,
        /// The weight of the squares.
        a2: Finite = 1.0 / 3.0,
        /// The weight of the cubes.
        a3: Finite = 1.0 / 3.0,
        /// What is added.
        b: Finite = 0.0,
        /// Keeps the norm of a row of zeros from zero.
        eps: Positive = 1e-6,
    }
}

impl PolyNorm {
    /// The public name.
    pub const NAME: &'static str = "poly_norm";
    /// The number of parameters that are learned: `a1`, `a2`, `a3` and `b`.
    pub const LEARNED: usize = 4;
    /// What can be said about it.
    pub const ABOUT: &'static About = &About {
        name: Self::NAME,
        title: <Self as Declared>::TITLE.trim_ascii(),
        aliases: &[],
        latex: r"b + \sum_{k=1}^{3} a_k \frac{x^k}{\sqrt{\operatorname{mean}(x^{2k}) + \epsilon}}",
        foreign: &[],
        parameters: <Self as Declared>::PARAMETERS,
        budget: Budget::ROUNDED,
        from_output: None,
        doc: <Self as Declared>::DOC,
    };

    /// The same with other values of parameters.
    pub fn with_all(mut self, settings: &[(&str, f64)]) -> Result<Self, ParameterError> {
        parameters::set(&mut self, Self::ABOUT, settings)?;
        Ok(self)
    }

    /// The parameters with their values.
    pub fn parameters(&self) -> Vec<Parameter> {
        parameters::list(self)
    }

    /// Writes the function of each row of `x` to `y`. Panics if the lengths differ or are no multiple of the row.
    #[track_caller]
    pub fn forward<T: Element>(&self, x: &[T], rows: impl Into<Axis>, y: &mut [T]) {
        same_length("y", y.len(), x.len());
        rows.into().each([x], y, |_, [x], y| {
            let powers = Powers::of::<T>(x, self.eps);
            for (y, x) in y.iter_mut().zip(x) {
                let [first, second, third] = powers.norms(x.widen());
                let sum = (T::Wide::of(self.a1) * first + T::Wide::of(self.a2) * second)
                    + T::Wide::of(self.a3) * third;
                *y = T::narrow(sum + T::Wide::of(self.b));
            }
        });
    }

    /// Writes the gradient with respect to `x` to `dx`, and with respect to `a1`, `a2`, `a3` and `b`, summed over all elements, to
    /// `dparameters`. Panics if the lengths do not fit together.
    #[track_caller]
    pub fn backward<T: Element>(
        &self,
        x: &[T],
        dy: &[T],
        rows: impl Into<Axis>,
        dx: &mut [T],
        dparameters: &mut [T],
    ) {
        same_length("dy", dy.len(), x.len());
        same_length("dx", dx.len(), x.len());
        same_lengths(
            ("dparameters", dparameters.len()),
            ("the learned parameters", Self::LEARNED),
        );
        let zero = T::Wide::of(0.0);
        let mut learned = [zero; Self::LEARNED];
        let weights = [self.a1, self.a2, self.a3].map(T::Wide::of);
        rows.into().each([x, dy], dx, |_, [x, dy], dx| {
            let powers = Powers::of::<T>(x, self.eps);
            let mut sums = [zero; 3];
            for (x, dy) in x.iter().zip(dy) {
                let (norms, dy) = (powers.norms(x.widen()), dy.widen());
                for (sum, norm) in sums.iter_mut().zip(norms) {
                    *sum = *sum + dy * norm;
                }
                learned[3] = learned[3] + dy;
            }
            for (total, sum) in learned.iter_mut().zip(sums) {
                *total = *total + sum;
            }
            let means = sums.map(|sum| sum / T::Wide::of(x.len() as f64));
            for ((dx, x), dy) in dx.iter_mut().zip(x).zip(dy) {
                let (norms, slopes) = (powers.norms(x.widen()), powers.slopes(x.widen()));
                let mut sum = zero;
                for k in 0..3 {
                    let upstream = dy.widen() - norms[k] * means[k];
                    sum = sum + weights[k] * upstream * slopes[k];
                }
                *dx = T::narrow(sum);
            }
        });
        for (gradient, sum) in dparameters.iter_mut().zip(learned) {
            *gradient = T::narrow(sum);
        }
    }
}

/// The reciprocals of the root mean squares of the three powers of a row that is divided by a power of two.
struct Powers<L> {
    /// The exponent of the power of two, not negative.
    exponent: L,
    inverse: [L; 3],
}

impl<L: Lane> Powers<L> {
    fn of<T: Element<Wide = L>>(x: &[T], eps: f64) -> Self {
        let mut exponent = L::of(0.0);
        for x in x {
            let size = x.widen().abs();
            let own = L::select(L::of(1.0).lt(size), size.exponent(), L::of(0.0));
            exponent = L::select(exponent.lt(own), own, exponent);
        }
        let mut sums = [L::of(0.0); 3];
        for x in x {
            let square = {
                let scaled = x.widen().scale(-exponent);
                scaled * scaled
            };
            let mut power = L::of(1.0);
            for sum in &mut sums {
                power = power * square;
                *sum = *sum + power;
            }
        }
        let count = L::of(x.len() as f64);
        let mut degree = 0.0;
        let inverse = sums.map(|sum| {
            degree += 2.0;
            // Below 2^-1000 it is nothing beside the mean, which is at least 1 / count^3.
            let shift = (exponent * L::of(-degree)).at_least(-1000.0);
            let inverse = L::of(1.0) / (sum / count + L::of(eps).scale(shift)).sqrt();
            L::select(sum.lt(L::of(f64::INFINITY)), inverse, L::of(f64::NAN))
        });
        Self { exponent, inverse }
    }

    /// The three powers of an element of the row, normalised.
    fn norms(&self, x: L) -> [L; 3] {
        let scaled = x.scale(-self.exponent);
        let [first, second, third] = self.inverse;
        let square = scaled * scaled;
        [scaled * first, square * second, square * scaled * third]
    }

    /// The derivatives of the powers of an element, divided by the root mean squares.
    fn slopes(&self, x: L) -> [L; 3] {
        let scaled = x.scale(-self.exponent);
        let [first, second, third] = self.inverse;
        let slopes = [
            first,
            L::of(2.0) * scaled * second,
            L::of(3.0) * scaled * scaled * third,
        ];
        slopes.map(|slope| slope.scale(-self.exponent))
    }
}
