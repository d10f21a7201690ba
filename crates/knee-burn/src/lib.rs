//! The functions of [`knee`] as Burn operations: fused forward and backward, computed by knee's own
//! kernels, so that values and gradients of a Burn network are knee's.
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use knee::Function;
//!
//! let device = Device::flex().autodiff();
//! let x = Tensor::<1>::from_floats([-1.0, 0.5, 2.0], &device).require_grad();
//!
//! let gelu = Function::parse("gelu").unwrap();
//! let y = knee_burn::activation(x.clone(), gelu);
//! let gradients = y.sum().backward();
//!
//! let dx = x.grad(&gradients).unwrap().into_data().try_to_vec::<f32>().unwrap();
//! assert_eq!(dx[2], gelu.derivative(2.0_f32));
//! ```
//!
//! # The swap
//!
//! One line for another:
//!
//! | Burn | knee |
//! |---|---|
//! | `activation::relu(x)` | `knee_burn::activation(x, Relu::default())` |
//! | `activation::gelu(x)` | `knee_burn::activation(x, Gelu::default())` |
//! | `activation::gelu_approximate(x)` | `knee_burn::activation(x, GeluTanh::default())` |
//! | `activation::leaky_relu(x, 0.1)` | `knee_burn::activation(x, Function::parse("leaky_relu(negative_slope=0.1)")?)` |
//! | `activation::softmax(x, 1)` | `knee_burn::softmax(x, 1)` |
//! | `activation::log_softmax(x, 1)` | `knee_burn::log_softmax(x, 1)` |
//! | `activation::prelu(x, slope)` | `knee_burn::prelu(x, slope)` |
//!
//! In f16, bf16, f32 and f64; over the threads of rayon's pool.
//!
//! # Without copies
//!
//! The kernels read Burn's buffers and write to Burn's buffers. Results go to the input's own buffer if nobody else holds it, and
//! gradients to the upstream gradient's: a chain of activations is computed in one buffer, and so is its backward pass. While
//! training, an input is held until the backward pass unless its output has the same derivative, as ReLU's has; then only
//! the output is kept. A transposed tensor is gone through as it lies.
//!
//! # Layers
//!
//!
//! - [`activation`], [`rows`], [`softmax`], [`log_softmax`], [`prelu`], [`observe`] take Burn's high-level tensors.
//! - [`KneeOps`] is the backend extension below them, for code that works on tensor primitives.
//! - [`KneeKernels`] is what a backend must offer to be extended; it is implemented for Flex.

mod autodiff;
mod buffer;
mod flex;
mod functions;
mod host;
mod kernels;
mod observe;
mod ops;

pub use functions::{activation, log_softmax, observe, prelu, rows, softmax};
pub use host::{HostTensor, HostValues};
pub use kernels::KneeKernels;
pub use observe::{GradientSink, Sink};
pub use ops::KneeOps;
