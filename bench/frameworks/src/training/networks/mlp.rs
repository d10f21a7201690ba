//! 784-512-512-10 with GELU, on 128 samples.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor};

use super::{classes, samples};
use crate::training::{Network, Side};

const BATCH: usize = 128;

#[derive(Module, Debug)]
pub(in crate::training) struct Mlp {
    first: Linear,
    second: Linear,
    last: Linear,
}

impl Network for Mlp {
    type Batch = Tensor<2>;

    fn new(device: &Device) -> Self {
        let linear = |inputs, outputs| LinearConfig::new(inputs, outputs).init(device);
        Self {
            first: linear(784, 512),
            second: linear(512, 512),
            last: linear(512, 10),
        }
    }

    fn batch(device: &Device) -> (Tensor<2>, Tensor<1, Int>) {
        (samples([BATCH, 784], device), classes(BATCH, 10, device))
    }

    fn logits(&self, x: Tensor<2>, side: Side) -> Tensor<2> {
        let x = side.gelu(self.first.forward(x));
        let x = side.gelu(self.second.forward(x));
        self.last.forward(x)
    }
}
