//! Both halves in one slice.

use alloc::vec;

use super::pieces::{Pieces, Places};
use super::{GatedFunction, Layout};
use crate::axis::Axis;
use crate::element::Element;
use crate::simd::{BLOCK, Blocks, Level};
use crate::slice::{same_length, same_lengths};

/// The rows of the input and of the output. Panics unless the input's have two halves.
#[track_caller]
fn halves(rows: Axis) -> (Axis, Axis) {
    let length = rows.length;
    assert!(
        length.is_multiple_of(2),
        "a row of {length} elements has no two halves; it must have an even number of elements"
    );
    let half = Axis {
        length: length / 2,
        ..rows
    };
    (rows, half)
}

impl GatedFunction {
    /// Writes the value of each row of `x` to a row of `y` that is half as long. `rows` are those of `x`.
    /// Panics if the rows have no two halves, or the lengths do not fit together.
    #[track_caller]
    pub fn forward_packed<T: Element>(
        self,
        x: &[T],
        rows: impl Into<Axis>,
        layout: Layout,
        y: &mut [T],
    ) {
        let (rows, half) = halves(rows.into());
        same_lengths(("y", y.len()), ("half of `x`", x.len() / 2));
        if rows.stride == 1 {
            return self.forward_pieces(x, Pieces::of(rows, x.len(), layout), y);
        }
        let mut parts = [(); 3].map(|()| vec![T::default(); half.length]);
        rows.each_row(x, |row, x| {
            let [gate, up, values] = &mut parts;
            layout.take_apart(x, gate, up);
            self.forward(gate, up, values);
            for (at, value) in half.row(row).zip(values) {
                y[at] = *value;
            }
        });
    }

    /// Writes the gradient with respect to `x` to `dx`, from `x` and the upstream gradient, which is half as long. `rows` are
    /// those of `x`. Panics if the rows have no two halves, or the lengths do not fit together.
    #[track_caller]
    pub fn backward_packed<T: Element>(
        self,
        x: &[T],
        dy: &[T],
        rows: impl Into<Axis>,
        layout: Layout,
        dx: &mut [T],
    ) {
        let (rows, half) = halves(rows.into());
        same_length("dx", dx.len(), x.len());
        same_lengths(("dy", dy.len()), ("half of `x`", x.len() / 2));
        if rows.stride == 1 {
            return self.backward_pieces(x, dy, Pieces::of(rows, x.len(), layout), dx);
        }
        let mut parts = [(); 5].map(|()| vec![T::default(); half.length]);
        rows.each([x], dx, |row, [x], dx| {
            let [gate, up, upstream, dgate, dup] = &mut parts;
            layout.take_apart(x, gate, up);
            for (upstream, at) in upstream.iter_mut().zip(half.row(row)) {
                *upstream = dy[at];
            }
            self.backward(gate, up, upstream, dgate, dup);
            layout.put_together(dgate, dup, dx);
        });
    }

    fn forward_pieces<T: Element>(self, x: &[T], pieces: Pieces, y: &mut [T]) {
        let mut parts = [[T::default(); BLOCK]; 2];
        let mut y = Blocks::new(Level::best(), y);
        for (row, columns) in pieces.all() {
            let (gate, up) = pieces.parts(x, row, &columns, &mut parts);
            y.write(pieces.result(row, &columns), |y| self.forward(gate, up, y));
        }
    }

    fn backward_pieces<T: Element>(self, x: &[T], dy: &[T], pieces: Pieces, dx: &mut [T]) {
        let mut parts = [[T::default(); BLOCK]; 2];
        let mut gradients = [[T::default(); BLOCK]; 2];
        let mut dx = Blocks::new(Level::best(), dx);
        for (row, columns) in pieces.all() {
            let (gate, up) = pieces.parts(x, row, &columns, &mut parts);
            let [dgate, dup] = gradients.each_mut().map(|part| &mut part[..columns.len()]);
            self.backward(gate, up, &dy[pieces.result(row, &columns)], dgate, dup);
            match pieces.places(row, &columns) {
                Places::Pairs(place) => {
                    dx.write(place, |dx| pieces.layout.put_together(dgate, dup, dx));
                }
                Places::Parts { gate, up } => {
                    dx.copy(gate, dgate);
                    dx.copy(up, dup);
                }
            }
        }
    }
}
