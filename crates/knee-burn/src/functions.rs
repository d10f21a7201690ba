use burn::backend::Dispatch;
use burn::tensor::Tensor;
use knee::{Function, RowFunction, learned::Channels};

use crate::{KneeOps, Sink};

/// `f(x)`, element by element; its gradient is `dy * f'(x)` by knee's backward kernel.
pub fn activation<const D: usize>(x: Tensor<D>, function: Function) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::knee_activation(x.into_dispatch(), function))
}

/// Softmax along the axis `dim`.
///
/// # Panics
///
/// When `dim` is not an axis of `x`.
pub fn softmax<const D: usize>(x: Tensor<D>, dim: usize) -> Tensor<D> {
    rows(x, dim, RowFunction::Softmax)
}

/// The logarithm of softmax along the axis `dim`.
///
/// # Panics
///
/// When `dim` is not an axis of `x`.
pub fn log_softmax<const D: usize>(x: Tensor<D>, dim: usize) -> Tensor<D> {
    rows(x, dim, RowFunction::LogSoftmax)
}

/// PReLU over the channel axis 1 of `[batch, channels, ...]`; `slope` has one value, or one per channel.
///
/// The gradient reaches `x` and `slope`.
///
/// # Panics
///
/// When the number of slopes is neither 1 nor the number of channels.
pub fn prelu<const D: usize>(x: Tensor<D>, slope: Tensor<1>) -> Tensor<D> {
    let shape = x.dims();
    let channels = Channels {
        count: if D > 1 { shape[1] } else { 1 },
        inner: shape.iter().skip(2).product(),
    };
    Tensor::from_dispatch(Dispatch::knee_prelu(
        x.into_dispatch(),
        slope.into_dispatch(),
        channels,
    ))
}

/// The same tensor; in the backward pass, `sink` is handed the gradient of the loss with respect to it.
pub fn observe<const D: usize>(x: Tensor<D>, sink: Sink) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::knee_observe(x.into_dispatch(), sink))
}

/// The kernels work on the last axis; another axis is moved there and back.
fn rows<const D: usize>(x: Tensor<D>, dim: usize, function: RowFunction) -> Tensor<D> {
    assert!(dim < D, "axis {dim} of a tensor with {D} axes");
    let x = x.swap_dims(dim, D - 1);
    let y = Tensor::<D>::from_dispatch(Dispatch::knee_rows(x.into_dispatch(), function));
    y.swap_dims(dim, D - 1)
}
