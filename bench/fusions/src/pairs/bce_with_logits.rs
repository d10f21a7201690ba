//! Binary cross-entropy from logits with its gradient.

use knee::losses::{Bce, BceWithLogits};
use knee::{Kernel, Tier};

use super::kernel;
use crate::arrays::Slices;
use crate::case::{Agreement, Case, Direction, Pair, numbers};
use crate::steps;

struct Sides<'a> {
    sigmoid: Kernel,
    logits: &'a [f32],
    target: &'a [f32],
    loss: [f32; 1],
    gradient: &'a mut [f32],
    probabilities: &'a mut [f32],
}

impl<'a> Sides<'a> {
    fn new(slices: Slices<'a, f32>) -> Self {
        let elements = slices.elements;
        let [logits, other, _] = slices.inputs.map(|input| &input[..elements]);
        let [gradient, probabilities, target, _] =
            slices.outputs.map(|output| &mut output[..elements]);
        for (target, x) in target.iter_mut().zip(other) {
            *target = f32::from(*x > 0.0);
        }
        Self {
            sigmoid: kernel("sigmoid", Tier::Exact),
            logits,
            target,
            loss: [0.0],
            gradient,
            probabilities,
        }
    }
}

impl Pair for Sides<'_> {
    fn fused(&mut self) {
        let loss = BceWithLogits::default();
        loss.loss_and_gradient(self.logits, self.target, &mut self.loss, self.gradient)
            .expect("targets between 0 and 1");
    }

    fn unfused(&mut self) {
        self.sigmoid.forward(self.logits, self.probabilities);
        Bce::default()
            .loss(self.probabilities, self.target, &mut self.loss)
            .expect("numbers between 0 and 1");
        let share = 1.0 / self.logits.len() as f32;
        let inputs: [&[f32]; 2] = [self.probabilities, self.target];
        steps::combine(inputs, self.gradient, |p, y| (p - y) * share);
    }

    fn results(&self) -> Vec<Vec<f64>> {
        numbers(&[&self.loss, self.gradient])
    }
}

/// The mean over all elements.
pub(super) fn case() -> Case<f32> {
    Case {
        fusion: "bce_with_logits",
        function: "mean",
        direction: Direction::Loss,
        tier: Tier::Exact,
        row: None,
        parts: 1,
        agreement: Agreement::Largest(1e-6),
        pair: Box::new(|slices| Box::new(Sides::new(slices))),
    }
}
