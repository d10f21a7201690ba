//! Four convolutions with SiLU on 32 images of 3x32x32, halved by maxima after the second and the fourth.

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig};
use burn::nn::pool::{MaxPool2d, MaxPool2dConfig};
use burn::nn::{Linear, LinearConfig, PaddingConfig2d};
use burn::tensor::{Device, Int, Tensor};

use super::{classes, samples};
use crate::training::{Network, Side};

const BATCH: usize = 32;

#[derive(Module, Debug)]
pub(in crate::training) struct Cnn {
    first: Conv2d,
    second: Conv2d,
    third: Conv2d,
    fourth: Conv2d,
    halve: MaxPool2d,
    last: Linear,
}

impl Network for Cnn {
    type Batch = Tensor<4>;

    fn new(device: &Device) -> Self {
        let convolution = |inputs, outputs| {
            Conv2dConfig::new([inputs, outputs], [3, 3])
                .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                .init(device)
        };
        Self {
            first: convolution(3, 32),
            second: convolution(32, 32),
            third: convolution(32, 64),
            fourth: convolution(64, 64),
            halve: MaxPool2dConfig::new([2, 2]).with_strides([2, 2]).init(),
            last: LinearConfig::new(64 * 8 * 8, 10).init(device),
        }
    }

    fn batch(device: &Device) -> (Tensor<4>, Tensor<1, Int>) {
        let images = samples([BATCH, 3, 32, 32], device);
        (images, classes(BATCH, 10, device))
    }

    fn logits(&self, x: Tensor<4>, side: Side) -> Tensor<2> {
        let x = side.silu(self.first.forward(x));
        let x = side.silu(self.second.forward(x));
        let x = self.halve.forward(x);
        let x = side.silu(self.third.forward(x));
        let x = side.silu(self.fourth.forward(x));
        let x = self.halve.forward(x);
        self.last.forward(x.flatten(1, 3))
    }
}
