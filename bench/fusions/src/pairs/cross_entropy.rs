//! Cross-entropy with its gradient.

use knee::losses::{CrossEntropy, Nll, Target};
use knee::{RowFunction, Tier};

use crate::arrays::Slices;
use crate::case::{Agreement, Case, Direction, Pair, numbers};
use crate::steps;

/// The sizes of vocabularies.
const CLASSES: [usize; 2] = [32_000, 128_000];
const SMOOTHING: f64 = 0.1;
/// What the losses say of wrong lengths and labels.
const FITTING: &str = "labels and lengths that fit";

struct Sides<'a> {
    classes: usize,
    smoothing: f64,
    logits: &'a [f32],
    labels: Vec<usize>,
    loss: [f32; 1],
    gradient: &'a mut [f32],
    logarithms: &'a mut [f32],
    upstream: &'a mut [f32],
}

impl<'a> Sides<'a> {
    fn new(classes: usize, smoothing: f64, slices: Slices<'a, f32>) -> Self {
        let elements = slices.elements;
        let [logits, _, _] = slices.inputs.map(|input| &input[..elements]);
        let [gradient, logarithms, upstream, _] =
            slices.outputs.map(|output| &mut output[..elements]);
        Self {
            classes,
            smoothing,
            logits,
            labels: (0..elements / classes)
                .map(|row| row * 7919 % classes)
                .collect(),
            loss: [0.0],
            gradient,
            logarithms,
            upstream,
        }
    }
}

impl Pair for Sides<'_> {
    fn fused(&mut self) {
        let loss = CrossEntropy {
            label_smoothing: self.smoothing,
            ..CrossEntropy::default()
        };
        let target = Target::Classes(&self.labels);
        loss.loss_and_gradient(
            self.logits,
            self.classes,
            target,
            &mut self.loss,
            self.gradient,
        )
        .expect(FITTING);
    }

    fn unfused(&mut self) {
        let classes = self.classes;
        RowFunction::LogSoftmax.forward(self.logits, classes, self.logarithms);
        let nll = Nll::default();
        nll.loss_and_gradient(
            self.logarithms,
            classes,
            &self.labels,
            &mut self.loss,
            self.upstream,
        )
        .expect(FITTING);
        if self.smoothing > 0.0 {
            let (kept, elements) = (1.0 - self.smoothing, self.logits.len() as f64);
            let [sum, _] = steps::moments(self.logarithms);
            let smooth = kept * f64::from(self.loss[0]) - self.smoothing * sum / elements;
            self.loss[0] = smooth as f32;
            let (kept, each) = (kept as f32, (self.smoothing / elements) as f32);
            steps::replace(self.upstream, |gradient| kept * gradient - each);
        }
        RowFunction::LogSoftmax.backward_from_output(
            self.logarithms,
            self.upstream,
            classes,
            self.gradient,
        );
    }

    fn results(&self) -> Vec<Vec<f64>> {
        numbers(&[&self.loss, self.gradient])
    }
}

/// Each vocabulary, with and without label smoothing.
pub(super) fn cases() -> Vec<Case<f32>> {
    let mut cases = Vec::new();
    for classes in CLASSES {
        for (function, smoothing) in [("labels", 0.0), ("smoothed labels", SMOOTHING)] {
            cases.push(Case {
                fusion: "cross_entropy",
                function,
                direction: Direction::Loss,
                tier: Tier::Exact,
                row: Some(classes),
                parts: 1,
                agreement: Agreement::Largest(1e-6),
                pair: Box::new(move |slices| Box::new(Sides::new(classes, smoothing, slices))),
            });
        }
    }
    cases
}
