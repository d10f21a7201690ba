use burn::backend::Dispatch;
use burn::tensor::Tensor;
use knee::{Kernel, RowFunction, learned::Channels};

use crate::{KneeOps, Sink};

/// `f(x)`, element by element; its gradient is `dy * f'(x)` by knee's backward kernel.
///
/// The function is a [`Function`](knee::Function), one of its types such as [`Gelu`](knee::Gelu), or a [`Kernel`], which chooses the
/// tier and the convention at kinks.
pub fn activation<const D: usize>(x: Tensor<D>, function: impl Into<Kernel>) -> Tensor<D> {
    Tensor::from_dispatch(Dispatch::knee_activation(
        x.into_dispatch(),
        function.into(),
    ))
}

/// A function of the rows along the axis `dim`.
///
/// # Panics
///
/// When `dim` is not an axis of `x`.
pub fn rows<const D: usize>(x: Tensor<D>, function: RowFunction, dim: usize) -> Tensor<D> {
    assert!(dim < D, "axis {dim} of a tensor with {D} axes");
    Tensor::from_dispatch(Dispatch::knee_rows(x.into_dispatch(), function, dim))
}

/// Softmax along the axis `dim`.
///
/// # Panics
///
/// When `dim` is not an axis of `x`.
pub fn softmax<const D: usize>(x: Tensor<D>, dim: usize) -> Tensor<D> {
    rows(x, RowFunction::Softmax, dim)
}

/// The logarithm of softmax along the axis `dim`.
///
/// # Panics
///
/// When `dim` is not an axis of `x`.
pub fn log_softmax<const D: usize>(x: Tensor<D>, dim: usize) -> Tensor<D> {
    rows(x, RowFunction::LogSoftmax, dim)
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
