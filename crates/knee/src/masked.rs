//! Functions of rows in which some elements take no part.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ops::Range;

use crate::axis::Axis;
use crate::element::Element;
use crate::rows::{RowFunction, RowKernel};
use crate::simd::{Blocks, Set, Task};
use crate::slice::{same_length, same_lengths};

/// What becomes of a row in which no element takes part. There is no right answer, so it has to be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Masked {
    /// NaN, as 0 / 0 is in IEEE arithmetic: what softmax gives without a mask.
    Nan,
    /// No share for any element: 0, and `-inf` where the result is a logarithm. The gradient is 0.
    Zero,
    /// The same share for every element of the row, masked as they are. The gradient is 0.
    Uniform,
}

/// Which elements take part in their row, and what becomes of a row in which none does.
///
/// An element of which `keep` is false takes no part, whatever it is, NaN as well; nor does one that is `-inf` (`inf` for
/// softmin). A row with a NaN that takes part is NaN.
///
/// ```
/// use knee::{Mask, Masked, RowFunction};
/// let x = [1.0_f32, 1.0, f32::NAN, 5.0, 6.0, 7.0];
/// let keep = [true, true, false, false, false, false];
/// let mut y = [0.0; 6];
/// let mask = Mask { keep: Some(&keep), empty: Masked::Zero };
/// RowFunction::Softmax.forward_masked(&x, mask, 3, &mut y);
/// assert_eq!(y, [0.5, 0.5, 0.0, 0.0, 0.0, 0.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mask<'a> {
    /// For each element whether it takes part; without it all do that are not `-inf`.
    pub keep: Option<&'a [bool]>,
    /// What becomes of a row in which no element takes part.
    pub empty: Masked,
}

impl<'m> Mask<'m> {
    /// Which elements of a row take part; all of them if nothing is said.
    fn of_row(self, index: usize, length: usize) -> Option<&'m [bool]> {
        self.of_rows(index..index + 1, length).keep
    }

    /// The mask of some of the rows.
    fn of_rows(self, rows: Range<usize>, length: usize) -> Self {
        let place = rows.start * length..rows.end * length;
        Self {
            keep: self.keep.map(|keep| &keep[place]),
            ..self
        }
    }

    /// Which elements take part, for rows that lie across copied together.
    fn together(self, elements: usize, rows: Axis) -> Option<Cow<'m, [bool]>> {
        let keep = self.keep?;
        same_length("keep", keep.len(), elements);
        if rows.stride == 1 {
            return Some(Cow::Borrowed(keep));
        }
        let places = (0..rows.count(elements)).flat_map(|index| rows.row(index));
        Some(Cow::Owned(places.map(|place| keep[place]).collect()))
    }
}

/// Copies a row, with the value that takes no share wherever an element takes no part; whether any takes part.
struct Applied<'a, T> {
    x: &'a [T],
    keep: Option<&'a [bool]>,
    absent: T,
    to: &'a mut [T],
}

impl<T: Element> Task for Applied<'_, T> {
    type Result = bool;
    #[inline(always)]
    fn run<S: Set>(self) -> bool {
        let mut any = false;
        match self.keep {
            Some(keep) => {
                for ((to, &x), &keep) in self.to.iter_mut().zip(self.x).zip(keep) {
                    *to = if keep { x } else { self.absent };
                    any |= *to != self.absent;
                }
            }
            None => {
                for (to, &x) in self.to.iter_mut().zip(self.x) {
                    *to = x;
                    any |= x != self.absent;
                }
            }
        }
        any
    }
}

/// Elements of rows that are computed together, unless one has more: they stay in the first cache.
const TOGETHER: usize = 2048;

impl RowFunction {
    /// Writes the function of each row of `x` to `y`, as far as its elements take part.
    /// Panics if the lengths differ or are not made of whole rows.
    #[track_caller]
    pub fn forward_masked<T: Element>(
        self,
        x: &[T],
        mask: Mask<'_>,
        rows: impl Into<Axis>,
        y: &mut [T],
    ) {
        self.kernel().forward_masked(x, mask, rows, y);
    }

    /// Writes the gradient with respect to the input to `dx`, from the input `x`, the output `y` and the upstream gradient `dy`.
    /// It is 0 for an element that takes no part. Panics if the lengths differ or are not made of whole rows.
    #[track_caller]
    pub fn backward_masked<T: Element>(
        self,
        x: &[T],
        mask: Mask<'_>,
        y: &[T],
        dy: &[T],
        rows: impl Into<Axis>,
        dx: &mut [T],
    ) {
        self.kernel().backward_masked(x, mask, y, dy, rows, dx);
    }
}

