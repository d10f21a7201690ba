//! Both halves in one slice.

use alloc::vec;

use super::GatedFunction;
use crate::axis::Axis;
use crate::element::Element;
use crate::slice::{same_length, same_lengths};

/// One of the two parts of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Half {
    /// The elements before the middle; of interleaved ones those with an even index.
    First,
    /// The elements from the middle on; of interleaved ones those with an odd index.
    Second,
}

/// How the gate and what it lets through lie in a row.
///
/// There is no default, because a wrong one gives numbers that look right. `PyTorch`, JAX, Keras and Burn gate with the second
/// half; the code of most language models, whose gate projection comes first, with the first; gpt-oss interleaves the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Layout {
    /// Which part is the gate.
    pub gate: Half,
    /// Whether the two parts alternate, element by element, instead of following one another.
    pub interleaved: bool,
}

impl Layout {
    /// `nn.GLU` of `PyTorch`, `jax.nn.glu`, Keras' and Burn's `glu`: the second half is the gate.
    pub const TORCH: Self = Self {
        gate: Half::Second,
        interleaved: false,
    };
    /// The first half is the gate: language models with one projection `[gate, up]`.
    pub const GATE_FIRST: Self = Self {
        gate: Half::First,
        interleaved: false,
    };
    /// Elements with an even index are the gate: gpt-oss.
    pub const INTERLEAVED: Self = Self {
        gate: Half::First,
        interleaved: true,
    };

    /// Copies the gate and the other part out of a row.
    fn take_apart<T: Copy>(self, row: &[T], gate: &mut [T], up: &mut [T]) {
        let (first, second) = match self.gate {
            Half::First => (gate, up),
            Half::Second => (up, gate),
        };
        if self.interleaved {
            let pairs = row.as_chunks::<2>().0.iter();
            for (&[one, other], (first, second)) in pairs.zip(first.iter_mut().zip(second)) {
                (*first, *second) = (one, other);
            }
        } else {
            let (front, back) = row.split_at(row.len() / 2);
            first.copy_from_slice(front);
            second.copy_from_slice(back);
        }
    }

    /// Copies the gate and the other part into a row.
    fn put_together<T: Copy>(self, gate: &[T], up: &[T], row: &mut [T]) {
        let (first, second) = match self.gate {
            Half::First => (gate, up),
            Half::Second => (up, gate),
        };
        if self.interleaved {
            let pairs = row.as_chunks_mut::<2>().0.iter_mut();
            for (pair, (&first, &second)) in pairs.zip(first.iter().zip(second)) {
                *pair = [first, second];
            }
        } else {
            let (front, back) = row.split_at_mut(row.len() / 2);
            front.copy_from_slice(first);
            back.copy_from_slice(second);
        }
    }
}

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
}
