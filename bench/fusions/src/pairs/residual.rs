//! A residual and an activation.

use knee::{Kernel, Tier};

use super::kernel;
use crate::arrays::Slices;
use crate::case::{Agreement, Case, Direction, Pair, numbers};
use crate::number::Number;
use crate::steps;

struct Sum<'a, T> {
    kernel: Kernel,
    direction: Direction,
    x: &'a [T],
    residual: &'a [T],
    dy: &'a [T],
    /// The value, or the gradient in both.
    result: &'a mut [T],
    sums: &'a mut [T],
}

impl<'a, T: Number> Sum<'a, T> {
    fn new(kernel: Kernel, direction: Direction, slices: Slices<'a, T>) -> Self {
        let elements = slices.elements;
        let [x, residual, dy] = slices.inputs.map(|input| &input[..elements]);
        let [result, sums, _, _] = slices.outputs.map(|output| &mut output[..elements]);
        steps::add(x, residual, sums);
        Self {
            kernel,
            direction,
            x,
            residual,
            dy,
            result,
            sums,
        }
    }
}

impl<T: Number> Pair for Sum<'_, T> {
    fn fused(&mut self) {
        if self.direction == Direction::Forward {
            self.kernel.forward_sum(self.x, self.residual, self.result);
        } else {
            self.kernel
                .backward_sum(self.x, self.residual, self.dy, self.result);
        }
    }

    fn unfused(&mut self) {
        if self.direction != Direction::Kept {
            steps::add(self.x, self.residual, self.sums);
        }
        if self.direction == Direction::Forward {
            self.kernel.forward(self.sums, self.result);
        } else {
            self.kernel.backward(self.sums, self.dy, self.result);
        }
    }

    fn results(&self) -> Vec<Vec<f64>> {
        numbers(&[self.result])
    }
}

/// A function of a sum, in each direction.
pub(super) fn cases<T: Number>(name: &'static str, tier: Tier) -> Vec<Case<T>> {
    let kernel = kernel(name, tier);
    let directions = [Direction::Forward, Direction::Backward, Direction::Kept];
    let case = |direction| Case {
        fusion: "residual",
        function: name,
        direction,
        tier,
        row: None,
        parts: 1,
        agreement: Agreement::Bits,
        pair: Box::new(move |slices| Box::new(Sum::new(kernel, direction, slices))),
    };
    directions.map(case).into()
}
