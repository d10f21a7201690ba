//! Which elements of a slice make a row.

use alloc::format;
use alloc::string::String;
use alloc::vec;

use crate::simd::{Input, Output};

/// The axis along which the elements of a slice make rows: the layout is `[outer, length, stride]`, row-major.
///
/// The elements of a row are `stride` apart. A plain number stands for rows that lie one after the other:
///
/// ```
/// use knee::{Axis, RowFunction};
/// // Two rows of three, and the same six numbers as three rows of two that lie across.
/// let x = [1.0_f32, 2.0, 3.0, 1.0, 2.0, 3.0];
/// let mut y = [0.0; 6];
/// RowFunction::Softmax.forward(&x, 3, &mut y);
/// assert_eq!(y[..3], y[3..]);
/// RowFunction::Softmax.forward(&x, Axis { length: 2, stride: 3 }, &mut y);
/// assert_eq!(y, [0.5; 6]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Axis {
    /// The number of elements of a row.
    pub length: usize,
    /// The distance from one element of a row to the next.
    pub stride: usize,
}

impl From<usize> for Axis {
    fn from(length: usize) -> Self {
        Self { length, stride: 1 }
    }
}

impl Axis {
    /// The axis of that index of a row-major tensor, or `None` if it has no such axis.
    ///
    /// ```
    /// use knee::Axis;
    /// // The channels of images, [batch, channels, height, width]: what `Softmax2d` works on.
    /// assert_eq!(Axis::of(&[8, 3, 32, 32], 1), Some(Axis { length: 3, stride: 1024 }));
    /// ```
    pub fn of(shape: &[usize], axis: usize) -> Option<Self> {
        let length = *shape.get(axis)?;
        let stride = shape[axis + 1..].iter().product();
        Some(Self { length, stride })
    }

    /// How many rows a slice holds. Panics unless it is made of whole rows.
    #[track_caller]
    pub(crate) fn count(self, elements: usize) -> usize {
        let Self { length, stride } = self;
        let whole = match length * stride {
            0 => elements == 0,
            block => elements.is_multiple_of(block),
        };
        let apart = || match stride {
            1 => String::new(),
            _ => format!(", {stride} apart"),
        };
        assert!(
            whole,
            "a slice of {elements} elements is not made of whole rows of {length}{}",
            apart()
        );
        elements.checked_div(length).unwrap_or(0)
    }

    /// Where the elements of a row are.
    pub(crate) fn row(self, index: usize) -> impl Iterator<Item = usize> {
        let Self { length, stride } = self;
        let start = index / stride * stride * length + index % stride;
        (0..length).map(move |element| start + element * stride)
    }

    /// Calls `f` with the index of each row and the row.
    #[track_caller]
    pub(crate) fn each_row<T: Copy + Default>(self, x: &[T], mut f: impl FnMut(usize, &[T])) {
        let mut row = vec![T::default(); self.length];
        for index in 0..self.count(x.len()) {
            for (element, at) in row.iter_mut().zip(self.row(index)) {
                *element = x[at];
            }
            f(index, &row);
        }
    }

    /// Calls `f` with the index of each row, the row in each of the inputs, and the row of the output that it is to write. The lengths have been compared.
    ///
    /// A row whose elements lie apart is copied together first, so it has the same bits as one that does not.
    #[track_caller]
    pub(crate) fn each<T: Copy + Default, const N: usize>(
        self,
        inputs: [&[T]; N],
        output: &mut [T],
        mut f: impl FnMut(usize, [&[T]; N], &mut [T]),
    ) {
        let count = self.count(output.len());
        let length = self.length;
        if self.stride == 1 {
            for index in 0..count {
                let run = index * length..(index + 1) * length;
                f(
                    index,
                    inputs.map(|input| &input[run.clone()]),
                    &mut output[run],
                );
            }
            return;
        }
        let mut gathered = [(); N].map(|()| vec![T::default(); length]);
        let mut result = vec![T::default(); length];
        for index in 0..count {
            for (row, input) in gathered.iter_mut().zip(inputs) {
                for (element, at) in row.iter_mut().zip(self.row(index)) {
                    *element = input[at];
                }
            }
            f(index, gathered.each_ref().map(|row| &row[..]), &mut result);
            for (element, at) in result.iter().zip(self.row(index)) {
                output[at] = *element;
            }
        }
    }

    /// Calls `f` with the length of rows that lie one after the other, such rows of the inputs, and those of the output that it is to
    /// write: with all at once, or, if they lie apart, with one at a time that has been copied together.
    #[track_caller]
    pub(crate) fn in_rows<T: Copy + Default, const N: usize>(
        self,
        inputs: [&[T]; N],
        output: &mut [T],
        mut f: impl FnMut(usize, [Input<'_, T>; N], Output<'_, T>),
    ) {
        if self.stride == 1 {
            self.count(output.len());
            f(self.length, inputs.map(Input::new), Output::new(output));
        } else {
            self.each(inputs, output, |_, inputs, output| {
                f(self.length, inputs.map(Input::new), Output::new(output));
            });
        }
    }

    /// The same for rows of `x` that are replaced: `f` gets them as an input and as the output.
    #[track_caller]
    pub(crate) fn in_rows_in_place<T: Copy + Default, const N: usize>(
        self,
        inputs: [&[T]; N],
        x: &mut [T],
        mut f: impl FnMut(usize, [Input<'_, T>; N], Input<'_, T>, Output<'_, T>),
    ) {
        if self.stride == 1 {
            self.count(x.len());
            let (x, y) = Output::in_place(x);
            f(self.length, inputs.map(Input::new), x, y);
        } else {
            self.each_in_place(inputs, x, |inputs, x, y| {
                f(
                    self.length,
                    inputs.map(Input::new),
                    Input::new(x),
                    Output::new(y),
                );
            });
        }
    }

    /// Calls `f` with the row in each of the inputs, a copy of the row of `x`, and the row of `x` itself, which it is to replace.
    #[track_caller]
    pub(crate) fn each_in_place<T: Copy + Default, const N: usize>(
        self,
        inputs: [&[T]; N],
        x: &mut [T],
        mut f: impl FnMut([&[T]; N], &[T], &mut [T]),
    ) {
        let (count, length) = (self.count(x.len()), self.length);
        let mut copy = vec![T::default(); length];
        if self.stride == 1 {
            for index in 0..count {
                let run = index * length..(index + 1) * length;
                copy.copy_from_slice(&x[run.clone()]);
                f(inputs.map(|input| &input[run.clone()]), &copy, &mut x[run]);
            }
            return;
        }
        let mut gathered = [(); N].map(|()| copy.clone());
        let mut result = copy.clone();
        for index in 0..count {
            for (row, input) in gathered.iter_mut().zip(inputs) {
                for (element, at) in row.iter_mut().zip(self.row(index)) {
                    *element = input[at];
                }
            }
            for (element, at) in copy.iter_mut().zip(self.row(index)) {
                *element = x[at];
            }
            f(gathered.each_ref().map(|row| &row[..]), &copy, &mut result);
            for (element, at) in result.iter().zip(self.row(index)) {
                x[at] = *element;
            }
        }
    }
}
