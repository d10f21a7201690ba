//! Softmax of scaled and masked scores: the weights of attention.

use knee::{Mask, Masked, RowFunction, RowKernel, Tier};

use crate::arrays::Slices;
use crate::case::{Agreement, Case, Direction, Pair, numbers};
use crate::steps;

/// The lengths of rows.
const ROWS: [usize; 2] = [128, 4096];
/// Of heads with 128 elements.
const SCALE: f32 = 0.088_388_35;

struct Attention<'a> {
    softmax: RowKernel,
    direction: Direction,
    row: usize,
    scores: &'a [f32],
    /// Each row sees the elements up to its own place.
    keep: Vec<bool>,
    dy: &'a [f32],
    /// The weights, or the gradient in the scores.
    result: &'a mut [f32],
    weights: &'a mut [f32],
    scaled: &'a mut [f32],
}

impl<'a> Attention<'a> {
    fn new(tier: Tier, row: usize, direction: Direction, slices: Slices<'a, f32>) -> Self {
        let elements = slices.elements;
        let [scores, _, dy] = slices.inputs.map(|input| &input[..elements]);
        let [result, weights, scaled, _] = slices.outputs.map(|output| &mut output[..elements]);
        let sees = |index: usize| index % row <= index / row % row;
        let mut pair = Self {
            softmax: RowFunction::Softmax.kernel().tier(tier),
            direction,
            row,
            scores,
            keep: (0..elements).map(sees).collect(),
            dy,
            result,
            weights,
            scaled,
        };
        pair.forward_in_steps();
        pair.weights.copy_from_slice(pair.result);
        pair
    }

    fn forward_in_steps(&mut self) {
        steps::scale(self.scores, SCALE, self.scaled);
        steps::mask(self.scaled, &self.keep);
        self.softmax.forward(self.scaled, self.row, self.result);
    }
}

impl Pair for Attention<'_> {
    fn fused(&mut self) {
        let mask = Mask {
            keep: Some(&self.keep),
            empty: Masked::Zero,
        };
        let (softmax, row) = (self.softmax.scale(f64::from(SCALE)), self.row);
        if self.direction == Direction::Forward {
            softmax.forward_masked(self.scores, mask, row, self.result);
        } else {
            softmax.backward_from_output(self.weights, self.dy, row, self.result);
        }
    }

    fn unfused(&mut self) {
        if self.direction == Direction::Forward {
            self.forward_in_steps();
        } else {
            self.softmax
                .backward_from_output(self.weights, self.dy, self.row, self.scaled);
            steps::scale(self.scaled, SCALE, self.result);
        }
    }

    fn results(&self) -> Vec<Vec<f64>> {
        numbers(&[self.result])
    }
}

/// Each length of rows, in both directions.
pub(super) fn cases(tier: Tier) -> Vec<Case<f32>> {
    let mut cases = Vec::new();
    for row in ROWS {
        for direction in [Direction::Forward, Direction::Backward] {
            cases.push(Case {
                fusion: "softmax",
                function: "softmax",
                direction,
                tier,
                row: Some(row),
                parts: 1,
                agreement: Agreement::Largest(1e-6),
                pair: Box::new(move |slices| {
                    Box::new(Attention::new(tier, row, direction, slices))
                }),
            });
        }
    }
    cases
}
