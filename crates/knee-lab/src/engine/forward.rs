//! From samples to outputs, and back to the gradients of the weights.

use burn::tensor::Tensor;

use super::loss::{Answers, Loss};
use super::net::{Activation, Net, Piece};
use super::norm::SHARE;
use super::tensors::{device, host, indices, matrix};
use super::watch::Watch;
use crate::run::Stop;

/// What a pass is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Batch normalisation uses the batch.
    Training,
    /// Batch normalisation uses what it has seen.
    Inference,
}

/// What a pass leaves besides its result.
#[derive(Debug, Default)]
pub struct Tape {
    /// Mean and variance of each batch normalisation.
    pub(super) norms: Vec<(usize, Tensor<2>, Tensor<2>)>,
}

/// What a pass forward and backward gives.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// The mean loss.
    pub loss: f32,
    /// The outputs, a row for each position that leaves.
    pub outputs: Vec<f32>,
    /// The gradients of the weights, in the order of [`Net::weights`].
    pub of: Vec<Vec<f32>>,
}

/// The value between two pieces.
struct Signal {
    x: Tensor<2>,
    positions: usize,
}

impl Net {
    /// The weights as tensors, whose gradients are wanted or not.
    pub fn leaves(&self, differentiate: bool) -> Vec<Tensor<2>> {
        let leaf = |weights: &super::Weights| {
            let leaf = matrix(weights.values.clone(), weights.shape, differentiate);
            if differentiate {
                leaf.require_grad()
            } else {
                leaf
            }
        };
        self.weights.iter().map(leaf).collect()
    }

    /// The outputs of a pass: a row for each position that leaves. `x` has a row for each position that enters.
    pub fn forward(
        &self,
        leaves: &[Tensor<2>],
        x: Tensor<2>,
        mode: Mode,
        tape: &mut Tape,
        watch: Option<&mut Watch>,
    ) -> Tensor<2> {
        let mut pass = Pass {
            net: self,
            leaves,
            mode,
            tape,
            watch,
        };
        pass.note(self.entering.0, &x);
        let signal = Signal {
            x,
            positions: self.entering.0,
        };
        pass.through(&self.pieces, signal).x
    }

    /// Samples as the rows that enter.
    pub fn enter(&self, inputs: Vec<f32>, differentiate: bool) -> Tensor<2> {
        let width = self.entering.1;
        let rows = inputs.len() / width;
        matrix(inputs, [rows, width], differentiate)
    }

    /// The outputs for samples, without gradients: rows of [`Net::outputs`] numbers.
    pub fn infer(&self, inputs: &[f32]) -> Vec<f32> {
        /// Samples at a time, so that memory does not grow with their number.
        const CHUNK: usize = 512;
        let leaves = self.leaves(false);
        let each = self.entering.0 * self.entering.1;
        let mut outputs = Vec::new();
        for chunk in inputs.chunks(CHUNK * each) {
            let x = self.enter(chunk.to_vec(), false);
            let made = self.forward(&leaves, x, Mode::Inference, &mut Tape::default(), None);
            outputs.extend(host(made));
        }
        outputs
    }

    /// The mean loss on some samples, the outputs, and the gradient of each matrix of weights.
    pub fn gradients(
        &mut self,
        inputs: &[f32],
        answers: &Answers,
        loss: Loss,
        mut watch: Option<&mut Watch>,
    ) -> Result<Gradients, Stop> {
        let leaves = self.leaves(true);
        let x = self.enter(inputs.to_vec(), true);
        let mut tape = Tape::default();
        let outputs = self.forward(&leaves, x, Mode::Training, &mut tape, watch.as_deref_mut());
        let seen = host(outputs.clone());
        let (loss, upstream) = loss.evaluate(&seen, self.outputs(), answers)?;
        let gradients = backward(outputs, upstream, &leaves);
        if let Some(watch) = watch {
            let each = self.entering.0 * self.entering.1;
            watch.finish(inputs.len() / each, &seen, Some((answers, loss)));
        }
        self.take_in(tape);
        Ok(Gradients {
            loss,
            outputs: seen,
            of: gradients,
        })
    }

