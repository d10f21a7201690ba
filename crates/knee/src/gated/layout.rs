//! How the two parts of a row lie in it.

use crate::simd::{Level, Set, Task};

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
    pub(super) fn take_apart<T: Copy>(self, row: &[T], gate: &mut [T], up: &mut [T]) {
        let (first, second) = self.in_order(gate, up);
        if self.interleaved {
            Level::best().run(TakeApart { row, first, second });
        } else {
            let (front, back) = row.split_at(row.len() / 2);
            first.copy_from_slice(front);
            second.copy_from_slice(back);
        }
    }

    /// Copies the gate and the other part into a row.
    pub(super) fn put_together<T: Copy>(self, gate: &[T], up: &[T], row: &mut [T]) {
        let (first, second) = self.in_order(gate, up);
        if self.interleaved {
            Level::best().run(PutTogether { first, second, row });
        } else {
            let (front, back) = row.split_at_mut(row.len() / 2);
            front.copy_from_slice(first);
            back.copy_from_slice(second);
        }
    }

    /// The first part and the second, from the gate and the other part; and the reverse.
    pub(super) fn in_order<P>(self, gate: P, up: P) -> (P, P) {
        match self.gate {
            Half::First => (gate, up),
            Half::Second => (up, gate),
        }
    }
}

struct TakeApart<'a, T> {
    row: &'a [T],
    first: &'a mut [T],
    second: &'a mut [T],
}

impl<T: Copy> Task for TakeApart<'_, T> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        let parts = self.first.iter_mut().zip(self.second);
        for (&[one, other], (first, second)) in self.row.as_chunks::<2>().0.iter().zip(parts) {
            (*first, *second) = (one, other);
        }
    }
}

struct PutTogether<'a, T> {
    first: &'a [T],
    second: &'a [T],
    row: &'a mut [T],
}

impl<T: Copy> Task for PutTogether<'_, T> {
    type Result = ();
    #[inline(always)]
    fn run<S: Set>(self) {
        let pairs = self.row.as_chunks_mut::<2>().0.iter_mut();
        for (pair, (&first, &second)) in pairs.zip(self.first.iter().zip(self.second)) {
            *pair = [first, second];
        }
    }
}
