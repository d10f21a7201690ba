//! A recurrent layer with gates.

use burn::tensor::Tensor;
use knee::Function;

use super::net::{Net, Piece};
use super::tensors::host;

/// The functions of a recurrent layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gates {
    /// Of the input, forget and output gates; sigmoid in an LSTM.
    pub gate: Function,
    /// Of the candidate and of the state that leaves; tanh in an LSTM.
    pub candidate: Function,
}

/// An LSTM, by the indices of its weights: the columns are the gates input, forget, output and the candidate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lstm {
    pub(super) hidden: usize,
    pub(super) length: usize,
    pub(super) gates: Gates,
    pub(super) input: usize,
    pub(super) bias: usize,
    pub(super) state: usize,
}

impl Lstm {
    /// `[samples * length, width]` to `[samples, hidden]`, what the last step shows.
    pub(super) fn forward(&self, x: Tensor<2>, leaves: &[Tensor<2>]) -> Tensor<2> {
        self.steps(x, leaves, |_| ())
    }

    /// The same; `each` sees the state after each step.
    fn steps(
        &self,
        x: Tensor<2>,
        leaves: &[Tensor<2>],
        mut each: impl FnMut(&Tensor<2>),
    ) -> Tensor<2> {
        let [rows, width] = x.dims();
        let samples = rows / self.length;
        // The steps are cut from the input, which is narrow and often needs no gradient, and not from what the gates read of it:
        // the gradient of a cut is as large as what it was cut from.
        let x = x.reshape([samples, self.length * width]);
        let mut held: Option<Tensor<2>> = None;
        let mut shown: Option<Tensor<2>> = None;
        for at in 0..self.length {
            let entering = x.clone().narrow(1, at * width, width);
            let mut z = entering.matmul(leaves[self.input].clone()) + leaves[self.bias].clone();
            if let Some(shown) = shown.take() {
                z = z + shown.matmul(leaves[self.state].clone());
            }
            let gates =
                knee_burn::activation(z.clone().narrow(1, 0, 3 * self.hidden), self.gates.gate);
            let gate = |index: usize| gates.clone().narrow(1, index * self.hidden, self.hidden);
            let candidate = knee_burn::activation(
                z.narrow(1, 3 * self.hidden, self.hidden),
                self.gates.candidate,
            );
            let written = gate(0) * candidate;
            let now = match held.take() {
                Some(held) => held * gate(1) + written,
                None => written,
            };
            each(&now);
            shown = Some(knee_burn::activation(now.clone(), self.gates.candidate) * gate(2));
            held = Some(now);
        }
        shown.unwrap_or_else(|| Tensor::zeros([samples, self.hidden], &x.device()))
    }
}

impl Net {
    /// The largest absolute value in the state of a recurrent layer after each step, over all samples and units; infinite where the
    /// state is not finite. Nothing unless the network begins with such a layer.
    pub fn recurrent_states(&self, inputs: &[f32]) -> Vec<f64> {
        let Some(Piece::Lstm(lstm)) = self.pieces.first() else {
            return Vec::new();
        };
        let mut largest = Vec::with_capacity(lstm.length);
        let of = |x: f32| {
            if x.is_finite() {
                f64::from(x).abs()
            } else {
                f64::INFINITY
            }
        };
        let x = self.enter(inputs.to_vec(), false);
        lstm.steps(x, &self.leaves(false), |state| {
            let state = host(state.clone());
            largest.push(state.into_iter().map(of).fold(0.0, f64::max));
        });
        largest
    }
}