    /// Takes in what a pass saw of batches.
    pub(super) fn take_in(&mut self, tape: Tape) {
        for (index, mean, variance) in tape.norms {
            for (running, seen) in self.running[index].iter_mut().zip([mean, variance]) {
                for (running, seen) in running.iter_mut().zip(host(seen)) {
                    *running += SHARE * (seen - *running);
                }
            }
        }
    }
}

struct Pass<'a> {
    net: &'a Net,
    leaves: &'a [Tensor<2>],
    mode: Mode,
    tape: &'a mut Tape,
    watch: Option<&'a mut Watch>,
}

impl Pass<'_> {
    fn through(&mut self, pieces: &[Piece], mut signal: Signal) -> Signal {
        for piece in pieces {
            signal = self.piece(piece, signal);
            self.note(signal.positions, &signal.x);
        }
        signal
    }

    /// Every value is counted where it is made.
    fn note(&mut self, positions: usize, x: &Tensor<2>) {
        if let Some(watch) = &mut self.watch {
            watch.value(positions, x);
        }
    }

    fn leaf(&self, index: usize) -> Tensor<2> {
        self.leaves[index].clone()
    }

    fn piece(&mut self, piece: &Piece, Signal { x, positions }: Signal) -> Signal {
        let [rows, width] = x.dims();
        let samples = rows / positions.max(1);
        let mut after = positions;
        let x = match piece {
            Piece::Dense { weight, bias } => {
                let product = x.matmul(self.leaf(*weight));
                match bias {
                    Some(bias) => product + self.leaf(*bias),
                    None => product,
                }
            }
            Piece::Activation { site, what } => self.activation(*site, *what, x, positions),
            Piece::Formula(formula) => formula.forward(x),
            Piece::Window(window) => window.forward(x),
            Piece::Pool(pool) => {
                after = (pool.height / 2) * (pool.width / 2);
                pool.forward(x)
            }
            Piece::Norm(norm) => norm.forward(self.net, x, self.leaves, self.mode, self.tape),
            Piece::Residual(inner) => {
                let branch = self.through(
                    inner,
                    Signal {
                        x: x.clone(),
                        positions,
                    },
                );
                x + branch.x
            }
            Piece::Embedding { table } => {
                let differentiate = x.is_autodiff();
                let tokens = host(x).iter().map(|token| *token as i64).collect();
                self.leaf(*table).select(0, indices(tokens, differentiate))
            }
            Piece::Positions { table } => {
                let wide = x.reshape([samples, positions * width]);
                let added = wide + self.leaf(*table).reshape([1, positions * width]);
                added.reshape([rows, width])
            }
            Piece::Attention(attention) => attention.forward(x, self.leaves),
            Piece::Lstm(lstm) => {
                after = 1;
                lstm.forward(x, self.leaves)
            }
            Piece::Flatten => {
                after = 1;
                x.reshape([samples, positions * width])
            }
            Piece::Average => {
                after = 1;
                x.reshape([samples, positions, width])
                    .mean_dim(1)
                    .reshape([samples, width])
            }
        };
        Signal {
            x,
            positions: after,
        }
    }

    fn activation(
        &mut self,
        site: usize,
        what: Activation,
        z: Tensor<2>,
        positions: usize,
    ) -> Tensor<2> {
        let a = match what {
            Activation::Element(function) => knee_burn::activation(z.clone(), function),
            Activation::Prelu(slope) => {
                let [_, units] = z.dims();
                knee_burn::prelu(z.clone(), self.leaf(slope).reshape([units]))
            }
            Activation::Rows(function) => knee_burn::rows(z.clone(), function, 1),
        };
        match &mut self.watch {
            Some(watch) => watch.site(site, positions, z, a),
            None => a,
        }
    }
}

/// The gradient of a weighted sum of the outputs with respect to the weights; 0 where none arrives.
pub fn backward(outputs: Tensor<2>, upstream: Vec<f32>, leaves: &[Tensor<2>]) -> Vec<Vec<f32>> {
    let shape = outputs.dims();
    let upstream = Tensor::from_data(
        burn::tensor::TensorData::new(upstream, shape),
        &device(true),
    );
    let mut gradients = (outputs * upstream).sum().backward();
    let gradient = |leaf: &Tensor<2>| match leaf.grad_remove(&mut gradients) {
        Some(gradient) => host(gradient),
        None => vec![0.0; leaf.dims().iter().product()],
    };
    leaves.iter().map(gradient).collect()
}
