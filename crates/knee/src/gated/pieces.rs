//! Rows that hold both parts, piece by piece.

use core::ops::Range;

use super::Layout;
use crate::axis::Axis;
use crate::simd::BLOCK;

/// Rows that lie one after the other, in pieces.
#[derive(Clone, Copy)]
pub(super) struct Pieces {
    pub(super) layout: Layout,
    rows: usize,
    /// The length of a row of the result. All interleaved rows are one.
    length: usize,
}

/// Where the two parts of a piece lie in the input.
pub(super) enum Places {
    /// Element by element.
    Pairs(Range<usize>),
    /// One behind the other.
    Parts {
        gate: Range<usize>,
        up: Range<usize>,
    },
}

impl Pieces {
    #[track_caller]
    pub(super) fn of(rows: Axis, elements: usize, layout: Layout) -> Self {
        let count = rows.count(elements);
        let (rows, length) = if layout.interleaved {
            (1, elements / 2)
        } else {
            (count, rows.length / 2)
        };
        Self {
            layout,
            rows,
            length,
        }
    }

    /// The index of each row with the columns of each of its pieces.
    pub(super) fn all(self) -> impl Iterator<Item = (usize, Range<usize>)> {
        let starts = move || (0..self.length).step_by(BLOCK);
        let columns = move || starts().map(move |start| start..self.length.min(start + BLOCK));
        (0..self.rows).flat_map(move |row| columns().map(move |columns| (row, columns)))
    }

    /// Where a piece lies in the result.
    pub(super) fn result(self, row: usize, columns: &Range<usize>) -> Range<usize> {
        let start = row * self.length;
        start + columns.start..start + columns.end
    }

    /// Where it lies in the input.
    pub(super) fn places(self, row: usize, columns: &Range<usize>) -> Places {
        if self.layout.interleaved {
            return Places::Pairs(2 * columns.start..2 * columns.end);
        }
        let first = self.result(2 * row, columns);
        let second = self.result(2 * row + 1, columns);
        let (gate, up) = self.layout.in_order(first, second);
        Places::Parts { gate, up }
    }

    /// The gate and the other part of a piece, which are copied apart if they alternate.
    pub(super) fn parts<'a, T: Copy>(
        self,
        x: &'a [T],
        row: usize,
        columns: &Range<usize>,
        copies: &'a mut [[T; BLOCK]; 2],
    ) -> (&'a [T], &'a [T]) {
        match self.places(row, columns) {
            Places::Parts { gate, up } => (&x[gate], &x[up]),
            Places::Pairs(place) => {
                let [gate, up] = copies.each_mut().map(|copy| &mut copy[..columns.len()]);
                self.layout.take_apart(&x[place], gate, up);
                (gate, up)
            }
        }
    }
}
