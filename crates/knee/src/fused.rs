//! Activations joined with what stands before them and with what is counted behind them: memory is gone through once.
//!
//! A block that stays in the first cache is added, activated and counted before the next one is read. The results are those of the
//! separate steps, bit for bit: a sum is rounded to the type before the function is taken of it.

use crate::element::Element;
use crate::kernel::Kernel;
use crate::simd::{Level, Set, Task};
use crate::slice::{same_length, same_lengths};

/// Elements of a block: three of them fit into the first cache.
const BLOCK: usize = 2048;

impl Kernel {
    /// Writes `f(x + bias)` to `y`: rows as long as `bias` follow one another in `x`.
    ///
    /// Panics if the lengths differ or `x` is not made of whole rows.
    ///
    /// ```
    /// use knee::Function;
    /// let relu = Function::parse("relu").unwrap().kernel();
    /// let mut y = [0.0_f32; 4];
    /// relu.forward_biased(&[1.0, 2.0, 3.0, 4.0], &[-2.0, 0.5], &mut y);
    /// assert_eq!(y, [0.0, 2.5, 1.0, 4.5]);
    /// ```
    #[track_caller]
    pub fn forward_biased<T: Element>(&self, x: &[T], bias: &[T], y: &mut [T]) {
        same_length("y", y.len(), x.len());
        rows(x.len(), bias.len());
        let mut sums = [T::default(); BLOCK];
        for (x, y) in x
            .chunks(bias.len().max(1))
            .zip(y.chunks_mut(bias.len().max(1)))
        {
            let blocks = x.chunks(BLOCK).zip(bias.chunks(BLOCK));
            for ((x, bias), y) in blocks.zip(y.chunks_mut(BLOCK)) {
                let sums = &mut sums[..x.len()];
                T::add(self.instructions(), x, bias, sums);
                self.forward(sums, y);
            }
        }
    }

    /// Writes `dy * f'(x + bias)` to `dx`, and the sum of its rows, formed in `f64` from the first row to the last, to `dbias`.
    ///
    /// Panics if the lengths differ or `x` is not made of whole rows.
    #[track_caller]
    pub fn backward_biased<T: Element>(
        &self,
        x: &[T],
        bias: &[T],
        dy: &[T],
        dx: &mut [T],
        dbias: &mut [T],
    ) {
        same_length("dy", dy.len(), x.len());
        same_length("dx", dx.len(), x.len());
        same_lengths(("dbias", dbias.len()), ("bias", bias.len()));
        rows(x.len(), bias.len());
        let mut sums = [T::default(); BLOCK];
        // Columns first, so that the sums of a block of columns stay where they are.
        for first in (0..bias.len()).step_by(BLOCK) {
            let columns = first..bias.len().min(first + BLOCK);
            let bias_part = &bias[columns.clone()];
            let mut totals = [0.0; BLOCK];
            for row in (0..x.len()).step_by(bias.len()) {
                let place = row + columns.start..row + columns.end;
                let sums = &mut sums[..bias_part.len()];
                T::add(self.instructions(), &x[place.clone()], bias_part, sums);
                self.backward(sums, &dy[place.clone()], &mut dx[place.clone()]);
                let totals = &mut totals[..bias_part.len()];
                self.instructions().run(Accumulate {
                    from: &dx[place],
                    totals,
                });
            }
            for (dbias, total) in dbias[columns].iter_mut().zip(totals) {
                *dbias = T::from_f64(total);
            }
        }
    }

    /// Writes `f(x + residual)` to `y`. Panics if the lengths differ.
    #[track_caller]
    pub fn forward_sum<T: Element>(&self, x: &[T], residual: &[T], y: &mut [T]) {
        same_length("residual", residual.len(), x.len());
        same_length("y", y.len(), x.len());
        let mut sums = [T::default(); BLOCK];
        for ((x, residual), y) in x
            .chunks(BLOCK)
            .zip(residual.chunks(BLOCK))
            .zip(y.chunks_mut(BLOCK))
        {
            let sums = &mut sums[..x.len()];
            T::add(self.instructions(), x, residual, sums);
            self.forward(sums, y);
        }
    }

    /// Writes `dy * f'(x + residual)` to `dx`, which is the gradient of both. Panics if the lengths differ.
    #[track_caller]
    pub fn backward_sum<T: Element>(&self, x: &[T], residual: &[T], dy: &[T], dx: &mut [T]) {
        same_length("residual", residual.len(), x.len());
        same_length("dy", dy.len(), x.len());
        same_length("dx", dx.len(), x.len());
        let mut sums = [T::default(); BLOCK];
        let inputs = x
            .chunks(BLOCK)
            .zip(residual.chunks(BLOCK))
            .zip(dy.chunks(BLOCK));
        for (((x, residual), dy), dx) in inputs.zip(dx.chunks_mut(BLOCK)) {
            let sums = &mut sums[..x.len()];
            T::add(self.instructions(), x, residual, sums);
            self.backward(sums, dy, dx);
        }
    }

