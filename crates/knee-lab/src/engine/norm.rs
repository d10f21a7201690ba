//! Normalising layers.

use burn::tensor::Tensor;

use super::forward::{Mode, Tape};
use super::net::Net;
use super::tensors::matrix;

/// Added to variances.
const EPSILON: f64 = 1e-5;
/// The share of a batch in the running mean and variance.
pub(super) const SHARE: f32 = 0.1;

/// What is normalised over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Over {
    /// All positions of all samples, unit by unit.
    Batch,
    /// The units of a position.
    Units,
}

/// A normalising layer with its scale and shift.
#[derive(Clone, Copy, Debug)]
pub(super) struct Norm {
    pub(super) over: Over,
    pub(super) gamma: usize,
    pub(super) beta: usize,
    /// Index of the running mean and variance.
    pub(super) running: usize,
}

impl Norm {
    pub(super) fn forward(
        &self,
        net: &Net,
        x: Tensor<2>,
        leaves: &[Tensor<2>],
        mode: Mode,
        tape: &mut Tape,
    ) -> Tensor<2> {
        let normal = match (self.over, mode) {
            (Over::Batch, Mode::Inference) => {
                let [mean, variance] = &net.running[self.running];
                let row =
                    |values: &Vec<f32>| matrix(values.clone(), [1, values.len()], x.is_autodiff());
                (x.clone() - row(mean)) / (row(variance) + EPSILON).sqrt()
            }
            (over, _) => {
                let axis = usize::from(over == Over::Units);
                let mean = x.clone().mean_dim(axis);
                let centred = x - mean.clone();
                let variance = (centred.clone() * centred.clone()).mean_dim(axis);
                if over == Over::Batch {
                    tape.norms.push((self.running, mean, variance.clone()));
                }
                centred / (variance + EPSILON).sqrt()
            }
        };
        normal * leaves[self.gamma].clone() + leaves[self.beta].clone()
    }
}
