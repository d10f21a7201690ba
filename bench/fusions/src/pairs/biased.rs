//! A bias and an activation.

use knee::{Kernel, Tier};

use super::kernel;
use crate::arrays::Slices;
use crate::case::{Agreement, Case, Direction, Pair, numbers};
use crate::number::Number;
use crate::steps;

/// The length of the bias.
const ROW: usize = 4096;

struct Biased<'a, T> {
    kernel: Kernel,
    direction: Direction,
    x: &'a [T],
    bias: &'a [T],
    dy: &'a [T],
    /// The value, or the gradient in `x`.
    result: &'a mut [T],
    dbias: &'a mut [T],
    sums: &'a mut [T],
    totals: Vec<f64>,
}

impl<'a, T: Number> Biased<'a, T> {
    fn new(kernel: Kernel, direction: Direction, slices: Slices<'a, T>) -> Self {
        let elements = slices.elements;
        let [x, bias, dy] = slices.inputs;
        let [result, dbias, sums, _] = slices.outputs;
        let pair = Self {
            kernel,
            direction,
            x: &x[..elements],
            bias: &bias[..ROW],
            dy: &dy[..elements],
            result: &mut result[..elements],
            dbias: &mut dbias[..ROW],
            sums: &mut sums[..elements],
            totals: vec![0.0; ROW],
        };
        steps::add_row(pair.x, pair.bias, pair.sums);
        pair
    }
}

impl<T: Number> Pair for Biased<'_, T> {
    fn fused(&mut self) {
        if self.direction == Direction::Forward {
            self.kernel.forward_biased(self.x, self.bias, self.result);
        } else {
            self.kernel
                .backward_biased(self.x, self.bias, self.dy, self.result, self.dbias);
        }
    }

    fn unfused(&mut self) {
        if self.direction != Direction::Kept {
            steps::add_row(self.x, self.bias, self.sums);
        }
        if self.direction == Direction::Forward {
            self.kernel.forward(self.sums, self.result);
        } else {
            self.kernel.backward(self.sums, self.dy, self.result);
            steps::sum_rows(self.result, &mut self.totals, self.dbias);
        }
    }

    fn results(&self) -> Vec<Vec<f64>> {
        numbers(&[self.result, self.dbias])
    }
}

/// A function behind a bias, in each direction.
pub(super) fn cases<T: Number>(name: &'static str, tier: Tier) -> Vec<Case<T>> {
    let kernel = kernel(name, tier);
    let directions = [Direction::Forward, Direction::Backward, Direction::Kept];
    let case = |direction| Case {
        fusion: "bias",
        function: name,
        direction,
        tier,
        row: Some(ROW),
        parts: 1,
        agreement: Agreement::Bits,
        pair: Box::new(move |slices| Box::new(Biased::new(kernel, direction, slices))),
    };
    directions.map(case).into()
}
