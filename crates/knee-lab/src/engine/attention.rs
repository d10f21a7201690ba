//! Causal attention with several heads.

use burn::tensor::{Tensor, TensorData};

use super::tensors::device;

/// Matrices and biases, by index, of what a position asks, offers, says and makes of what it heard.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attention {
    pub(super) heads: usize,
    pub(super) query: (usize, usize),
    pub(super) key: (usize, usize),
    pub(super) value: (usize, usize),
    pub(super) out: (usize, usize),
    pub(super) length: usize,
}

/// What is added to the score of a position that comes later.
const HIDDEN: f32 = -1e9;

impl Attention {
    pub(super) fn forward(&self, x: Tensor<2>, leaves: &[Tensor<2>]) -> Tensor<2> {
        let [rows, width] = x.dims();
        let (samples, head) = (rows / self.length, width / self.heads);
        let project = |x: Tensor<2>, (weight, bias): (usize, usize)| {
            x.matmul(leaves[weight].clone()) + leaves[bias].clone()
        };
        let heads = |x, part| {
            let projected = project(x, part);
            projected
                .reshape([samples, self.length, self.heads, head])
                .swap_dims(1, 2)
        };
        let mask = self.mask(x.is_autodiff());
        let (query, key) = (heads(x.clone(), self.query), heads(x.clone(), self.key));
        let value = heads(x, self.value);
        let scores = query
            .matmul(key.transpose())
            .div_scalar((head as f64).sqrt());
        let scores = scores + mask;
        let heard = knee_burn::softmax(scores, 3).matmul(value);
        let heard = heard.swap_dims(1, 2).reshape([rows, width]);
        project(heard, self.out)
    }

    /// Hides what comes later.
    fn mask(&self, differentiate: bool) -> Tensor<4> {
        let length = self.length;
        let later = (0..length * length).map(|at| {
            if at % length > at / length {
                HIDDEN
            } else {
                0.0
            }
        });
        let data = TensorData::new(later.collect::<Vec<f32>>(), [1, 1, length, length]);
        Tensor::from_data(data, &device(differentiate))
    }
}
