//! What users call.

use candle_core::{Error, Result, Tensor, shape::Dim};
use knee::RowFunction;
use knee::gated::{GatedFunction, Layout};

use crate::refusal::Refusal;
use crate::{Activation, Gated, GatedPacked, Rows};

/// knee's element-wise functions as methods of a tensor.
///
/// The function is a name such as `"gelu"` or `"leaky_relu(negative_slope=0.02)"`, a [`Function`](knee::Function), a
/// [`Kernel`](knee::Kernel) or an [`Activation`].
pub trait Knee {
    /// `f(x)`, element by element; the gradient is `dy * f'(x)`, rounded once.
    ///
    /// # Errors
    ///
    /// When there is no function of that name, when the tensor does not hold f16, bf16, f32 or f64, and when it is not on the
    /// CPU.
    fn knee<F>(&self, function: F) -> Result<Tensor>
    where
        F: TryInto<Activation>,
        F::Error: std::fmt::Display;

    /// Replaces each element by the function of it, in the tensor's own storage. Every tensor that shares the storage sees it.
    ///
    /// ```
    /// use candle_core::{Device, Tensor};
    /// use knee_candle::Knee;
    ///
    /// let x = Tensor::new(&[[-1.0_f32, 2.0], [3.0, -4.0]], &Device::Cpu)?;
    /// x.get(1)?.knee_in_place("relu")?;
    /// assert_eq!(x.to_vec2::<f32>()?, [[-1.0, 2.0], [3.0, 0.0]]);
    /// # Ok::<(), candle_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`knee`](Self::knee); and when the tensor is a variable or depends on one, because the backward pass would read
    /// what was overwritten. That another tensor's gradient needs the old values cannot be seen from this one.
    fn knee_in_place<F>(&self, function: F) -> Result<()>
    where
        F: TryInto<Activation>,
        F::Error: std::fmt::Display;
}

impl Knee for Tensor {
    fn knee<F>(&self, function: F) -> Result<Tensor>
    where
        F: TryInto<Activation>,
        F::Error: std::fmt::Display,
    {
        self.apply_op1(function.try_into().map_err(Error::msg)?)
    }

    fn knee_in_place<F>(&self, function: F) -> Result<()>
    where
        F: TryInto<Activation>,
        F::Error: std::fmt::Display,
    {
        let activation = function.try_into().map_err(Error::msg)?;
        if self.track_op() {
            let name = activation.kernel().function().name();
            return Err(Refusal::OnTape.of(name));
        }
        self.inplace_op1(&activation)
    }
}

/// A function of the rows along the axis `dim`.
///
/// ```
/// use candle_core::{D, Device, Tensor};
/// use knee::RowFunction;
///
/// let x = Tensor::new(&[[1.0_f32, 2.0, 8.0]], &Device::Cpu)?;
/// let y = knee_candle::rows(&x, RowFunction::Sparsemax, D::Minus1)?;
/// assert_eq!(y.to_vec2::<f32>()?, [[0.0, 0.0, 1.0]]);
/// # Ok::<(), candle_core::Error>(())
/// ```
///
/// # Errors
///
/// When `x` has no such axis, does not hold f16, bf16, f32 or f64, or is not on the CPU.
#[expect(
    clippy::needless_pass_by_value,
    reason = "an axis is given as to candle's own functions"
)]
pub fn rows<D: Dim>(x: &Tensor, function: RowFunction, dim: D) -> Result<Tensor> {
    let dim = dim.to_index(x.shape(), function.name())?;
    x.apply_op1(Rows::new(function, dim))
}

/// Softmax along the axis `dim`.
///
/// # Errors
///
/// As [`rows`].
pub fn softmax<D: Dim>(x: &Tensor, dim: D) -> Result<Tensor> {
    rows(x, RowFunction::Softmax, dim)
}

/// The logarithm of softmax along the axis `dim`.
///
/// # Errors
///
/// As [`rows`].
pub fn log_softmax<D: Dim>(x: &Tensor, dim: D) -> Result<Tensor> {
    rows(x, RowFunction::LogSoftmax, dim)
}

/// A gated unit of two tensors of the same shape; both get their gradient.
///
/// ```
/// use candle_core::{Device, Tensor};
/// use knee::gated::GatedFunction;
///
/// let gate = Tensor::new(&[-1.0_f32, 2.0], &Device::Cpu)?;
/// let up = Tensor::new(&[3.0_f32, 5.0], &Device::Cpu)?;
/// let y = knee_candle::gated(&gate, &up, GatedFunction::Reglu)?;
/// assert_eq!(y.to_vec1::<f32>()?, [0.0, 10.0]);
/// # Ok::<(), candle_core::Error>(())
/// ```
///
/// # Errors
///
/// When the tensors differ in shape or type, do not hold f16, bf16, f32 or f64, or are not on the CPU.
pub fn gated(gate: &Tensor, up: &Tensor, function: GatedFunction) -> Result<Tensor> {
    gate.apply_op2(up, Gated(function))
}

/// A gated unit of the two halves of the axis `dim`, which the output has half as long.
///
/// ```
/// use candle_core::{D, Device, Tensor};
/// use knee::gated::{GatedFunction, Layout};
///
/// let x = Tensor::new(&[3.0_f32, 5.0, -1.0, 2.0], &Device::Cpu)?;
/// let y = knee_candle::gated_packed(&x, GatedFunction::Reglu, Layout::TORCH, D::Minus1)?;
/// assert_eq!(y.to_vec1::<f32>()?, [0.0, 10.0]);
/// # Ok::<(), candle_core::Error>(())
/// ```
///
/// # Errors
///
/// When the axis has an odd number of elements, and as [`rows`].
#[expect(
    clippy::needless_pass_by_value,
    reason = "an axis is given as to candle's own functions"
)]
pub fn gated_packed<D: Dim>(
    x: &Tensor,
    function: GatedFunction,
    halves: Layout,
    dim: D,
) -> Result<Tensor> {
    let dim = dim.to_index(x.shape(), function.name())?;
    x.apply_op1(GatedPacked::new(function, halves, dim))
}
