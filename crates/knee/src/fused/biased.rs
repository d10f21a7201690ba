//! A bias before an activation.

use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

use crate::element::Element;
use crate::kernel::Kernel;
use crate::simd::{BLOCK, Blocks, Set, Task};
use crate::slice::{same_length, same_lengths};

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
        let cut = Cut::of(x.len(), bias);
        let mut y = Blocks::new(self.instructions(), y);
        let mut sums = [T::default(); BLOCK];
        for rows in cut.rows() {
            for columns in cut.columns(0..bias.len()) {
                let place = cut.place(rows, &columns);
                let sums = &mut sums[..place.len()];
                let bias = &cut.bias(columns)[..place.len()];
                T::add(self.instructions(), &x[place.clone()], bias, sums);
                y.write(place, |y| self.forward(sums, y));
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
        let cut = Cut::of(x.len(), bias);
        let mut dx = Blocks::new(self.instructions(), dx);
        let mut sums = [T::default(); BLOCK];
        for strip in cut.strips(dx.are_around()) {
            let mut totals = vec![0.0; strip.len()];
            for rows in cut.rows() {
                for columns in cut.columns(strip.clone()) {
                    let place = cut.place(rows, &columns);
                    let sums = &mut sums[..place.len()];
                    let bias = &cut.bias(columns.clone())[..place.len()];
                    T::add(self.instructions(), &x[place.clone()], bias, sums);
                    let totals =
                        &mut totals[columns.start - strip.start..columns.end - strip.start];
                    dx.write(place.clone(), |dx| {
                        self.backward(sums, &dy[place], dx);
                        T::add_rows(self.instructions(), dx, totals);
                    });
                }
            }
            for (dbias, total) in dbias[strip].iter_mut().zip(totals) {
                *dbias = T::from_f64(total);
            }
        }
    }
}

/// Columns of a strip whose totals stay in the second cache.
const WIDE: usize = 8 * BLOCK;

/// How rows make blocks: several short ones together, or each long one in pieces.
struct Cut<'a, T> {
    bias: &'a [T],
    /// The bias once for each row of a block, if there are several.
    repeated: Vec<T>,
    elements: usize,
    rows: usize,
    columns: usize,
}

impl<'a, T: Copy> Cut<'a, T> {
    /// Panics unless there are whole rows.
    #[track_caller]
    fn of(elements: usize, bias: &'a [T]) -> Self {
        let length = bias.len();
        assert!(
            if length == 0 {
                elements == 0
            } else {
                elements.is_multiple_of(length)
            },
            "`x` has {elements} elements and `bias` has {length}; `x` must be made of whole rows of that length"
        );
        let count = elements.checked_div(length).unwrap_or(0);
        let rows = BLOCK.checked_div(length).unwrap_or(0).min(count).max(1);
        // Pieces of nearly one length, in whole registers.
        let pieces = length.div_ceil(BLOCK).max(1);
        Self {
            bias,
            repeated: if rows > 1 {
                bias.repeat(rows)
            } else {
                Vec::new()
            },
            elements,
            rows,
            columns: length.div_ceil(pieces).next_multiple_of(64).min(BLOCK),
        }
    }

    /// The first element of the first row of each block.
    fn rows(&self) -> impl Iterator<Item = usize> {
        (0..self.elements).step_by((self.rows * self.bias.len()).max(1))
    }

    /// What is gone through from the first row to the last: wide strips of rows in memory, which is read ahead, else strips whose
    /// totals stay in the first cache.
    fn strips(&self, wide: bool) -> impl Iterator<Item = Range<usize>> {
        pieces(0..self.bias.len(), if wide { WIDE } else { self.columns })
    }

    /// The columns of a strip that go into one block.
    fn columns(&self, strip: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        pieces(strip, self.columns)
    }

    /// The elements of a block.
    fn place(&self, rows: usize, columns: &Range<usize>) -> Range<usize> {
        let last = rows + (self.rows - 1) * self.bias.len();
        rows + columns.start..self.elements.min(last + columns.end)
    }

    /// The bias of the rows of a block, or of more.
    fn bias(&self, columns: Range<usize>) -> &[T] {
        if self.repeated.is_empty() {
            &self.bias[columns]
        } else {
            &self.repeated
        }
    }
}

fn pieces(range: Range<usize>, length: usize) -> impl Iterator<Item = Range<usize>> {
    let end = range.end;
    let starts = range.step_by(length.max(1));
    starts.map(move |start| start..end.min(start + length))
}

/// Adds rows to their totals, one after the other.
pub(super) struct AddRows<'a, T> {
    pub(super) rows: &'a [T],
    pub(super) totals: &'a mut [f64],
}

impl<T: Element> Task for AddRows<'_, T> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        for row in self.rows.chunks_exact(self.totals.len()) {
            for (total, x) in self.totals.iter_mut().zip(row) {
                *total += x.to_f64();
            }
        }
    }
}
