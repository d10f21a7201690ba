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
//! Three layers:
//!
//! - [`activation`], [`softmax`], [`log_softmax`], [`prelu`], [`observe`] take Burn's high-level tensors.
//! - [`KneeOps`] is the backend extension below them, for code that works on tensor primitives.
//! - [`KneeKernels`] is what a backend must offer to be extended; it is implemented for Flex.

mod autodiff;
mod flex;
mod functions;
mod host;
mod kernels;
mod observe;
mod ops;

pub use functions::{activation, log_softmax, observe, prelu, softmax};
pub use host::{HostTensor, HostValues};
pub use kernels::KneeKernels;
pub use observe::{GradientSink, Sink};
pub use ops::KneeOps;
