//! What is to be known of an activation for a diagnosis.

use crate::element::Element;
use crate::kernel::Kernel;
use crate::simd::{BLOCK, Blocks, Level, Set, Task};
use crate::slice::same_length;

impl Kernel {
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
        let (mut input, mut output) = (Sums::default(), Sums::default());
        let mut y = Blocks::new(self.instructions(), y);
        for start in (0..x.len()).step_by(BLOCK) {
            let place = start..x.len().min(start + BLOCK);
            let x = &x[place.clone()];
            y.write(place, |y| {
                self.forward(x, y);
                T::sum_up(self.instructions(), x, &mut input);
                T::sum_up(self.instructions(), y, &mut output);
            });
        }
        Observed {
            count: x.len(),
            zeros: output.zeros,
            input: input.moments(),
            output: output.moments(),
        }
    }
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

/// What is summed up of a slice, block by block.
#[derive(Default)]
pub struct Sums {
    zeros: usize,
    plain: [f64; SUMS],
    squares: [f64; SUMS],
}

impl Sums {
    fn moments(&self) -> Moments {
        Moments {
            sum: self.plain.iter().sum(),
            squares: self.squares.iter().sum(),
        }
    }

    /// Adds a block, which is made of whole groups of [`SUMS`] numbers unless it is the last.
    pub(crate) fn add<T: Element>(&mut self, level: Level, numbers: &[T]) {
        level.run(SumUp {
            numbers,
            into: self,
        });
    }
}

struct SumUp<'a, T> {
    numbers: &'a [T],
    into: &'a mut Sums,
}

impl<T: Element> Task for SumUp<'_, T> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        // In registers: no sum has an index that is computed.
        let mut own = (self.into.plain, self.into.squares);
        let (whole, rest) = self.numbers.as_chunks();
        for group in whole {
            own = added(own, group);
        }
        if !rest.is_empty() {
            // Zeros change no sum.
            let mut padded = [T::default(); SUMS];
            padded[..rest.len()].copy_from_slice(rest);
            own = added(own, &padded);
        }
        (self.into.plain, self.into.squares) = own;
        let (mut zeros, zero) = (0, T::default());
        for number in self.numbers {
            zeros += u32::from(*number == zero);
        }
        self.into.zeros += zeros as usize;
    }
}

/// The sums and those of the squares, with each number of a group in its own.
#[inline(always)]
fn added<T: Element>(
    (mut sums, mut squares): ([f64; SUMS], [f64; SUMS]),
    group: &[T; SUMS],
) -> ([f64; SUMS], [f64; SUMS]) {
    for k in 0..SUMS {
        let number = group[k].to_f64();
        sums[k] += number;
        squares[k] += number * number;
    }
    (sums, squares)
}
