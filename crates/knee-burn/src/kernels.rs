use burn::backend::Backend;
use burn::backend::tensor::FloatTensor;
use knee::{Kernel, RowFunction, learned::Channels};

use crate::HostTensor;

/// The kernels that a backend offers to [`KneeOps`](crate::KneeOps): each function with its backward.
///
/// They never record anything on the tape; recording is the business of `Autodiff`.
pub trait KneeKernels: Backend {
    /// `f(x)`, element by element; in the buffer of `x` if nobody else holds it.
    fn function_forward(x: FloatTensor<Self>, kernel: Kernel) -> FloatTensor<Self>;

    /// `dy * f'(x)`, element by element; in the buffer of `dy` if nobody else holds it. `x` and `dy` have the same shape.
    fn function_backward(
        x: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        kernel: Kernel,
    ) -> FloatTensor<Self>;

    /// A function of the rows along the axis `dim`; in the buffer of `x` if nobody else holds it.
    fn rows_forward(x: FloatTensor<Self>, function: RowFunction, dim: usize) -> FloatTensor<Self>;

    /// The gradient of [`rows_forward`](Self::rows_forward) from its output `y`; in the buffer of `dy` if nobody
    /// else holds it.
    fn rows_backward(
        y: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        function: RowFunction,
        dim: usize,
    ) -> FloatTensor<Self>;

    /// PReLU: `x` laid out as `[outer, channels.count, channels.inner]`, one slope or one per channel.
    fn prelu_forward(
        x: FloatTensor<Self>,
        slope: FloatTensor<Self>,
        channels: Channels,
    ) -> FloatTensor<Self>;

    /// The gradients of [`prelu_forward`](Self::prelu_forward): for `x` and for the slope.
    fn prelu_backward(
        x: FloatTensor<Self>,
        dy: FloatTensor<Self>,
        slope: FloatTensor<Self>,
        channels: Channels,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// The values of a tensor in row-major order on the host, without a copy where the layout allows.
    fn host_values(x: FloatTensor<Self>) -> HostTensor;
}
