//! The functions of [`knee`] as operations of [candle](candle_core), forward and backward, for tensors on the CPU.
//!
//! Values and gradients are knee's, bit for bit, in f16, bf16, f32 and f64, and computed over the threads of rayon's pool, as
//! candle's own are.
//!
//! # The swap
//!
//! One line for another:
//!
//! | candle | knee |
//! |---|---|
//! | `x.relu()?` | `x.knee("relu")?` |
//! | `x.gelu_erf()?` | `x.knee("gelu")?` |
//! | `x.gelu()?` | `x.knee("gelu_tanh")?` |
//! | `x.silu()?` | `x.knee("silu")?` |
//! | `x.tanh()?` | `x.knee("tanh")?` |
//! | `x.elu(0.5)?` | `x.knee("elu(alpha=0.5)")?` |
//! | `candle_nn::ops::leaky_relu(&x, 0.1)?` | `x.knee("leaky_relu(negative_slope=0.1)")?` |
//! | `candle_nn::ops::softmax(&x, D::Minus1)?` | `knee_candle::softmax(&x, D::Minus1)?` |
//! | `candle_nn::ops::log_softmax(&x, 1)?` | `knee_candle::log_softmax(&x, 1)?` |
//! | `candle_nn::ops::swiglu(&x)?` | `knee_candle::gated_packed(&x, GatedFunction::Swiglu, Layout::GATE_FIRST, D::Minus1)?` |
//!
//! ```
//! use candle_core::{Device, Var};
//! use knee_candle::Knee;
//!
//! let x = Var::new(&[-6.0_f32, 0.5, 2.0], &Device::Cpu)?;
//! let y = x.knee("gelu")?;
//! let gradients = y.sum_all()?.backward()?;
//! let dx = gradients.get(&x).unwrap().to_vec1::<f32>()?;
//!
//! let gelu = knee::Function::parse("gelu").unwrap();
//! assert_eq!(y.to_vec1::<f32>()?, [-6.0_f32, 0.5, 2.0].map(|x| gelu.value(x)));
//! assert_eq!(dx, [-6.0_f32, 0.5, 2.0].map(|x| gelu.derivative(x)));
//!
//! // At -6 candle's own formula has lost every digit.
//! assert_eq!(x.gelu_erf()?.to_vec1::<f32>()?[0], 0.0);
//! assert_eq!(y.to_vec1::<f32>()?[0], -5.9195258e-9);
//! # Ok::<(), candle_core::Error>(())
//! ```
//!
//! # In a network
//!
//! [`Activation`] is a [`candle_core::Module`]. It is made of a name, a [`Function`](knee::Function), or a
//! [`Kernel`](knee::Kernel), which chooses the tier:
//!
//! ```
//! use candle_core::{Device, Module, Tensor};
//! use knee::{Function, Tier};
//! use knee_candle::Activation;
//!
//! let mish = Function::parse("mish").unwrap();
//! let fast = Activation::from(mish.kernel().tier(Tier::Fast));
//! let y = fast.forward(&Tensor::new(&[[0.5_f32, -1.0]], &Device::Cpu)?)?;
//! assert_eq!(y.dims(), [1, 2]);
//! # Ok::<(), candle_core::Error>(())
//! ```
//!
//! # What is refused
//!
//! Integers, and tensors on a GPU: the error says what was found and what to do. Derivatives of derivatives: candle's own
//! backward pass does not record itself.

mod activation;
mod blocks;
mod gated;
mod numbers;
mod places;
mod refusal;
mod rows;
mod tensor;

pub use activation::Activation;
pub use gated::{Gated, GatedPacked};
pub use rows::Rows;
pub use tensor::{Knee, gated, gated_packed, log_softmax, rows, softmax};
