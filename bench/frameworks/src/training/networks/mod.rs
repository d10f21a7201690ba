//! The networks, one file each, and what they are given.

mod cnn;
mod mlp;
mod transformer;

pub(super) use cnn::Cnn;
pub(super) use mlp::Mlp;
pub(super) use transformer::Transformer;

use burn::tensor::{DType, Device, Int, Tensor, TensorData};

use crate::values::normal;

/// Normally distributed samples.
fn samples<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    let numbers = normal(shape.iter().product(), 1.0, 3);
    Tensor::from_data(TensorData::new(numbers, shape), (device, DType::F32))
}

/// Whole numbers below a bound, in an order without a pattern.
fn classes(count: usize, bound: i64, device: &Device) -> Tensor<1, Int> {
    let numbers: Vec<i64> = (0..count as i64)
        .map(|index| index * index * 31 % 8191 % bound)
        .collect();
    Tensor::from_data(TensorData::new(numbers, [count]), device)
}
