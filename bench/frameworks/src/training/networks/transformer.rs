//! Two layers of attention with 4 heads and of a GELU network, 128 wide, on 8 sequences of 64 bytes; a class for each byte.

use burn::module::Module;
use burn::nn::{Embedding, EmbeddingConfig, LayerNorm, LayerNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor};

use super::classes;
use crate::training::{Network, Side};

const BATCH: usize = 8;
const LENGTH: usize = 64;
const WIDTH: usize = 128;
const HEADS: usize = 4;
const HEAD: usize = WIDTH / HEADS;
const BYTES: usize = 256;

#[derive(Module, Debug)]
pub(in crate::training) struct Transformer {
    embedding: Embedding,
    layers: Vec<Layer>,
    norm: LayerNorm,
    last: Linear,
}

#[derive(Module, Debug)]
struct Layer {
    before_attention: LayerNorm,
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    before_network: LayerNorm,
    wider: Linear,
    narrower: Linear,
}

impl Layer {
    fn new(device: &Device) -> Self {
        let norm = || LayerNormConfig::new(WIDTH).init(device);
        let linear = |inputs, outputs| LinearConfig::new(inputs, outputs).init(device);
        Self {
            before_attention: norm(),
            query: linear(WIDTH, WIDTH),
            key: linear(WIDTH, WIDTH),
            value: linear(WIDTH, WIDTH),
            attended: linear(WIDTH, WIDTH),
            before_network: norm(),
            wider: linear(WIDTH, 4 * WIDTH),
            narrower: linear(4 * WIDTH, WIDTH),
        }
    }

    fn forward(&self, x: Tensor<3>, side: Side) -> Tensor<3> {
        let inner = self.before_attention.forward(x.clone());
        let x = x + self.attention(&inner, side);
        let inner = self.wider.forward(self.before_network.forward(x.clone()));
        x + self.narrower.forward(side.gelu(inner))
    }

    fn attention(&self, x: &Tensor<3>, side: Side) -> Tensor<3> {
        let heads = |linear: &Linear| {
            let projected = linear.forward(x.clone());
            projected
                .reshape([BATCH, LENGTH, HEADS, HEAD])
                .swap_dims(1, 2)
        };
        let (query, key, value) = (heads(&self.query), heads(&self.key), heads(&self.value));
        let scores = query
            .matmul(key.transpose())
            .div_scalar((HEAD as f64).sqrt());
        let mixed = side.softmax(scores).matmul(value);
        self.attended
            .forward(mixed.swap_dims(1, 2).reshape([BATCH, LENGTH, WIDTH]))
    }
}

impl Network for Transformer {
    type Batch = Tensor<2, Int>;

    fn new(device: &Device) -> Self {
        Self {
            embedding: EmbeddingConfig::new(BYTES, WIDTH).init(device),
            layers: (0..2).map(|_| Layer::new(device)).collect(),
            norm: LayerNormConfig::new(WIDTH).init(device),
            last: LinearConfig::new(WIDTH, BYTES).init(device),
        }
    }

    fn batch(device: &Device) -> (Tensor<2, Int>, Tensor<1, Int>) {
        let bytes = classes(BATCH * LENGTH + 1, BYTES as i64, device);
        let next = bytes.clone().narrow(0, 1, BATCH * LENGTH);
        let bytes = bytes.narrow(0, 0, BATCH * LENGTH);
        (bytes.reshape([BATCH, LENGTH]), next)
    }

    fn logits(&self, bytes: Tensor<2, Int>, side: Side) -> Tensor<2> {
        let mut x = self.embedding.forward(bytes);
        for layer in &self.layers {
            x = layer.forward(x, side);
        }
        let logits = self.last.forward(self.norm.forward(x));
        logits.reshape([BATCH * LENGTH, BYTES])
    }
}
