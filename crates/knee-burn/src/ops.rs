use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, backend_extension};
use knee::{Kernel, RowFunction, learned::Channels};

use crate::Sink;

/// The functions of `knee` as operations of a Burn backend.
///
/// Implemented for Flex and for `Autodiff` over any backend that offers [`KneeKernels`](crate::KneeKernels).
#[backend_extension(Autodiff, Flex)]
pub trait KneeOps: Backend {
    /// `f(x)`, element by element; the gradient is `dy * f'(x)`.
    fn knee_activation(x: FloatTensor<Self>, kernel: Kernel) -> FloatTensor<Self>;

    /// A function of the rows along the axis `dim`.
    fn knee_rows(x: FloatTensor<Self>, function: RowFunction, dim: usize) -> FloatTensor<Self>;

    /// PReLU with its learned slope; `x` laid out as `[outer, channels.count, channels.inner]`.
    fn knee_prelu(
        x: FloatTensor<Self>,
        slope: FloatTensor<Self>,
        channels: Channels,
    ) -> FloatTensor<Self>;

    /// The same values; in the backward pass, `sink` is handed the gradient of the loss with respect to them.
    fn knee_observe(x: FloatTensor<Self>, sink: Sink) -> FloatTensor<Self>;
}
