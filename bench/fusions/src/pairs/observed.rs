//! An activation and what a diagnosis needs to know of it.

use knee::{Kernel, Tier};

use super::kernel;
use crate::arrays::Slices;
use crate::case::{Agreement, Case, Direction, Pair, numbers};
use crate::number::Number;
use crate::steps;

struct Observed<'a, T> {
    kernel: Kernel,
    x: &'a [T],
    y: &'a mut [T],
    /// The zeros, and sum and squares of inputs and outputs.
    seen: [f64; 5],
}

impl<'a, T: Number> Observed<'a, T> {
    fn new(kernel: Kernel, slices: Slices<'a, T>) -> Self {
        let [x, ..] = slices.inputs;
        let [y, ..] = slices.outputs;
        Self {
            kernel,
            x: &x[..slices.elements],
            y: &mut y[..slices.elements],
            seen: [0.0; 5],
        }
    }
}

impl<T: Number> Pair for Observed<'_, T> {
    fn fused(&mut self) {
        let seen = self.kernel.forward_observed(self.x, self.y);
        let (x, y) = (seen.input, seen.output);
        self.seen = [seen.zeros as f64, x.sum, x.squares, y.sum, y.squares];
    }

    fn unfused(&mut self) {
        self.kernel.forward(self.x, self.y);
        let zeros = steps::zeros(self.y) as f64;
        let ([sum, squares], [y_sum, y_squares]) = (steps::moments(self.x), steps::moments(self.y));
        self.seen = [zeros, sum, squares, y_sum, y_squares];
    }

    fn results(&self) -> Vec<Vec<f64>> {
        let mut results = numbers(&[self.y]);
        results.push(self.seen.to_vec());
        results
    }
}

/// A function that is observed.
pub(super) fn case<T: Number>(name: &'static str, tier: Tier) -> Case<T> {
    let kernel = kernel(name, tier);
    Case {
        fusion: "evidence",
        function: name,
        direction: Direction::Forward,
        tier,
        row: None,
        parts: 1,
        agreement: Agreement::Bits,
        pair: Box::new(move |slices: Slices<'_, T>| Box::new(Observed::new(kernel, slices))),
    }
}
