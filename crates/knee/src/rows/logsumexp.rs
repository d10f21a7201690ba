//! The logarithm of a sum of exponentials.

use crate::activation::{About, Budget, Declared};
use crate::axis::Axis;
use crate::declare::declare;
use crate::element::Element;
use crate::elementary;
use crate::exponentials::{Exponentials, first_largest};
use crate::foreign::{jax, onnx, torch};
use crate::lane::Lane;
use crate::pair::Pair;
use crate::rowwise::{How, Work};
use crate::simd::{Input, Output};
use crate::slice::{same_length, same_lengths};

declare! {
    /// The logarithm of the sum of the exponentials of a row: a smooth maximum. Each row gives one number.
    ///
    /// ```
    /// use knee::LogSumExp;
    /// let mut y = [0.0_f32; 2];
    /// LogSumExp::forward(&[1000.0, 1000.0, 0.0, f32::NEG_INFINITY], 2, &mut y);
    /// assert_eq!(y, [1000.6932, 0.0]);
    /// ```
    ///
    /// # Formula
    /// `m + log(sum_j exp(x_j - m))`, `m` the largest element
    /// # Derivative
    /// `dy / dx_i = softmax(x)_i`
    /// # Numerics
    /// The logarithm is `log1p` of the sum without the largest element. Where it nearly cancels `m` it is computed once more in
    /// about 100 bits; what is left of an error there is `2^-64` of `m`. A row of `-inf` only, and one without elements, gives `-inf`, the
    /// logarithm of 0; a row with `inf` in it gives `inf`, with NaN in it NaN. The gradient is the softmax times the
    /// upstream gradient, formed from `x` and rounded once; it is NaN where softmax is.
    /// # Origin
    /// The rounding errors: Blanchard, Higham and Higham 2021, IMA J. Numer. Anal. 41.
    pub struct LogSumExp {}
}

impl LogSumExp {
    /// The public name.
    pub const NAME: &'static str = "logsumexp";
    /// What can be said about it.
    pub const ABOUT: &'static About = &About {
        name: Self::NAME,
        title: <Self as Declared>::TITLE.trim_ascii(),
        aliases: &[],
        latex: r"\log \sum_j e^{x_j}",
        foreign: &[
            onnx("ReduceLogSumExp", &[]),
            torch("torch.logsumexp", &[]),
            jax("jax.nn.logsumexp", &[]),
        ],
        parameters: &[],
        budget: Budget::ROUNDED,
        from_output: None,
        doc: <Self as Declared>::DOC,
    };

    /// Writes one number for each row of `x` to `y`. Panics if `x` is not made of whole rows, or `y` has not one element for each.
    /// Rows of length 0 are as many as `y` has elements.
    #[track_caller]
    pub fn forward<T: Element>(x: &[T], rows: impl Into<Axis>, y: &mut [T]) {
        let rows = rows.into();
        one_for_each_row(x.len(), rows, ("y", y.len()));
        if rows.length == 0 {
            y.fill(T::from_f64(f64::NEG_INFINITY));
        }
        rows.each_row(x, |index, x| y[index] = value(x));
    }

    /// Writes the gradient with respect to the input to `dx`, from the input `x` and one upstream gradient for each row.
    /// Panics if the lengths do not fit together.
    #[track_caller]
    pub fn backward<T: Element>(x: &[T], dy: &[T], rows: impl Into<Axis>, dx: &mut [T]) {
        let rows = rows.into();
        same_length("dx", dx.len(), x.len());
        one_for_each_row(x.len(), rows, ("dy", dy.len()));
        rows.each([x], dx, |index, [x], dx| {
            let row = Exponentials::of::<T>(x.iter().map(|x| x.widen()));
            let factor = dy[index].widen() / (T::Wide::of(1.0) + row.rest);
            for (dx, x) in dx.iter_mut().zip(x) {
                *dx = T::narrow((x.widen() - row.top).exp().times(factor));
            }
        });
    }
}

/// Panics unless there is one element for each row.
#[track_caller]
fn one_for_each_row(elements: usize, rows: Axis, (name, length): (&str, usize)) {
    let count = rows.count(elements);
    if rows.length > 0 {
        same_lengths((name, length), ("the rows", count));
    }
}

/// The value of one row that is not empty.
fn value<T: Element>(x: &[T]) -> T {
    let top = x[first_largest(x)];
    let mut logarithm = T::Wide::of(0.0);
    let input = Input::new(x);
    let (how, nothing) = (How::exact(), Output::new(&mut []));
    T::rows(
        Work::LogSum,
        how,
        &[input],
        x.len(),
        nothing,
        &mut |_, found| {
            logarithm = found;
        },
    );
    let found = T::narrow(top.widen() + logarithm);
    if found.to_f64().is_nan() {
        let nan = x.iter().find(|x| x.to_f64().is_nan());
        return *nan.unwrap_or(&top);
    }
    // Without a thousandth of `m` the wider lane of f32 has lost ten bits; that of f64 is a pair already.
    if found.to_f64().abs() < top.to_f64().abs() * 1e-3 {
        let row = Exponentials::of::<f64>(x.iter().map(|x| Pair::of(x.to_f64())));
        return T::from_f64((row.top + elementary::ln_1p(row.rest)).head());
    }
    found
}
