//! A gated unit of one array that holds both halves.

use knee::gated::{GatedFunction, Layout};
use knee::{Kernel, Tier};

use super::{gated, kernel};
use crate::arrays::Slices;
use crate::case::{Case, Direction, Pair, numbers};
use crate::number::Number;
use crate::steps;

/// The length of the rows of a result; those of the input are twice as long.
const ROW: usize = 4096;

struct Packed<'a, T> {
    unit: GatedFunction,
    activation: Kernel,
    layout: Layout,
    direction: Direction,
    x: &'a [T],
    dy: &'a [T],
    y: &'a mut [T],
    dx: &'a mut [T],
    /// Room for the gate and the other half, if they alternate: each as long as a result.
    halves: &'a mut [T],
    /// Room for the activation and the product in it, or for the gradients of both halves.
    steps: &'a mut [T],
}

impl<'a, T: Number> Packed<'a, T> {
    fn new(
        (unit, activation, layout): (GatedFunction, Kernel, Layout),
        direction: Direction,
        slices: Slices<'a, T>,
    ) -> Self {
        let elements = slices.elements;
        let [x, _, dy] = slices.inputs;
        let [y, dx, halves, steps] = slices.outputs;
        let (x, dy) = (&x[..2 * elements], &dy[..elements]);
        let y = &mut y[..elements];
        let [dx, halves, steps] = [dx, halves, steps].map(|output| &mut output[..2 * elements]);
        Self {
            unit,
            activation,
            layout,
            direction,
            x,
            dy,
            y,
            dx,
            halves,
            steps,
        }
    }

    /// The steps over rows whose halves follow one another: each goes over all rows, and no half is copied.
    fn in_halves(&mut self) {
        let rows = || self.x.chunks(2 * ROW).map(|row| row.split_at(ROW));
        let (activated, product) = self.steps.split_at_mut(self.dy.len());
        for ((gate, _), activated) in rows().zip(activated.chunks_mut(ROW)) {
            self.activation.forward(gate, activated);
        }
        if self.direction == Direction::Forward {
            let results = activated.chunks(ROW).zip(self.y.chunks_mut(ROW));
            for ((_, up), (activated, y)) in rows().zip(results) {
                steps::multiply(activated, up, y);
            }
            return;
        }
        let upstream = || self.dy.chunks(ROW);
        for ((activated, dy), dx) in activated
            .chunks(ROW)
            .zip(upstream())
            .zip(self.dx.chunks_mut(2 * ROW))
        {
            steps::multiply(activated, dy, &mut dx[ROW..]);
        }
        for (((_, up), dy), product) in rows().zip(upstream()).zip(product.chunks_mut(ROW)) {
            steps::multiply(up, dy, product);
        }
        for (((gate, _), product), dx) in rows()
            .zip(product.chunks(ROW))
            .zip(self.dx.chunks_mut(2 * ROW))
        {
            self.activation.backward(gate, product, &mut dx[..ROW]);
        }
    }

    /// The steps over elements that alternate: they are copied apart first, and gradients together last.
    fn interleaved(&mut self) {
        let elements = self.dy.len();
        let (gate, up) = self.halves.split_at_mut(elements);
        steps::take_apart(self.x, gate, up);
        let (first, second) = self.steps.split_at_mut(elements);
        self.activation.forward(gate, first);
        if self.direction == Direction::Forward {
            steps::multiply(first, up, self.y);
            return;
        }
        // The other half's gradient, the product, and in place of the other half the gate's gradient.
        steps::multiply(first, self.dy, second);
        steps::multiply(up, self.dy, first);
        self.activation.backward(gate, first, up);
        steps::put_together(up, second, self.dx);
    }
}

impl<T: Number> Pair for Packed<'_, T> {
    fn fused(&mut self) {
        let rows = 2 * ROW;
        if self.direction == Direction::Forward {
            self.unit.forward_packed(self.x, rows, self.layout, self.y);
        } else {
            self.unit
                .backward_packed(self.x, self.dy, rows, self.layout, self.dx);
        }
    }

    fn unfused(&mut self) {
        if self.layout.interleaved {
            self.interleaved();
        } else {
            self.in_halves();
        }
    }

    fn results(&self) -> Vec<Vec<f64>> {
        if self.direction == Direction::Forward {
            numbers(&[self.y])
        } else {
            numbers(&[self.dx])
        }
    }
}

/// A unit in both layouts and directions.
pub(super) fn cases<T: Number>(unit: &'static str, activation: &str) -> Vec<Case<T>> {
    let kernel = kernel(activation, Tier::Exact);
    let function = GatedFunction::parse(unit).expect("a unit of knee");
    let mut cases = Vec::new();
    for (fusion, layout) in [
        ("halves", Layout::GATE_FIRST),
        ("interleaved", Layout::INTERLEAVED),
    ] {
        for direction in [Direction::Forward, Direction::Backward] {
            let way = (function, kernel, layout);
            cases.push(Case {
                fusion,
                function: unit,
                direction,
                tier: Tier::Exact,
                row: Some(ROW),
                parts: 2,
                agreement: gated::agreement::<T>(),
                pair: Box::new(move |slices: Slices<'_, T>| {
                    Box::new(Packed::new(way, direction, slices))
                }),
            });
        }
    }
    cases
}
