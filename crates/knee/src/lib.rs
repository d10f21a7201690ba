//! The activation functions of neural networks, computed exactly: values, derivatives, backward, and the facts about them.
//!
//! # One function
//!
//! A [`Function`] is a name and its parameters. It gives values, derivatives and the product with an upstream gradient, on
//! numbers and on slices of [`f32`] and [`f64`], and with the feature `half` of `half::f16` and `half::bf16`:
//!
//! ```
//! use knee::Function;
//!
//! let gelu = Function::parse("gelu")?;
//! assert_eq!(gelu.value(-10.0_f32), -7.619853e-23);
//!
//! let leaky: Function = "leaky_relu(negative_slope=0.25)".parse()?;
//! let x = [-2.0_f32, 0.0, 3.0];
//! let (mut y, mut dx) = ([0.0; 3], [0.0; 3]);
//! leaky.forward(&x, &mut y);
//! leaky.backward(&x, &[1.0, 1.0, 10.0], &mut dx);
//! assert_eq!(y, [-0.5, 0.0, 3.0]);
//! assert_eq!(dx, [0.25, 0.25, 10.0]);
//! # Ok::<(), knee::ParseError>(())
//! ```
//!
//! # What to expect of a result
//!
//! - It is within [`Budget`] of the true one: about half a unit in the last place, in the tails as well, values and derivatives.
//! - NaN gives NaN. At an infinity the result is the limit, and NaN where there is none.
//! - At a kink the derivative is the declared one: see [`Kink`]. `-0.0` and subnormal numbers are numbers like any other.
//! - It has the same bits alone and in a slice of any length, with whatever instructions the processor has, on every machine.
//! - Slices whose lengths differ panic with both lengths. Nothing else panics.
//!
//! # Facts
//!
//! ```
//! use knee::{Function, Tail};
//!
//! let facts = Function::parse("relu")?.facts();
//! assert_eq!(facts.left, Tail::Saturates { limit: 0.0 });
//! assert!(facts.flat[0].contains(-1.0));
//! assert_eq!((facts.kinks[0].at, facts.kinks[0].slope), (0.0, 0.0));
//! # Ok::<(), knee::ParseError>(())
//! ```
//!
//! # Initialisation
//!
//! The gain that keeps the second moment from layer to layer follows from the function's own moments; He's 2 is the case of
//! ReLU:
//!
//! ```
//! use knee::{Fan, Function};
//!
//! let relu = Function::parse("relu")?;
//! assert!((relu.gain() - 2.0_f64.sqrt()).abs() < 1e-12);
//! let variance = Fan::dense(512, 256).variance(relu.gain());
//! assert!((variance - 2.0 / 512.0).abs() < 1e-12);
//! # Ok::<(), knee::ParseError>(())
//! ```
//!
//! [`Initializer`] draws weights of such a variance from a seed.
//!
//! # Otherwise than by default
//!
//! [`Function::kernel`] gives the same function in another [`Tier`], with JAX's slopes at kinks, into storage that is not
//! initialised, in place, or from the output; with the feature `rayon` over threads.
//!
//! [`Kernel::forward_biased`] and its kin join a function with a bias, a residual or what is counted behind it: see [`fused`].
//!
//! # Rows, gates, draws, losses, and learned parameters
//!
//! Softmax and its kin mix the elements of a row: see [`RowFunction`] and [`LogSumExp`]. Units such as `SwiGLU` multiply two halves:
//! see [`gated`]. Others change the number of channels, [`channels`], or draw numbers from a seed, [`random`]. `PReLU`, Snake and
//! others have parameters that are learned: see [`learned`]. Losses come with their gradient, from logits: see [`losses`].
//!
//! ```
//! use knee::losses::{CrossEntropy, Target};
//!
//! let logits = [0.0_f32, -17.5, -40.0];
//! let (mut loss, mut gradient) = ([0.0], [0.0; 3]);
//! let cross_entropy = CrossEntropy::default();
//! cross_entropy.loss_and_gradient(&logits, 3, Target::Classes(&[0]), &mut loss, &mut gradient)?;
//! assert_eq!(loss, [2.5109991e-8]);
//! # Ok::<(), knee::losses::LossError>(())
//! ```

#![cfg_attr(not(feature = "std"), no_std)]
#![expect(
    clippy::inline_always,
    reason = "a formula becomes one branch-free loop body only if everything in it is inlined"
)]
#![expect(
    clippy::approx_constant,
    reason = "a constant that is the sum of two numbers is written with both in the same form"
)]

extern crate alloc;

mod activation;
mod axis;
pub mod channels;
mod declare;
mod dual;
mod element;
mod elementary;
mod error;
mod exponentials;
mod facts;
mod foreign;
mod functions;
pub mod fused;
pub mod gated;
#[cfg(feature = "half")]
mod half;
mod init;
mod initializer;
mod kernel;
mod lane;
pub mod learned;
pub mod losses;
mod masked;
mod numbers;
mod pair;
#[cfg(feature = "rayon")]
mod parallel;
pub mod parameters;
pub mod random;
mod rows;
mod rowwise;
mod simd;
mod simplex;
mod slice;
mod text;

pub use activation::{
    About, Activation, Budget, Declaration, Declared, Domain, InSingle, Parameter,
};
pub use axis::Axis;
pub use dual::Dual;
pub use element::Element;
pub use error::{NoOutputForm, ParameterError, ParseError};
pub use facts::{Centre, Facts, Initialisation, Interval, Kink, Monotone, Smoothness, Tail};
pub use foreign::{Attribute, Foreign, Framework, Meaning};
pub use functions::*;
pub use init::{Fan, Moments};
pub use initializer::{Distribution, Initializer};
pub use kernel::{Kernel, Kinks, Tier};
pub use lane::{Exponential, Lane, Polynomial};
pub use masked::{Mask, Masked};
pub use pair::Pair;
#[cfg(feature = "rayon")]
pub use parallel::{Parallel, ParallelRows};
pub use rows::*;
pub use simd::{Level, Register};

/// The examples of the README run with the documentation's tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
