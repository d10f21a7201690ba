//! A gated unit of two arrays.

use knee::gated::GatedFunction;
use knee::{Kernel, Tier};

use super::kernel;
use crate::arrays::Slices;
use crate::case::{Agreement, Case, Direction, Pair, numbers};
use crate::number::Number;
use crate::steps;

/// The units and their activations.
pub(super) const UNITS: [[&str; 2]; 3] = [["swiglu", "silu"], ["geglu", "gelu"], ["reglu", "relu"]];

/// How near the separate steps, which round the activation before it is multiplied, are to a unit, which does not.
pub(super) fn agreement<T: Number>() -> Agreement {
    let digits = if size_of::<T>() == 2 { 8 } else { 24 };
    Agreement::Relative(2.0_f64.powi(2 - digits))
}

struct Gated<'a, T> {
    unit: GatedFunction,
    activation: Kernel,
    direction: Direction,
    gate: &'a [T],
    up: &'a [T],
    dy: &'a [T],
    /// The value, or the gradient of the gate.
    result: &'a mut [T],
    dup: &'a mut [T],
    activated: &'a mut [T],
    product: &'a mut [T],
}

impl<'a, T: Number> Gated<'a, T> {
    fn new(
        unit: GatedFunction,
        activation: Kernel,
        direction: Direction,
        slices: Slices<'a, T>,
    ) -> Self {
        let elements = slices.elements;
        let [gate, up, dy] = slices.inputs.map(|input| &input[..elements]);
        let [result, dup, activated, product] =
            slices.outputs.map(|output| &mut output[..elements]);
        activation.forward(gate, activated);
        Self {
            unit,
            activation,
            direction,
            gate,
            up,
            dy,
            result,
            dup,
            activated,
            product,
        }
    }
}

impl<T: Number> Pair for Gated<'_, T> {
    fn fused(&mut self) {
        if self.direction == Direction::Forward {
            self.unit.forward(self.gate, self.up, self.result);
        } else {
            self.unit
                .backward(self.gate, self.up, self.dy, self.result, self.dup);
        }
    }

    fn unfused(&mut self) {
        if self.direction != Direction::Kept {
            self.activation.forward(self.gate, self.activated);
        }
        if self.direction == Direction::Forward {
            steps::multiply(self.activated, self.up, self.result);
        } else {
            steps::multiply(self.activated, self.dy, self.dup);
            steps::multiply(self.up, self.dy, self.product);
            self.activation
                .backward(self.gate, self.product, self.result);
        }
    }

    fn results(&self) -> Vec<Vec<f64>> {
        if self.direction == Direction::Forward {
            numbers(&[self.result])
        } else {
            numbers(&[self.result, self.dup])
        }
    }
}

/// A unit in each direction.
pub(super) fn cases<T: Number>(unit: &'static str, activation: &str) -> Vec<Case<T>> {
    let kernel = kernel(activation, Tier::Exact);
    let function = GatedFunction::parse(unit).expect("a unit of knee");
    let directions = [Direction::Forward, Direction::Backward, Direction::Kept];
    let case = |direction| Case {
        fusion: "gated",
        function: unit,
        direction,
        tier: Tier::Exact,
        row: None,
        parts: 2,
        agreement: agreement::<T>(),
        pair: Box::new(move |slices| Box::new(Gated::new(function, kernel, direction, slices))),
    };
    directions.map(case).into()
}
