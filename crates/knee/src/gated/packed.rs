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

    /// Where the gate and its partner of an output element are in a row of `length` elements.
    fn places(self, length: usize, index: usize) -> (usize, usize) {
        let (first, second) = if self.interleaved {
            (2 * index, 2 * index + 1)
        } else {
            (index, length / 2 + index)
        };
        match self.gate {
            Half::First => (first, second),
            Half::Second => (second, first),
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
        let (mut gate, mut up) = (
            vec![T::default(); half.length],
            vec![T::default(); half.length],
        );
        rows.each_row(x, |row, x| {
            for index in 0..half.length {
                let places = layout.places(x.len(), index);
                (gate[index], up[index]) = (x[places.0], x[places.1]);
            }
            for (at, (gate, up)) in half.row(row).zip(gate.iter().zip(&up)) {
                y[at] = self.value(*gate, *up);
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
            for (index, at) in half.row(row).enumerate() {
                let places = layout.places(x.len(), index);
                (gate[index], up[index]) = (x[places.0], x[places.1]);
                upstream[index] = dy[at];
            }
            self.backward(gate, up, upstream, dgate, dup);
            for index in 0..half.length {
                let places = layout.places(x.len(), index);
                (dx[places.0], dx[places.1]) = (dgate[index], dup[index]);
            }
        });
    }
}