impl RowKernel {
    /// Writes the function of each row of `x` to `y`, as far as its elements take part.
    /// Panics if the lengths differ or are not made of whole rows.
    #[track_caller]
    pub fn forward_masked<T: Element>(
        self,
        x: &[T],
        mask: Mask<'_>,
        rows: impl Into<Axis>,
        y: &mut [T],
    ) {
        same_length("y", y.len(), x.len());
        let rows = rows.into();
        let keep = mask.together(x.len(), rows);
        let mask = Mask {
            keep: keep.as_deref(),
            ..mask
        };
        let mut room = Vec::new();
        if rows.stride != 1 {
            return rows.each([x], y, |index, [x], y| {
                let mask = mask.of_rows(index..index + 1, x.len());
                self.forward_masked_rows(x, mask, x.len(), y, &mut room);
            });
        }
        let (length, count) = (rows.length, rows.count(x.len()));
        let together = (TOGETHER / length.max(1)).max(1);
        let mut y = Blocks::new(self.instructions(), y);
        for first in (0..count).step_by(together) {
            let some = first..count.min(first + together);
            let place = some.start * length..some.end * length;
            y.write(place.clone(), |y| {
                let mask = mask.of_rows(some, length);
                self.forward_masked_rows(&x[place], mask, length, y, &mut room);
            });
        }
    }

    /// The same for a few rows that lie one after the other, with room for a copy of them.
    fn forward_masked_rows<T: Element>(
        self,
        x: &[T],
        mask: Mask<'_>,
        length: usize,
        y: &mut [T],
        room: &mut Vec<T>,
    ) {
        let absent = self.function().absent();
        room.resize(x.len(), absent);
        let mut empty = Vec::new();
        let rows = x.chunks_exact(length).zip(room.chunks_exact_mut(length));
        for (index, (x, to)) in rows.enumerate() {
            let applied = Applied {
                x,
                keep: mask.of_row(index, length),
                absent,
                to,
            };
            if !self.instructions().run(applied) {
                empty.push(index);
            }
        }
        self.rows(room, length, y);
        for index in empty {
            y[index * length..][..length].fill(match mask.empty {
                Masked::Nan => T::from_f64(f64::NAN),
                Masked::Zero => self.function().equal_share(0),
                Masked::Uniform => self.function().equal_share(length),
            });
        }
    }

    /// Writes the gradient with respect to the input to `dx`, from the input `x`, the output `y` and the upstream gradient `dy`.
    /// It is 0 for an element that takes no part. Panics if the lengths differ or are not made of whole rows.
    #[track_caller]
    pub fn backward_masked<T: Element>(
        self,
        x: &[T],
        mask: Mask<'_>,
        y: &[T],
        dy: &[T],
        rows: impl Into<Axis>,
        dx: &mut [T],
    ) {
        same_length("y", y.len(), x.len());
        same_lengths(("dy", dy.len()), ("x", x.len()));
        same_lengths(("dx", dx.len()), ("x", x.len()));
        let (rows, absent) = (rows.into(), self.function().absent());
        let keep = mask.together(x.len(), rows);
        let mask = Mask {
            keep: keep.as_deref(),
            ..mask
        };
        let mut taken = alloc::vec![T::default(); rows.length];
        let mut sent = taken.clone();
        let zero = T::default();
        rows.each([x, y, dy], dx, |index, [x, y, dy], dx| {
            let applied = Applied {
                x,
                keep: mask.of_row(index, x.len()),
                absent,
                to: &mut taken,
            };
            if self.instructions().run(applied) {
                // What was sent to an element without a part reaches no other one either.
                for (sent, (x, &dy)) in sent.iter_mut().zip(taken.iter().zip(dy)) {
                    *sent = if *x == absent { zero } else { dy };
                }
                self.row_gradient(y, &sent, dx);
                for (dx, (x, y)) in dx.iter_mut().zip(taken.iter().zip(y)) {
                    if *x == absent && !y.to_f64().is_nan() {
                        *dx = zero;
                    }
                }
            } else {
                dx.fill(T::from_f64(match mask.empty {
                    Masked::Nan => f64::NAN,
                    Masked::Zero | Masked::Uniform => 0.0,
                }));
            }
        });
    }
}
