//! Between host memory and tensors.

use burn::tensor::{Device, Int, Tensor, TensorData};

/// The processor, with or without automatic differentiation.
pub(super) fn device(differentiate: bool) -> Device {
    if differentiate {
        Device::flex().autodiff()
    } else {
        Device::flex()
    }
}

/// A matrix from its rows.
pub fn matrix(values: Vec<f32>, shape: [usize; 2], differentiate: bool) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values, shape), &device(differentiate))
}

/// Indices.
pub(super) fn indices(values: Vec<i64>, differentiate: bool) -> Tensor<1, Int> {
    let count = values.len();
    Tensor::from_data(TensorData::new(values, [count]), &device(differentiate))
}

/// The values of a tensor, row by row.
///
/// # Panics
///
/// When the tensor is not in single precision, as every tensor of the lab is.
pub fn host<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    let values = tensor.into_data().try_to_vec::<f32>();
    values.expect("every tensor of the lab is in single precision")
}