    /// Writes `f(x)` to `y` and gives what is to be known of both for a diagnosis. Panics if the lengths differ.
    ///
    /// ```
    /// use knee::Function;
    /// let relu = Function::parse("relu").unwrap().kernel();
    /// let mut y = [0.0_f32; 4];
    /// let seen = relu.forward_observed(&[-1.0, 2.0, -3.0, 4.0], &mut y);
    /// assert_eq!((seen.count, seen.zeros), (4, 2));
    /// assert_eq!((seen.input.mean(seen.count), seen.output.mean(seen.count)), (0.5, 1.5));
    /// ```
    #[track_caller]
    pub fn forward_observed<T: Element>(&self, x: &[T], y: &mut [T]) -> Observed {
        same_length("y", y.len(), x.len());
        let mut partial = Partial::default();
        for (x, y) in x.chunks(BLOCK).zip(y.chunks_mut(BLOCK)) {
            self.forward(x, y);
            self.instructions().run(Observe {
                x,
                y,
                partial: &mut partial,
            });
        }
        partial.total(x.len())
    }
}

/// Panics unless a slice is made of whole rows.
#[track_caller]
fn rows(elements: usize, length: usize) {
    assert!(
        if length == 0 {
            elements == 0
        } else {
            elements.is_multiple_of(length)
        },
        "`x` has {elements} elements and `bias` has {length}; `x` must be made of whole rows of that length"
    );
}

/// Sums of numbers and of their squares, in `f64`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// The sum.
    pub sum: f64,
    /// The sum of the squares.
    pub squares: f64,
}

impl Moments {
    /// The mean of `count` numbers; NaN of none.
    pub fn mean(self, count: usize) -> f64 {
        self.sum / count as f64
    }

    /// The mean square deviation from the mean of `count` numbers; NaN of none.
    pub fn variance(self, count: usize) -> f64 {
        let mean = self.mean(count);
        (self.squares / count as f64 - mean * mean).max(0.0)
    }
}

/// What [`Kernel::forward_observed`] has seen. The sums are formed in the same order whatever instructions there are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Observed {
    /// Elements.
    pub count: usize,
    /// Outputs that are zero: of ReLU, the elements that are not alive.
    pub zeros: usize,
    /// The inputs.
    pub input: Moments,
    /// The outputs.
    pub output: Moments,
}

/// Sums that stand beside one another: element `i` goes into sum `i mod 16`.
const SUMS: usize = 16;

#[derive(Default)]
struct Partial {
    zeros: [u64; SUMS],
    moments: [[f64; SUMS]; 4],
}

impl Partial {
    fn total(&self, count: usize) -> Observed {
        let [input, input_squares, output, output_squares] =
            self.moments.map(|sums| sums.iter().sum::<f64>());
        Observed {
            count,
            zeros: self.zeros.iter().sum::<u64>() as usize,
            input: Moments {
                sum: input,
                squares: input_squares,
            },
            output: Moments {
                sum: output,
                squares: output_squares,
            },
        }
    }
}

struct Observe<'a, T> {
    x: &'a [T],
    y: &'a [T],
    partial: &'a mut Partial,
}

impl<T: Element> Task for Observe<'_, T> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        let [input, input_squares, output, output_squares] = &mut self.partial.moments;
        let zeros = &mut self.partial.zeros;
        for (x, y) in self.x.chunks(SUMS).zip(self.y.chunks(SUMS)) {
            for (k, (x, y)) in x.iter().zip(y).enumerate() {
                let (x, y) = (x.to_f64(), y.to_f64());
                zeros[k] += u64::from(y == 0.0);
                input[k] += x;
                input_squares[k] += x * x;
                output[k] += y;
                output_squares[k] += y * y;
            }
        }
    }
}

struct Accumulate<'a, T> {
    from: &'a [T],
    totals: &'a mut [f64],
}

impl<T: Element> Task for Accumulate<'_, T> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        for (total, from) in self.totals.iter_mut().zip(self.from) {
            *total += from.to_f64();
        }
    }
}

/// Sums of slices of the processor's own types.
pub(crate) struct Add<'a, T> {
    pub(crate) a: &'a [T],
    pub(crate) b: &'a [T],
    pub(crate) sums: &'a mut [T],
}

impl<T: Copy + core::ops::Add<Output = T>> Task for Add<'_, T> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        for (sum, (&a, &b)) in self.sums.iter_mut().zip(self.a.iter().zip(self.b)) {
            *sum = a + b;
        }
    }
}

impl<T: Copy + core::ops::Add<Output = T>> Add<'_, T> {
    pub(crate) fn at(self, level: Level) {
        level.run(self);
    }
}
